// Which words of a command line belong to which command.
//
// `vtx batch` takes its own options and those of the command it runs for each file. Each command lists its options
// itself; nothing is listed twice.

package import VTXModel

/// The options of one command: their names, and whether a value follows.
package struct OptionTable: Hashable, Sendable {
    /// Keys with their dashes: `--height`, `-o`.
    package var takesValue: [String: Bool]
    /// How settings are spelt.
    private let spelling: [Setting: String]

    /// - Parameters:
    ///   - takesValue: options with their dashes, and whether a value follows.
    ///   - spelling: options of settings; those that the command does not have are ignored.
    package init(_ takesValue: [String: Bool], spelling: [Setting: String] = [:]) {
        self.takesValue = takesValue
        self.spelling = spelling.filter { takesValue[$0.value] != nil }
    }

    /// Whether the command has an option.
    package func holds(_ option: String) -> Bool { takesValue[option] != nil }

    /// The option of a setting; `nil` if the command has none.
    package func option(for setting: Setting) -> String? { spelling[setting] }

    /// The words without an option and its values.
    func removing(_ option: String, from words: [String]) -> [String] {
        groups(words).filter { $0.option != option }.flatMap(\.words)
    }

    /// The words in groups: an option with its value, or a word alone.
    func groups(_ words: [String]) -> [(option: String?, words: [String])] {
        var groups: [(option: String?, words: [String])] = []
        var rest = words[...]
        while let word = rest.first {
            let option = Self.name(in: word)
            let count = option == word && takesValue[word] == true ? 2 : 1
            groups.append((option, Array(rest.prefix(count))))
            rest = rest.dropFirst(count)
        }
        return groups
    }

    /// The name in a word such as `--height`, `--height=720` or `-o`; `nil` for a value.
    package static func name(in word: String) -> String? {
        guard word.hasPrefix("-"), word.count > 1 else { return nil }
        return word.firstIndex(of: "=").map { String(word[..<$0]) } ?? word
    }
}
