// What the argument parser found wrong, said as every other error: what, why, and what to do.

import ArgumentParser
package import VTXModel

/// Turns the parser's words into an error.
///
/// - Parameters:
///   - text: the parser's message.
///   - help: the command that lists the options.
package func usageError(_ text: String, help: String) -> VTXError {
    let quoted = text.split(separator: "'", omittingEmptySubsequences: false).map(String.init)
    // `--start <time>`: the option and what it takes.
    func option(_ index: Int) -> String? {
        quoted.count > index + 1 ? quoted[index].split(separator: " ").first.map(String.init) : nil
    }
    let otherwise: Remedy = "`\(help)` lists the options"
    if text.hasPrefix("The value '"), let middle = quoted.firstIndex(of: " is invalid for "),
        let name = option(middle + 1)
    {
        let value = quoted[1..<middle].joined(separator: "'")
        var remedy = choices(in: text).map { Remedy.advice(choiceAdvice(for: value, among: $0)) }
        remedy = remedy ?? ValueForms.form(of: name).map { .advice(Message($0)) }
        return VTXError(.usage, "invalid value '\(value)' for \(name)", remedy: remedy ?? otherwise)
    }
    if text.hasPrefix("Missing value for '"), let name = option(1) {
        let remedy = ValueForms.form(of: name).map { Remedy.advice(Message($0)) }
        return VTXError(.usage, "\(name) has no value", remedy: remedy ?? otherwise)
    }
    let first = text.prefix(1).lowercased() + text.dropFirst()
    return VTXError(.usage, Message((text.hasPrefix("--") ? text : first).joinedLines), remedy: otherwise)
}

/// The values that the parser lists; `nil` if it lists none.
private func choices(in text: String) -> [String]? {
    guard let start = text.range(of: "Please provide one of") else { return nil }
    let words = text[start.upperBound...].split { " '\n,.:".contains($0) }.map(String.init)
    return words.filter { !["-", "or", "and", "the", "following"].contains($0) }
}
