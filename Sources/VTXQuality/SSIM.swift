// Structural similarity (Wang, Bovik, Sheikh and Simoncelli, 2004) over windows of 8 × 8 samples, four apart.
//
// Windows without weights in place of the paper's Gaussian ones, as FFmpeg and x264 have them: sums of 4 × 4 samples are
// made once and shared by four windows.

/// Compares planes. Stays on one thread.
package final class SSIMMeter {
    private var columns = WindowSums(capacity: 0)
    private var upper = WindowSums(capacity: 0)
    private var lower = WindowSums(capacity: 0)

    /// A meter for planes of any size.
    package init() {}

    /// Mean similarity of each plane, 1 for identical ones.
    ///
    /// - Returns: `nil` for planes of less than 8 × 8 samples.
    package func similarity(_ reference: SampleImage, _ distorted: SampleImage) -> [Double?] {
        zip(reference.planes, distorted.planes).map { one, other in
            guard one.width >= 8, one.height >= 8 else { return nil }
            return reference.depth == 8
                ? mean(one, other, UInt8.self, peak: reference.peak)
                : mean(one, other, UInt16.self, peak: reference.peak)
        }
    }

    private func mean<Sample: FixedWidthInteger & UnsignedInteger>(
        _ a: SamplePlane, _ b: SamplePlane, _: Sample.Type, peak: Double
    ) -> Double {
        let (width, height) = (a.width / 4, a.height / 4)
        if columns.capacity < width * 4 {
            columns = WindowSums(capacity: width * 4)
            (upper, lower) = (WindowSums(capacity: width), WindowSums(capacity: width))
        }
        var total = 0.0
        for y in 0..<height {
            for row in 0..<4 {
                addRow(a.row(y * 4 + row), b.row(y * 4 + row), Sample.self, width * 4, isFirst: row == 0, to: columns)
            }
            swap(&upper, &lower)
            lower.fold(columns, count: width)
            if y > 0 { total += windowSimilarity(upper, lower, count: width - 1, peak) }
        }
        return total / Double((width - 1) * (height - 1))
    }
}

/// Sums over a row of windows, or of parts of them.
private final class WindowSums {
    let capacity: Int
    /// Of samples of the reference.
    let a: UnsafeMutablePointer<Int32>
    /// Of samples of the distorted side.
    let b: UnsafeMutablePointer<Int32>
    /// Of the squares of both.
    let squares: UnsafeMutablePointer<Int32>
    /// Of products of one and the other.
    let products: UnsafeMutablePointer<Int32>

    init(capacity: Int) {
        self.capacity = capacity
        func room() -> UnsafeMutablePointer<Int32> {
            let room = UnsafeMutablePointer<Int32>.allocate(capacity: max(1, capacity))
            room.initialize(repeating: 0, count: max(1, capacity))
            return room
        }
        (a, b, squares, products) = (room(), room(), room(), room())
    }

    deinit { for room in [a, b, squares, products] { room.deallocate() } }

    /// Takes the sums of four neighbors each.
    func fold(_ columns: WindowSums, count: Int) {
        VTXQuality.fold(columns.a, count, to: a)
        VTXQuality.fold(columns.b, count, to: b)
        VTXQuality.fold(columns.squares, count, to: squares)
        VTXQuality.fold(columns.products, count, to: products)
    }
}

private func fold(_ columns: UnsafePointer<Int32>, _ count: Int, to blocks: UnsafeMutablePointer<Int32>) {
    for index in 0..<count {
        let x = index * 4
        blocks[index] = columns[x] &+ columns[x + 1] &+ columns[x + 2] &+ columns[x + 3]
    }
}

/// The sum of the similarity of all windows that two rows of blocks make.
private func windowSimilarity(_ upper: WindowSums, _ lower: WindowSums, count: Int, _ peak: Double) -> Double {
    // 64 samples a window, and one less for variances that are not biased.
    let first = (0.0001 * peak * peak * 64 + 0.5).rounded(.down)
    let second = (0.0009 * peak * peak * 64 * 63 + 0.5).rounded(.down)
    var total = 0.0
    for x in 0..<count {
        func window(_ one: UnsafeMutablePointer<Int32>, _ other: UnsafeMutablePointer<Int32>) -> Double {
            Double(one[x] &+ one[x + 1] &+ other[x] &+ other[x + 1])
        }
        let (a, b) = (window(upper.a, lower.a), window(upper.b, lower.b))
        let variances = window(upper.squares, lower.squares) * 64 - a * a - b * b
        let covariance = window(upper.products, lower.products) * 64 - a * b
        total +=
            (2 * a * b + first) * (2 * covariance + second) / ((a * a + b * b + first) * (variances + second))
    }
    return total
}

@inline(__always)
private func addRow<Sample: FixedWidthInteger & UnsignedInteger>(
    _ one: UnsafePointer<Sample>, _ other: UnsafePointer<Sample>, _: Sample.Type, _ count: Int, isFirst: Bool,
    to sums: WindowSums
) {
    let (sumsA, sumsB, squares, products) = (sums.a, sums.b, sums.squares, sums.products)
    if isFirst {
        for x in 0..<count {
            let (a, b) = (Int32(truncatingIfNeeded: one[x]), Int32(truncatingIfNeeded: other[x]))
            sumsA[x] = a
            sumsB[x] = b
            squares[x] = a &* a &+ b &* b
            products[x] = a &* b
        }
    } else {
        for x in 0..<count {
            let (a, b) = (Int32(truncatingIfNeeded: one[x]), Int32(truncatingIfNeeded: other[x]))
            sumsA[x] &+= a
            sumsB[x] &+= b
            squares[x] &+= a &* a &+ b &* b
            products[x] &+= a &* b
        }
    }
}
