// Where the bars are among the rows or columns of a frame.
//
// What stays black is a bar only if it ends at a straight, sharp edge along the image: the sky of a night scene ends
// gradually, or along a skyline.

/// The rows or columns of a frame, from one side to the other, each in cells along it.
struct BarLines {
    /// Steps of a level: of 256 from black to white.
    static let unit = 16

    /// Brightest that a bar may be on average, and any cell of it above the bar.
    private static let blackest = 10 * unit
    private static let spot = 16 * unit
    /// By how much lines of a bar may differ.
    private static let tolerance = 3 * unit
    /// By how much the image has to be brighter than a bar.
    private static let leastRise = 8 * unit
    /// Lines beside the edge into which compression smears the image, and lines of the image that are looked at: more than
    /// one block, since dark gradients become steps of one.
    private static let (smear, depth) = (8, 32)

    let count: Int
    let cells: Int
    private var values: [Int32]

    init(count: Int, cells: Int) {
        self.count = count
        self.cells = cells
        values = Array(repeating: 0, count: count * cells)
    }

    mutating func raise(line: Int, cell: Int, to value: Int) {
        let index = line * cells + cell
        if Int(values[index]) < value { values[index] = Int32(value) }
    }

    /// Whether nothing is bright enough to prove anything.
    var isDark: Bool { (values.max() ?? 0) < Int32(Self.leastRise + Self.tolerance) }

    /// Lines of the bars on both sides.
    var bars: (before: Int, after: Int) {
        let means = (0..<count).map { line in
            cells == 0 ? 0 : (0..<cells).reduce(0) { $0 + value(line, $1) } / cells
        }
        let before = bar(means) { $0 }
        let after = bar(means) { count - 1 - $0 }
        // One bar alone is believed only if its edge is straight from end to end, as a horizon hardly is.
        let isPair = abs(before.lines - after.lines) <= max(4, count / 50)
        func believed(_ bar: Bar) -> Int { bar.coverage >= (isPair ? 0.6 : 0.95) ? bar.lines : 0 }
        let both = (believed(before), believed(after))
        return both.0 + both.1 < count ? both : (0, 0)
    }

    private struct Bar {
        var lines = 0
        /// How much of the image's width is lit at its edge, from 0 to 1.
        var coverage = 1.0
    }

    private func value(_ line: Int, _ cell: Int) -> Int { Int(values[line * cells + cell]) }

    /// The bar on the side where lines are counted from.
    ///
    /// - Parameter place: the line with that number from the side.
    private func bar(_ means: [Int], _ place: (Int) -> Int) -> Bar {
        func mean(_ line: Int) -> Int { means[place(min(max(0, line), count - 1))] }
        let level = mean(0)
        guard count > 2 * Self.depth, level <= Self.blackest else { return Bar() }
        func isBlack(_ line: Int) -> Bool {
            mean(line) <= level + Self.tolerance
                && (0..<cells).allSatisfy { value(place(line), $0) <= level + Self.spot }
        }
        guard let end = (0..<count).first(where: { !isBlack($0) }), end > 0 else { return Bar() }
        let rise = (end...end + Self.depth).map { mean($0) }.max()! - level
        guard rise >= Self.leastRise else { return Bar() }
        let edge = (end...end + Self.smear).first { mean($0) - level >= max(Self.leastRise / 2, rise / 4) } ?? end
        guard (mean(edge + 3) - mean(edge - 2)) * 10 >= rise * 6 else { return Bar() }
        return Bar(lines: edge, coverage: coverage(of: edge, level: level, rise: rise, place))
    }

    /// How much of the image's width is lit at an edge: of the cells between the first and the last one that are lit
    /// anywhere.
    private func coverage(of edge: Int, level: Int, rise: Int, _ place: (Int) -> Int) -> Double {
        let lit = level + max(Self.leastRise / 2, rise / 6)
        var atEdge = 0
        var extent: (first: Int, last: Int)?
        for cell in 0..<cells {
            let isAtEdge = (edge..<min(count, edge + 4)).contains { value(place($0), cell) > lit }
            if isAtEdge { atEdge += 1 }
            if isAtEdge || (0..<count).contains(where: { value($0, cell) > lit }) {
                extent = (extent?.first ?? cell, cell)
            }
        }
        guard let extent else { return 0 }
        return Double(atEdge) / Double(extent.last - extent.first + 1)
    }
}
