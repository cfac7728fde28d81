// The weights that XPSNR gives to errors, by blocks of the reference.
//
// They depend on the reference alone: several distorted versions of a frame share them.

/// Weights of the blocks of one frame.
package struct BlockWeights: Sendable {
    /// Side of a block in samples of luma; a block of the whole frame if the frame is too small for XPSNR.
    package let side: Int
    /// Blocks in a row.
    package let columns: Int
    /// Row by row.
    package let values: [Double]
}

/// Weighs the frames of a reference one after the other. Stays on one thread.
package final class BlockWeigher {
    private let format: SampleFormat
    private let usesSecondDifference: Bool
    private let side: Int
    /// `nil` for frames without blocks.
    private let meter: ActivityMeter?

    /// Samples up to which the weights of single blocks are limited by those around.
    private static let smallFrame = 640 * 480
    /// Frames per second up to which the first difference in time is taken.
    private static let slowest = 32.0

    /// - Parameter frameRate: frames per second.
    package init(_ format: SampleFormat, frameRate: Double) {
        self.format = format
        usesSecondDifference = frameRate > Self.slowest
        let side = 4 * Int((32 * format.relativeSize.squareRoot() + 0.5).rounded(.down))
        // Larger blocks than rows can be summed of: frames of more than 16K, which no decoder takes.
        meter = side >= 4 && side <= longestRun ? ActivityMeter(format, side: side) : nil
        self.side = side
    }

    /// - Parameters:
    ///   - frame: of the reference.
    ///   - previous: the frame before; at the beginning, the one after.
    ///   - second: the frame before that; at the beginning, mirrored as well.
    package func weights(of frame: SampleImage, after previous: SampleImage, _ second: SampleImage) -> BlockWeights {
        guard let meter else {
            return BlockWeights(side: max(format.width, format.height), columns: 1, values: [1])
        }
        let columns = (format.width + side - 1) / side
        let least = Double(1 << (format.depth - 6))
        let usual =
            (16 * Double(1 << (2 * format.depth - 9)) / max(format.relativeSize, 1e-5).squareRoot()).squareRoot()
        let means = meter.means(of: frame.luma, after: previous.luma, usesSecondDifference ? second.luma : nil)
        var values = means.map { usual / max($0, least) }
        if format.width * format.height <= Self.smallFrame { limit(&values, columns: columns) }
        return BlockWeights(side: side, columns: columns, values: values)
    }

    /// Limits each weight to the largest of its neighbors to the left, to the right and above, of which the right one
    /// has not been limited yet.
    private func limit(_ values: inout [Double], columns: Int) {
        for index in values.indices {
            let column = index % columns
            var most = 0.0
            if column > 0 { most = values[index - 1] }
            if column < columns - 1 { most = max(most, values[index + 1]) }
            if index >= columns { most = max(most, values[index - columns]) }
            if most > 0 { values[index] = min(values[index], most) }
        }
    }
}

extension SampleFormat {
    /// Samples, in frames of 3840 × 2160.
    var relativeSize: Double { Double(width * height) / Double(3840 * 2160) }
}
