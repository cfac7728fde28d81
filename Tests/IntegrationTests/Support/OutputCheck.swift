// Every line that vtx writes with --json is checked against docs/schema, whichever test runs it.

import Foundation
import Testing

/// The schemas, with unknown keys as problems: a key that the page does not have is a failure.
private let schemas = Result { try JSONSchema(folder: fixture("../docs/schema"), isClosed: true) }

/// The types that line.json tells apart.
private let knownTypes: Set<String> = {
    guard let text = try? String(contentsOfFile: fixture("../docs/schema/line.json"), encoding: .utf8),
        case .list(let branches)? = (try? JSONValue(parsing: text))?["allOf"]
    else { return [] }
    return Set(branches.compactMap { $0["if"]?["properties"]?["type"]?["const"]?.text })
}()

/// What is wrong with text of JSON lines; nothing if all are valid.
///
/// - Parameter reference: the schema of a line.
func lineProblems(_ text: some StringProtocol, against reference: String = "line.json") throws -> [String] {
    let schemas = try schemas.get()
    return try text.split(separator: "\n").flatMap { line -> [String] in
        guard let value = try? JSONValue(parsing: line) else { return ["not JSON: \(line.prefix(300))"] }
        let problems = try schemas.problems(of: value, against: reference).map(\.description)
        return problems.isEmpty ? [] : problems + ["in \(line.prefix(1000))"]
    }
}

/// What is wrong with the standard output of a command that was run with `--json`.
func outputProblems(of result: ProgramResult, mayFall: Bool) throws -> [String] {
    var output = result.output[...]
    // A process that was killed may leave half a line.
    if result.signal != nil || result.status == 137 {
        output = output[..<(output.lastIndex(of: "\n") ?? output.startIndex)]
        if output.isEmpty { return [] }
    }
    let values = output.split(separator: "\n").compactMap { try? JSONValue(parsing: $0) }
    var problems = try lineProblems(output)
    if values.first?["type"] != .text("header") { problems.append("the first line is not a header") }
    return problems + unknownTypes(values) + (mayFall ? [] : falls(values))
}

/// The schema of lines lets types pass that it does not know.
private func unknownTypes(_ values: [JSONValue]) -> [String] {
    values.compactMap { $0["type"]?.text }.filter { !knownTypes.contains($0) }.map { "unknown type '\($0)'" }
}

/// Progress that goes back within a job: with several inputs each has its own, after its plan.
private func falls(_ values: [JSONValue]) -> [String] {
    let states = values.filter { [.text("progress"), .text("plan")].contains($0["type"]) }
    return zip(states, states.dropFirst()).compactMap { before, after in
        guard before["type"] == after["type"], before["phase"] == after["phase"], let old = before["percent"]?.number,
            let new = after["percent"]?.number,
            new < old
        else { return nil }
        return "progress falls from \(old) to \(new) %"
    }
}

extension Program {
    /// Words of a command line that make vtx print text despite `--json`.
    private static let textWords: Set = ["-h", "--help", "--version", "help", "--generate-completion-script"]

    /// Records an issue for each line that is not as documented.
    static func checkOutput(of result: ProgramResult, _ arguments: [String]) {
        let options = arguments.prefix { $0 != "--" }
        guard options.contains("--json"), Self.textWords.isDisjoint(with: options) else { return }
        do {
            let problems = try outputProblems(of: result, mayFall: options.contains("--watch"))
            guard !problems.isEmpty else { return }
            Issue.record("vtx \(arguments.joined(separator: " ")):\n\(problems.prefix(10).joined(separator: "\n"))")
        } catch {
            Issue.record("cannot check JSON lines: \(error)")
        }
    }
}
