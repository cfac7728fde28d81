// The plan of a join as a few lines for people.

public import VTXModel

/// What the plan does, a line for each part, track and decision, without line ends.
///
/// - Parameters:
///   - plan: what is to be done.
///   - render: how settings in decisions are spelt.
public func describeJoin(_ plan: JoinPlan, render: MessageRenderer = { $0.description }) -> [String] {
    var lines = plan.parts.map { "\($0.start)  \($0.input)" }
    lines.append("\(plan.duration)  end of \(plan.output), .\(plan.container.rawValue) (\(plan.container.muxer))")
    if let video = plan.video {
        lines.append("video     " + (video.encode.map(describe) ?? "copied"))
    }
    for audio in plan.audio { lines.append("audio     " + (audio.encode.map(describe) ?? "copied")) }
    if !plan.chapters.isEmpty { lines.append("chapters  \(plan.chapters.count)") }
    if !plan.decisions.isEmpty {
        lines.append("decisions")
        lines += plan.decisions.map { "  - \(render($0.text.message))" }
    }
    return lines
}

private func describe(_ encode: VideoEncodePlan) -> String {
    let rate = encode.isConstantRate ? "\(decimalText(encode.frameRate.value)) fps" : "variable frame rate"
    return "\(encode.codec.rawValue) (\(encode.encoder)) \(encode.size) \(rate) \(encode.pixelFormat)"
}

private func describe(_ encode: AudioEncodePlan) -> String {
    "\(encode.codec.rawValue) (\(encode.encoder)) \(encode.sampleRate) Hz \(encode.layout)"
}
