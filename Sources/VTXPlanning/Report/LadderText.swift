// The plan of a ladder as people read it.

public import VTXModel

/// One line for each rendition, then the decisions.
///
/// - Parameters:
///   - plan: the ladder.
///   - render: how settings in decisions are spelt.
public func describeLadder(_ plan: LadderPlan, render: MessageRenderer = { $0.description }) -> [String] {
    let grid = plan.grid
    var lines = ["\(plan.input) → \(plan.output)"]
    let length =
        plan.video == nil
        ? "\(decimalText(grid.segmentDuration.value)) s a segment"
        : "\(counted(grid.segmentFrames, "frame")) a segment, \(grid.gopFrames) a GOP, \(grid.frameRate) fps"
    lines.append("  \(plan.segments == .fmp4 ? "fMP4" : "MPEG-TS"), \(length)")
    for rung in plan.video?.rungs ?? [] {
        let encode = rung.encode
        let rate: String =
            switch encode.rate {
            case .constantQuality(let crf): "crf \(crf)"
            case .capped(let crf, let maximum, let buffer):
                "crf \(crf), VBV maxrate \(maximum) b/s, buffer \(buffer) bits"
            case .average(let average, _, _): "\(average) b/s"
            case .quantizer(let value): "quantizer \(value)"
            case .lossless: "lossless"
            case .profile: "profile \(encode.options["profile"] ?? "of the encoder")"
            }
        lines.append("  video  \(rung.name)  \(encode.encoder) \(encode.size) \(encode.frameRate) fps, \(rate)")
    }
    for rendition in plan.audio {
        guard let encode = rendition.track.encode else { continue }
        lines.append(
            "  audio  \(rendition.name)  \(encode.encoder) \(encode.layout) \(encode.sampleRate) Hz, "
                + "\(encode.bitRate ?? 0) b/s")
    }
    if let encryption = plan.encryption {
        lines.append("  encryption  \(encryption.scheme.rawValue), key from \(encryption.keyURI)")
    }
    for rendition in plan.subtitles { lines.append("  subtitles  \(rendition.name)") }
    if let player = plan.player { lines.append(describe(player)) }
    for decision in plan.decisions {
        lines.append("  - \(render(decision.text.message))")
    }
    return lines
}

/// One line for each rendition of a package, then the decisions.
///
/// - Parameters:
///   - plan: the package.
///   - render: how settings in decisions are spelt.
public func describePackage(_ plan: PackagePlan, render: MessageRenderer = { $0.description }) -> [String] {
    var lines = ["\(plan.inputs.map(\.path).joined(separator: " + ")) → \(plan.output)"]
    lines.append(
        "  \(plan.segments == .fmp4 ? "fMP4" : "MPEG-TS"), \(counted(plan.boundaries.count + 1, "segment")), \(plan.duration)"
    )
    func file(_ input: Int, _ stream: Int) -> String { "stream \(stream) of \(plan.inputs[input].path)" }
    for item in plan.video {
        lines.append(
            "  video  \(item.name)  \(item.codec.rawValue) \(item.size) \(item.frameRate) fps, "
                + file(item.input, item.stream))
    }
    for item in plan.audio {
        lines.append(
            "  audio  \(item.name)  \(item.codec.rawValue) \(counted(item.channels, "channel")) \(item.sampleRate) Hz, "
                + file(item.input, item.stream))
    }
    if let encryption = plan.encryption {
        lines.append("  encryption  \(encryption.scheme.rawValue), key from \(encryption.keyURI)")
    }
    for item in plan.subtitles { lines.append("  subtitles  \(item.name)") }
    if let player = plan.player { lines.append(describe(player)) }
    for decision in plan.decisions {
        lines.append("  - \(render(decision.text.message))")
    }
    return lines
}

private func describe(_ player: PlayerPlan) -> String {
    "  player  index.html, with \(player.script ?? "hls.js from a CDN")"
}
