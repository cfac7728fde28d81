// A plan as a few lines for people.

public import VTXModel

/// What the plan does, a line for each track and each decision, without line ends.
///
/// - Parameters:
///   - plan: what is to be done.
///   - source: the file it is done with.
///   - render: how settings in decisions are spelt.
public func describePlan(
    _ plan: TranscodePlan, source: MediaDescription, render: MessageRenderer = { $0.description }
) -> [String] {
    var lines = ["\(plan.input) → \(plan.isStreamed ? "standard output" : plan.output)"]
    let length = plan.expectedDuration.map { ", \($0)" } ?? ""
    var cut = ""
    if let skipped = plan.skipped { cut += ", from \(skipped)" }
    if let limit = plan.limit { cut += ", at most \(limit)" }
    lines.append("output    .\(plan.container.rawValue) (\(plan.container.muxer))\(length)\(cut)")
    if let video = plan.video {
        lines.append("video     " + describe(video, source))
    }
    for track in plan.audio { lines.append("audio     " + describe(track, source)) }
    for track in plan.subtitles { lines.append("subtitle  " + describe(track, source)) }
    for index in plan.attachments {
        lines.append("attached  #\(index) \(stream(index, source)?.codec ?? "") → copy")
    }
    if let cover = plan.cover {
        let from = cover.file ?? cover.stream.map { "#\($0) \(cover.codec)" } ?? ""
        lines.append("cover     \(from), \(cover.size) → \(cover.form.rawValue)")
    }
    if !plan.chapters.isEmpty { lines.append("chapters  \(plan.chapters.count)") }
    if !plan.decisions.isEmpty {
        lines.append("decisions")
        for decision in plan.decisions {
            lines.append("  - \(render(decision.text.message))")
        }
    }
    return lines
}

private func stream(_ index: Int, _ source: MediaDescription) -> StreamDescription? {
    source.streams.first { $0.index == index }
}

private func describe(_ track: VideoTrackPlan, _ source: MediaDescription) -> String {
    let from = stream(track.stream, source)
    let size = from?.video.map { " \($0.size)" } ?? ""
    let start = "#\(track.stream) \(from?.codec ?? "")\(size) → "
    guard let encode = track.encode else {
        let ends = track.smartCut.map { $0.hasCopy ? "copy, ends re-encoded" : "re-encoded, nothing to copy" } ?? "copy"
        return start + ends + labelText(track.label)
    }
    var parts = ["\(encode.codec.rawValue) (\(encode.encoder))", "\(encode.size)"]
    parts.append(encode.isConstantRate ? rateText(encode.frameRate) : "variable frame rate")
    parts.append(encode.pixelFormat)
    parts.append(describe(encode.rate, encode.options))
    if let speed = encode.traits.speeds.flatMap({ encode.options[$0.option] }) { parts.append(speed) }
    if encode.passes > 1 { parts.append("\(encode.passes) passes") }
    return start + parts.joined(separator: " ") + labelText(track.label)
}

private func describe(_ rate: RateControl, _ options: [String: String]) -> String {
    switch rate {
    case .constantQuality(let crf): "crf \(decimalText(crf))"
    case .capped(let crf, let maximum, _): "crf \(decimalText(crf)), VBV maxrate \(bitRateText(maximum))"
    case .quantizer(let value): "quantizer \(value)"
    case .average(let average, let maximum, _): "\(bitRateText(average)), VBV maxrate \(bitRateText(maximum))"
    case .lossless: "lossless"
    case .profile: options["profile"].map { "profile \($0)" } ?? "default profile"
    }
}

private func describe(_ track: AudioTrackPlan, _ source: MediaDescription) -> String {
    let from = stream(track.stream, source)
    let format = from?.audio.map { " \($0.sampleRate) Hz \($0.layout)" } ?? ""
    let joined = (track.joined ?? []).map { "+#\($0)" }.joined()
    let start = "#\(track.stream)\(joined) \(from?.codec ?? "")\(format) → "
    guard let encode = track.encode else { return start + "copy" + labelText(track.label) }
    var parts = ["\(encode.codec.rawValue) (\(encode.encoder))", "\(encode.sampleRate) Hz", encode.layout]
    if let rate = encode.bitRate { parts.append(bitRateText(rate)) }
    if let loudness = encode.loudness {
        parts.append("\(decimalText(loudness.integrated)) LUFS, peak \(decimalText(loudness.truePeak)) dBTP")
    }
    return start + parts.joined(separator: " ") + labelText(track.label)
}

private func describe(_ track: SubtitleTrackPlan, _ source: MediaDescription) -> String {
    let from =
        track.file.map { "\($0) #\(track.stream)" }
        ?? "#\(track.stream) \(track.captions?.name ?? stream(track.stream, source)?.codec ?? "")"
    return "\(from) → \(track.convert?.rawValue ?? "copy")" + labelText(track.label)
}

private func labelText(_ label: TrackLabel) -> String {
    let parts = [label.language, label.title.map { "'\($0)'" }].compactMap { $0 } + label.disposition
    return parts.isEmpty ? "" : " [\(parts.joined(separator: ", "))]"
}

private func bitRateText(_ rate: Int64) -> String { "\(decimalText(Double(rate) / 1000)) kb/s" }
