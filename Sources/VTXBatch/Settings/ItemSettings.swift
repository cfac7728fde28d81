// How one file is treated: the target, the name and the options of the command that makes it.

package import VTXModel

/// The settings of one file.
package struct ItemSettings: Hashable, Sendable {
    /// What is made of it.
    package var target: BatchTarget
    /// How the output is named.
    package var name: NameTemplate
    /// Options of the command, in order, as they are typed.
    package var words: [String]
    /// Whether the file is left out.
    package var isSkipped = false

    /// Settings for a target.
    package init(target: BatchTarget, name: NameTemplate = .standard, words: [String] = []) {
        self.target = target
        self.name = name
        self.words = words
    }

    /// The value of a setting, if it is given; the last one counts.
    ///
    /// - Parameter table: the options of the target's command.
    package func value(of setting: Setting, in table: OptionTable) -> String? {
        guard let option = table.option(for: setting) else { return nil }
        var found: String?
        for (index, word) in words.enumerated() {
            if word == option, index + 1 < words.count { found = words[index + 1] }
            if word.hasPrefix(option + "=") { found = String(word.dropFirst(option.count + 1)) }
        }
        return found
    }

    /// These settings with some replaced. Options that the target's command does not have are dropped: they were for
    /// the one that the target was before, or that an outer setting has changed.
    package func applying(_ change: SettingsOverride, table: (BatchTarget) -> OptionTable) -> ItemSettings {
        var result = self
        if let target = change.target {
            if target.command != self.target.command { result.words = [] }
            result.target = target
        }
        if let name = change.name { result.name = name }
        if let skip = change.isSkipped { result.isSkipped = skip }
        let options = table(result.target)
        for (option, words) in change.options.sorted(by: { $0.key < $1.key }) where options.holds(option) {
            result.words = options.removing(option, from: result.words) + words
        }
        return result
    }
}
