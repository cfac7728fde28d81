// Sorts a command line that holds the options of two commands.

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
