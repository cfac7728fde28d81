// The plan of a comparison as a few lines for people.

public import VTXModel

/// What the plan does, a line for each file and decision, without line ends.
///
/// - Parameters:
///   - plan: what is to be done.
///   - render: how settings in decisions are spelt.
public func describeCompare(_ plan: ComparePlan, render: MessageRenderer = { $0.description }) -> [String] {
    let rate = decimalText(plan.frameRate.value.rounded(places: 3))
    var lines = [
        "reference  \(plan.reference.name), \(plan.reference.size), \(rate) fps"
    ]
    lines += plan.distorted.map { "distorted  \($0.name), \($0.size)" }
    lines.append("frames     \(plan.size) \(plan.pixelFormat)")
    lines.append("metrics    " + plan.metrics.map(\.title).joined(separator: ", "))
    if plan.shift != 0 { lines.append("shift      \(counted(plan.shift, "frame"))") }
    if !plan.decisions.isEmpty {
        lines.append("decisions")
        lines += plan.decisions.map { "  - \(render($0.text.message))" }
    }
    return lines
}
