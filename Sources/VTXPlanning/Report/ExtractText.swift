// The plan of an extraction as a few lines for people.

public import VTXModel

/// What the plan does, and each decision, without line ends.
///
/// - Parameters:
///   - plan: what is to be done.
///   - source: the file it is done with.
///   - render: how settings in decisions are spelt.
public func describeExtract(
    _ plan: ExtractPlan, source: MediaDescription, render: MessageRenderer = { $0.description }
) -> [String] {
    let stream = source.streams.first { $0.index == plan.stream }
    let size = stream?.video.map { " \($0.size)" } ?? ""
    let from = plan.subtitle?.captions?.name ?? "\(stream?.codec ?? "")\(size)"
    var cut = ""
    if let skipped = plan.skipped { cut += ", from \(skipped)" }
    if let limit = plan.limit { cut += ", at most \(limit)" }
    var lines = [
        "\(plan.input) → \(plan.output)",
        "\(padded(plan.kind.rawValue))#\(plan.stream) \(from) → \(describe(plan))\(cut)",
    ]
    if !plan.decisions.isEmpty {
        lines.append("decisions")
        lines += plan.decisions.map { "  - \(render($0.text.message))" }
    }
    return lines
}

private func padded(_ word: String) -> String { word + String(repeating: " ", count: max(1, 10 - word.count)) }

private func describe(_ plan: ExtractPlan) -> String {
    guard let images = plan.images else { return plan.subtitle?.convert?.rawValue ?? "copy" }
    let format = "\(images.format.rawValue) \(images.size)"
    switch plan.kind {
    case .frame: return "\(format) at \(images.times?.first ?? .zero)"
    case .frames: return "\(images.names ?? format) \(images.size) every \(decimalText(images.interval?.value ?? 0)) s"
    case .sheet:
        let (columns, rows) = (images.columns ?? 1, images.rows ?? 1)
        let whole = PixelSize(images.size.width * columns, images.size.height * rows)
        return "\(images.format.rawValue) \(whole), \(columns) x \(rows) frames of \(images.size)"
    case .clip: return "\(format) \(decimalText(images.frameRate?.value ?? 0)) fps"
    case .subtitles, .cover: return format
    }
}
