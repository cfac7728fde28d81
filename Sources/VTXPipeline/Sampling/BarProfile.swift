// Finds black bars in frames from the whole length of a source.
//
// Each place of the frame keeps its brightest value of all frames, so that dark scenes say nothing.

package import VTXModel

/// The brightest of each place of gray frames of one size.
package struct BarProfile {
    /// Pixels whose mean counts as one value: noise is evened out, and a caption in a bar is not.
    private static let cell = 16

    let size: PixelSize
    private(set) var frames = 0
    /// A row of the frame has a cell for 16 columns, and a column one for 16 rows.
    private var rows: BarLines
    private var columns: BarLines

    package init(size: PixelSize) {
        self.size = size
        rows = BarLines(count: size.height, cells: (size.width + Self.cell - 1) / Self.cell)
        columns = BarLines(count: size.width, cells: (size.height + Self.cell - 1) / Self.cell)
    }

    /// - Parameter pixels: full range, 8 bits, row by row, without padding.
    package mutating func add(_ pixels: [UInt8]) {
        guard pixels.count == size.area else { return }
        frames += 1
        pixels.withUnsafeBufferPointer { pixels in
            for y in 0..<size.height { addRow(y, of: pixels) }
            for top in stride(from: 0, to: size.height, by: Self.cell) { addColumns(from: top, of: pixels) }
        }
    }

    private mutating func addRow(_ y: Int, of pixels: UnsafeBufferPointer<UInt8>) {
        let start = y * size.width
        for cell in 0..<rows.cells {
            let first = cell * Self.cell
            let last = min(size.width, first + Self.cell)
            var sum = 0
            for x in first..<last { sum += Int(pixels[start + x]) }
            rows.raise(line: y, cell: cell, to: sum * BarLines.unit / (last - first))
        }
    }

    private mutating func addColumns(from top: Int, of pixels: UnsafeBufferPointer<UInt8>) {
        let bottom = min(size.height, top + Self.cell)
        var sums = [Int](repeating: 0, count: size.width)
        for y in top..<bottom {
            let start = y * size.width
            for x in 0..<size.width { sums[x] += Int(pixels[start + x]) }
        }
        for x in 0..<size.width {
            columns.raise(line: x, cell: top / Self.cell, to: sums[x] * BarLines.unit / (bottom - top))
        }
    }

    /// What the frames say so far.
    package var sample: BarSample {
        let (across, down) = (columns.bars, rows.bars)
        let image = PixelArea(
            x: across.before, y: down.before,
            size: PixelSize(size.width - across.before - across.after, size.height - down.before - down.after))
        let hasBars = image.size != size && image.size.width * 8 >= size.width && image.size.height * 8 >= size.height
        return BarSample(frames: frames, image: hasBars ? image : nil, isDark: frames > 0 && rows.isDark)
    }
}
