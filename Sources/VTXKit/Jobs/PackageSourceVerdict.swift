// Whether a file of a package holds what it promises.

import VTXModel
import VTXPipeline

/// Compares what a scan found in one file with its header and with what a package needs.
struct PackageSourceVerdict {
    let scan: PackageScanResult
    let file: MediaDescription
    let plan: PackagePlan
    /// Position of the file among the inputs.
    let index: Int
    let allowsTruncated: Bool

    /// - Parameter warnings: receives what was damaged and accepted.
    /// - Throws: `.badMedia`.
    func check(adding warnings: inout [String]) throws(VTXError) {
        let video = plan.video.first { $0.input == index }
        let streams = (video.map { [$0.stream] } ?? []) + plan.audio.filter { $0.input == index }.map(\.stream)
        guard !streams.isEmpty else { return }
        try checkSuitability(video)
        try SourceVerdict(
            path: file.path, source: file, reading: scan.reading, decoders: [:],
            origin: file.start ?? .zero, limit: nil, streams: streams,
            reached: streams.compactMap { scan.reading.streams[$0]?.end }.max() ?? .zero,
            allowsTruncated: allowsTruncated
        ).check(adding: &warnings)
        for stream in streams { try checkPackets(of: stream, adding: &warnings) }
    }

    /// Whether the file can be packaged without re-encoding.
    private func checkSuitability(_ video: PackageVideoPlan?) throws(VTXError) {
        if let video, plan.segments == .fmp4, !scan.hasParameterSets {
            throw VTXError(
                .badMedia, "\(file.path) has its \(video.codec.rawValue) parameter sets only between its frames",
                cause: "fMP4 segments for all players need them in the initialization segment",
                remedy: "remux it with \(command: .transcode) \(.video) copy, or re-encode it")
        }
        if let (stream, time) = scan.changes.min(by: { $0.value < $1.value }) {
            throw VTXError(
                .badMedia,
                "stream \(stream) (\(file.streams[stream].codec)) of \(file.path) changes its parameters at \(time)",
                cause: "a rendition has one description, from its beginning to its end",
                remedy: "make the package with \(command: .ladder), or re-encode the file with \(command: .transcode)")
        }
        if let jump = scan.reading.jumps.first {
            throw VTXError(
                .badMedia, "the clock of \(file.path) jumps at \(jump.time)",
                cause: "what comes before and after cannot be one rendition without encoding",
                remedy: "convert it with \(command: .transcode), or make the package with \(command: .ladder)")
        }
    }

    private func checkPackets(of stream: Int, adding warnings: inout [String]) throws(VTXError) {
        let reading = scan.reading.streams[stream] ?? StreamReading()
        guard reading.packets > 0 else {
            throw VTXError(
                .badMedia, "stream \(stream) (\(file.streams[stream].codec)) of \(file.path) has no packets")
        }
        guard reading.corrupt > 0 else { return }
        let text =
            "stream \(stream) of \(file.path): \(reading.corrupt) of \(counted(reading.packets, "packet")) \(reading.corrupt == 1 ? "is" : "are") damaged"
        guard allowsTruncated else {
            throw VTXError(
                .badMedia, Message(text),
                remedy: "get a whole copy, or pass \(.allowTruncated) to keep what is there")
        }
        warnings.append(text)
    }
}
