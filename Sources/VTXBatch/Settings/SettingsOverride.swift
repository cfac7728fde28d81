// What the command line or a job file changes for a folder.

/// Some settings for a folder and what is below it.
package struct SettingsOverride: Hashable, Sendable {
    /// Another target.
    package var target: BatchTarget?
    /// Another way to name outputs.
    package var name: NameTemplate?
    /// Whether files are left out.
    package var isSkipped: Bool?
    /// Option with its dashes, and the words it stands for; no words: the option is taken back.
    package var options: [String: [String]] = [:]

    /// Changes nothing.
    package init() {}

    /// - Parameter words: options as they are typed; one that is repeated keeps all its values.
    package init(target: BatchTarget?, name: NameTemplate?, words: [String], table: OptionTable) {
        self.target = target
        self.name = name
        for group in table.groups(words) { options[group.option ?? group.words[0], default: []] += group.words }
    }
}
