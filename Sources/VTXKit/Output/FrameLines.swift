// The values of all frames of a comparison, as lines of JSON.

import VTXModel
import VTXPipeline
import VTXQuality
import VTXSystem

/// Writes a line for each frame of each file. Used on one thread at a time.
final class FrameLines: @unchecked Sendable {
    // @unchecked: one thread measures, and the job waits for it before it closes the file.
    private let file: File
    private let names: [String]
    private let writer = WorkerLineWriter()
    private var waiting: [UInt8] = []

    /// - Parameters:
    ///   - path: the file to write.
    ///   - shown: its name in messages.
    ///   - names: of the files that are measured.
    init(_ path: String, shownAs shown: String, names: [String]) throws(VTXError) {
        self.names = names
        file = try File(path, for: .writing, shownAs: shown)
    }

    /// Adds a frame.
    func write(_ measured: MeasuredFrame) throws(VTXError) {
        let line = FrameLine(
            name: names[measured.index], frame: measured.frame, time: measured.time.roundedSeconds,
            xpsnr: FrameLine.Value(.xpsnr, of: measured.values), ssim: FrameLine.Value(.ssim, of: measured.values),
            psnr: FrameLine.Value(.psnr, of: measured.values))
        guard let bytes = writer.line("frame", line) else { return }
        waiting += bytes + [UInt8(ascii: "\n")]
        if waiting.count > 1 << 15 { try flush() }
    }

    /// Writes what is waiting.
    func close() throws(VTXError) {
        try flush()
        try file.close()
    }

    private func flush() throws(VTXError) {
        try file.write(waiting)
        waiting.removeAll(keepingCapacity: true)
    }
}

/// One pair of frames.
private struct FrameLine: Encodable {
    var name: String
    var frame: Int
    var time: Double
    var xpsnr: Value?
    var ssim: Value?
    var psnr: Value?

    /// Infinite values are left out.
    struct Value: Encodable {
        var value: Double?
        var y: Double?
        var u: Double?
        var v: Double?

        init?(_ metric: QualityMetric, of values: [FrameQuality]) {
            guard let found = values.first(where: { $0.metric == metric }) else { return nil }
            func finite(_ number: Double) -> Double? { number.isFinite ? number.rounded(places: 6) : nil }
            value = finite(found.value)
            y = finite(found.planes[0])
            u = found.planes.count == 3 ? finite(found.planes[1]) : nil
            v = found.planes.count == 3 ? finite(found.planes[2]) : nil
        }
    }
}
