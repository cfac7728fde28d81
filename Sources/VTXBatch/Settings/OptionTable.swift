// Which words of a command line belong to which command.
//
// `vtx batch` takes its own options and those of the command it runs for each file. Each command tells its options
// itself; nothing is listed twice.

/// The options of one command: their names, and whether a value follows.
package struct OptionTable: Hashable, Sendable {
    /// Keys with their dashes: `--height`, `-o`.
    package var takesValue: [String: Bool]

    package init(_ takesValue: [String: Bool]) { self.takesValue = takesValue }

    package func holds(_ name: String) -> Bool { takesValue[name] != nil }

    /// The name in a word such as `--height`, `--height=720` or `-o`; `nil` for a value.
    static func name(in word: String) -> String? {
        guard word.hasPrefix("-"), word.count > 1 else { return nil }
        return word.firstIndex(of: "=").map { String(word[..<$0]) } ?? word
    }
}

/// Puts the words that are options of `inner`, and not of `outer`, behind `--`, in their order.
///
/// What neither knows stays where it is, for the parser to complain about. Words behind a `--` stay behind it.
package func sortWords(_ words: [String], outer: OptionTable, inner: OptionTable) -> [String] {
    var own: [String] = []
    var passed: [String] = []
    var index = 0
    while index < words.count {
        let word = words[index]
        index += 1
        if word == "--" {
            passed += words[index...]
            break
        }
        let name = OptionTable.name(in: word)
        let isPassed = name.map { !outer.holds($0) && inner.holds($0) } ?? false
        let takesValue = name.flatMap { isPassed ? inner.takesValue[$0] : outer.takesValue[$0] } ?? false
        let count = takesValue && word == name && index < words.count ? 2 : 1
        let taken = words[(index - 1)..<(index - 1 + count)]
        index += count - 1
        if isPassed { passed += taken } else { own += taken }
    }
    return passed.isEmpty ? own : own + ["--"] + passed
}
