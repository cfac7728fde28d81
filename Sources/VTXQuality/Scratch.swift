// Rows of sums, from which activity in large frames is made.

/// Rows of sums of two samples, for one thread.
final class Scratch {
    let inner: UnsafeMutablePointer<Int16>
    let middle: UnsafeMutablePointer<Int16>
    let outer: UnsafeMutablePointer<Int16>

    init() {
        func room() -> UnsafeMutablePointer<Int16> {
            let room = UnsafeMutablePointer<Int16>.allocate(capacity: longestRun + 8)
            room.initialize(repeating: 0, count: longestRun + 8)
            return room
        }
        (inner, middle, outer) = (room(), room(), room())
    }

    deinit {
        inner.deallocate()
        middle.deallocate()
        outer.deallocate()
    }

    /// Σ |the filter of `halvedSpace`| at every second sample; the rows begin two samples to the left of the first.
    func filtered(_ count: Int) -> UInt32 {
        var sum: UInt32 = 0
        for index in 0..<count {
            let x = index * 2
            let center = Int32(inner[x + 2]) &+ Int32(inner[x + 3])
            let near =
                Int32(inner[x + 1]) &+ Int32(inner[x + 4]) &+ Int32(middle[x + 2]) &+ Int32(middle[x + 3])
            let diagonal = Int32(middle[x + 1]) &+ Int32(middle[x + 4])
            let far =
                Int32(inner[x]) &+ Int32(inner[x + 5]) &+ Int32(middle[x]) &+ Int32(middle[x + 5])
                &+ Int32(outer[x + 1]) &+ Int32(outer[x + 2]) &+ Int32(outer[x + 3]) &+ Int32(outer[x + 4])
            let value = center &* 12 &- near &* 3 &- diagonal &* 2 &- far
            sum &+= UInt32(bitPattern: max(value, 0 &- value))
        }
        return sum
    }

    /// Σ |difference in time| of sums of 2 × 2 samples: `inner` is the frame, `middle` the one before, `outer` that
    /// before it.
    func changed(_ count: Int, isSecond: Bool) -> UInt32 {
        var sum: UInt32 = 0
        if isSecond {
            for index in 0..<count {
                let x = index * 2
                let value =
                    inner[x] &+ inner[x + 1] &- (middle[x] &+ middle[x + 1]) &* 2 &+ outer[x] &+ outer[x + 1]
                sum &+= UInt32(UInt16(bitPattern: max(value, 0 &- value)))
            }
        } else {
            for index in 0..<count {
                let x = index * 2
                let value = inner[x] &+ inner[x + 1] &- middle[x] &- middle[x + 1]
                sum &+= UInt32(UInt16(bitPattern: max(value, 0 &- value)))
            }
        }
        return sum
    }
}
