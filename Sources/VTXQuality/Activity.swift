// How much goes on in a block of the reference: what XPSNR weights errors with.
//
// C. R. Helmrich et al., ICASSP 2020, and ITU Journal: ICT Discoveries 3(1), 2020. Where much happens, errors are seen
// less.

/// Sums of high-pass filtered samples over blocks of luma, in space and in time.
struct Activity<Sample: FixedWidthInteger & UnsignedInteger> {
    /// The frame.
    let frame: SamplePlane
    /// The frame before it.
    let previous: SamplePlane
    /// The frame before that, if the second difference is taken; `nil`: the first one.
    let second: SamplePlane?
    /// Whether sums of 2 × 2 samples are filtered: large frames.
    let isHalved: Bool

    private var border: Int { isHalved ? 2 : 1 }

    /// Mean activity of a block: that in space, without the samples at the frame's edge, and twice that in time.
    func mean(x: Int, y: Int, width: Int, height: Int, _ scratch: Scratch) -> Double {
        let columns = (x > 0 ? x : border)..<max(border, x + width < frame.width ? x + width : frame.width - border)
        let rows = (y > 0 ? y : border)..<max(border, y + height < frame.height ? y + height : frame.height - border)
        var mean = 0.0
        if !columns.isEmpty, !rows.isEmpty {
            let sum = isHalved ? halvedSpace(columns, rows, scratch) : space(columns, rows)
            mean = Double(sum) / Double(columns.count * rows.count)
        }
        let sum =
            isHalved
            ? halvedTime(x..<x + width, y..<y + height, scratch) : time(x..<x + width, y..<y + height)
        return mean + 2 * Double(sum) / Double(width * height)
    }

    private func space(_ columns: Range<Int>, _ rows: Range<Int>) -> UInt64 {
        var sum: UInt64 = 0
        for y in rows {
            let above: UnsafePointer<Sample> = frame.row(y - 1) + columns.lowerBound
            let row: UnsafePointer<Sample> = frame.row(y) + columns.lowerBound
            let below: UnsafePointer<Sample> = frame.row(y + 1) + columns.lowerBound
            sum += UInt64(highPass(above, row, below, columns.count))
        }
        return sum
    }

    private func time(_ columns: Range<Int>, _ rows: Range<Int>) -> UInt64 {
        var sum: UInt64 = 0
        for y in rows {
            let now: UnsafePointer<Sample> = frame.row(y) + columns.lowerBound
            let before: UnsafePointer<Sample> = previous.row(y) + columns.lowerBound
            if let second {
                sum += UInt64(absoluteBends(now, before, second.row(y) + columns.lowerBound, columns.count))
            } else {
                sum += UInt64(absoluteDifferences(now, before, columns.count))
            }
        }
        return sum
    }

    /// Every second sample of every second row, filtered together with its right and lower neighbors:
    ///
    ///     .  -1  -1  -1  -1   .
    ///    -1  -2  -3  -3  -2  -1
    ///    -1  -3  12  12  -3  -1     and the same below, in reverse order
    private func halvedSpace(_ columns: Range<Int>, _ rows: Range<Int>, _ scratch: Scratch) -> UInt64 {
        let left = columns.lowerBound - 2
        let count = (min(columns.upperBound, frame.width - 3) - columns.lowerBound + 1) / 2
        guard count > 0 else { return 0 }
        func row(_ y: Int) -> UnsafePointer<Sample> { frame.row(y) + left }
        var sum: UInt64 = 0
        for y in stride(from: rows.lowerBound, to: min(rows.upperBound, frame.height - 3), by: 2) {
            addRows(row(y), row(y + 1), count * 2 + 4, to: scratch.inner)
            addRows(row(y - 1), row(y + 2), count * 2 + 4, to: scratch.middle)
            addRows(row(y - 2), row(y + 3), count * 2 + 4, to: scratch.outer)
            sum += UInt64(scratch.filtered(count))
        }
        return sum
    }

    private func halvedTime(_ columns: Range<Int>, _ rows: Range<Int>, _ scratch: Scratch) -> UInt64 {
        var sum: UInt64 = 0
        func add(_ plane: SamplePlane, _ y: Int, to sums: UnsafeMutablePointer<Int16>) {
            let upper: UnsafePointer<Sample> = plane.row(y) + columns.lowerBound
            let lower: UnsafePointer<Sample> = plane.row(y + 1) + columns.lowerBound
            addRows(upper, lower, columns.count, to: sums)
        }
        for y in stride(from: rows.lowerBound, to: rows.upperBound - 1, by: 2) {
            add(frame, y, to: scratch.inner)
            add(previous, y, to: scratch.middle)
            if let second { add(second, y, to: scratch.outer) }
            sum += UInt64(scratch.changed(columns.count / 2, isSecond: second != nil))
        }
        return sum
    }
}
