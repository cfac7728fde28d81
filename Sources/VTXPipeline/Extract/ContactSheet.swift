// Frames side by side in one image.

package import LibAV
package import VTXModel

/// Lays frames out in rows. Stays on one thread.
package final class ContactSheet {
    private let images: ImagePlan
    private var graph: FilterGraph?
    private var count: Int64 = 0
    private var bytes: [UInt8] = []

    package init(_ images: ImagePlan) { self.images = images }

    /// - Parameter frame: the next one, in the size and format of the plan.
    package func add(_ frame: consuming Frame) throws {
        frame.time = count
        count += 1
        if graph == nil {
            graph = try FilterGraph(
                video: frame, timeBase: Rational(1, 25), frameRate: nil,
                chain: ["tile=layout=\(images.columns ?? 1)x\(images.rows ?? 1)"], threads: 1)
        }
        try graph?.push(frame) { bytes = try encodeStill($0, as: images.format) }
    }

    /// The file; places without a frame stay black.
    package func finish() throws -> [UInt8] {
        if bytes.isEmpty { try graph?.drain { bytes = try encodeStill($0, as: images.format) } }
        return bytes
    }
}
