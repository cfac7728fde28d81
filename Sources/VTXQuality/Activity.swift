// How much goes on in each block of the reference: what XPSNR weights errors with.
//
// C. R. Helmrich et al., ICASSP 2020, and ITU Journal: ICT Discoveries 3(1), 2020. Where much happens, errors are seen
// less.

/// Measures the activity of frames of one format. Stays on one thread.
final class ActivityMeter {
    private let format: SampleFormat
    private let side: Int
    private let columns: Int
    /// Whether sums of 2 × 2 samples are filtered.
    private let isHalved: Bool
    private let frame: WideRows
    private let previous: WideRows
    private let second: WideRows
    /// Sums of two rows.
    private let inner: UnsafeMutablePointer<Int16>
    private let middle: UnsafeMutablePointer<Int16>
    private let outer: UnsafeMutablePointer<Int16>

    /// Samples above which sums of 2 × 2 samples are filtered.
    private static let mostSamples = 2048 * 1152

    /// - Parameter side: of a block.
    init(_ format: SampleFormat, side: Int) {
        self.format = format
        self.side = side
        columns = (format.width + side - 1) / side
        isHalved = format.width * format.height > Self.mostSamples
        (frame, previous, second) = (
            WideRows(width: format.width), WideRows(width: format.width), WideRows(width: format.width)
        )
        func row() -> UnsafeMutablePointer<Int16> {
            let row = UnsafeMutablePointer<Int16>.allocate(capacity: format.width + 16)
            row.initialize(repeating: 0, count: format.width + 16)
            return row
        }
        (inner, middle, outer) = (row(), row(), row())
    }

    deinit {
        inner.deallocate()
        middle.deallocate()
        outer.deallocate()
    }

    /// Mean activity of each block, row by row: that in space, without the samples at the frame's edge, and twice that
    /// in time.
    ///
    /// - Parameter second: the frame before the previous one, for the second difference; `nil`: the first.
    func means(of frame: SamplePlane, after previous: SamplePlane, _ second: SamplePlane?) -> [Double] {
        self.frame.look(at: frame, depth: format.depth)
        self.previous.look(at: previous, depth: format.depth)
        if let second { self.second.look(at: second, depth: format.depth) }
        let border = isHalved ? 2 : 1
        var means: [Double] = []
        for top in stride(from: 0, to: format.height, by: side) {
            let bottom = min(top + side, format.height)
            let rows = inside(top, bottom, format.height, border)
            var space = [UInt64](repeating: 0, count: columns)
            var time = space
            for y in stride(from: rows.lowerBound, to: rows.upperBound, by: border) { addSpace(y, to: &space) }
            for y in stride(from: top, to: bottom, by: border) { addTime(y, isSecond: second != nil, to: &time) }
            for block in 0..<columns {
                let left = block * side
                let width = min(side, format.width - left)
                let samples = inside(left, left + width, format.width, border).count * rows.count
                means.append(
                    Double(space[block]) / Double(max(1, samples))
                        + 2 * Double(time[block]) / Double(width * (bottom - top)))
            }
        }
        return means
    }

    /// A block's range without what is at the frame's edge.
    private func inside(_ start: Int, _ end: Int, _ size: Int, _ border: Int) -> Range<Int> {
        let first = start > 0 ? start : border
        return first..<max(first, end < size ? end : size - border)
    }

    private func addSpace(_ y: Int, to sums: inout [UInt64]) {
        if isHalved {
            guard y + 3 < format.height else { return }
            addRows(frame.row(y), frame.row(y + 1), format.width, to: inner)
            addRows(frame.row(y - 1), frame.row(y + 2), format.width, to: middle)
            addRows(frame.row(y - 2), frame.row(y + 3), format.width, to: outer)
        } else {
            addRows(frame.row(y - 1), frame.row(y + 1), format.width, to: middle)
        }
        let row = frame.row(y)
        for block in 0..<columns {
            let left = block * side
            let range = inside(left, min(left + side, format.width), format.width, isHalved ? 2 : 1)
            let x = range.lowerBound
            if isHalved {
                let count = (min(range.upperBound, format.width - 3) - x + 1) / 2
                if count > 0 { sums[block] += UInt64(widePass(inner + x, middle + x, outer + x, count)) }
            } else {
                sums[block] += UInt64(highPass(row + x, middle + x, range.count))
            }
        }
    }

    private func addTime(_ y: Int, isSecond: Bool, to sums: inout [UInt64]) {
        if !isHalved, !isSecond, let now = frame.bytes(y), let before = previous.bytes(y) {
            for block in 0..<columns {
                let x = block * side
                sums[block] += UInt64(absoluteDifferences(now + x, before + x, min(side, format.width - x)))
            }
            return
        }
        if isHalved {
            guard y + 1 < format.height else { return }
            addRows(frame.row(y), frame.row(y + 1), format.width, to: inner)
            addRows(previous.row(y), previous.row(y + 1), format.width, to: middle)
            if isSecond { addRows(second.row(y), second.row(y + 1), format.width, to: outer) }
        }
        let (now, before) = (frame.row(y), previous.row(y))
        let old = isSecond ? second.row(y) : nil
        for block in 0..<columns {
            let x = block * side
            let count = min(side, format.width - x)
            let sum =
                if isHalved {
                    pairChanges(inner + x, middle + x, isSecond ? UnsafePointer(outer + x) : nil, count / 2)
                } else if let old {
                    absoluteBends(now + x, before + x, old + x, count)
                } else {
                    absoluteDifferences(now + x, before + x, count)
                }
            sums[block] += UInt64(sum)
        }
    }
}
