// What is to be made of a file: the target, the name and the options of the command that makes it.

/// What a batch makes of each file.
package enum BatchTarget: String, Hashable, Codable, Sendable, CaseIterable {
    case mp4, webm, mkv, avi
    /// An adaptive package.
    case hls

    /// The command that makes it.
    package var command: String { self == .hls ? "ladder" : "transcode" }
    /// What is added to the name; a package is a folder without an extension.
    var suffix: String { self == .hls ? "" : ".\(rawValue)" }
}

/// How one file is treated.
package struct ItemSettings: Hashable, Sendable {
    package var target: BatchTarget
    package var name: NameTemplate
    /// Options of the command, in order, as they are typed.
    package var words: [String]
    /// Leave the file out.
    package var isSkipped = false

    package init(target: BatchTarget, name: NameTemplate = .standard, words: [String] = []) {
        self.target = target
        self.name = name
        self.words = words
    }

    /// The value of an option, if it is given; the last one counts.
    package func value(of option: String) -> String? {
        var found: String?
        for (index, word) in words.enumerated() {
            if word == option, index + 1 < words.count { found = words[index + 1] }
            if word.hasPrefix(option + "=") { found = String(word.dropFirst(option.count + 1)) }
        }
        return found
    }
}

/// Some settings for a folder and what is below it.
package struct SettingsOverride: Hashable, Sendable {
    package var target: BatchTarget?
    package var name: NameTemplate?
    package var isSkipped: Bool?
    /// Option with its dashes, and the words it stands for; no words: the option is taken back.
    package var options: [String: [String]] = [:]

    package init() {}

    /// - Parameter words: options as they are typed; one that is repeated keeps all its values.
    package init(target: BatchTarget?, name: NameTemplate?, words: [String], table: OptionTable) {
        self.target = target
        self.name = name
        var index = 0
        while index < words.count {
            let name = OptionTable.name(in: words[index]) ?? words[index]
            let count = name == words[index] && table.takesValue[name] == true ? 2 : 1
            options[name, default: []] += words[index..<min(words.count, index + count)]
            index += count
        }
    }
}

extension ItemSettings {
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
            result.words = without(option, result.words, options) + words
        }
        return result
    }
}

private func without(_ option: String, _ words: [String], _ table: OptionTable) -> [String] {
    var rest: [String] = []
    var index = 0
    while index < words.count {
        let name = OptionTable.name(in: words[index])
        let isWhole = name == words[index]
        let count = isWhole && table.takesValue[words[index]] == true ? 2 : 1
        if name != option { rest += words[index..<min(words.count, index + count)] }
        index += count
    }
    return rest
}

/// The settings of every folder.
package struct SettingsTree: Sendable {
    /// What the command line says; over it nothing but what job files say of folders.
    package var base: ItemSettings
    /// Job files' changes: the folder they hold for, as a glob or a path, in order of precedence.
    package var changes: [(scope: Scope, change: SettingsOverride)] = []
    private let table: @Sendable (BatchTarget) -> OptionTable

    package enum Scope: Hashable, Sendable {
        /// A folder and what is below it, relative; "" is the root.
        case folder(String)
        /// Folders that match below one.
        case pattern(Glob, below: String)

        func holds(for folder: String) -> Bool {
            switch self {
            case .folder(let path): path.isEmpty || folder == path || folder.hasPrefix(path + "/")
            case .pattern(let glob, let base):
                // The folder itself or one around it.
                prefixes(of: folder).contains { path in
                    guard base.isEmpty || path.hasPrefix(base + "/") else { return false }
                    return glob.matches(base.isEmpty ? path : String(path.dropFirst(base.count + 1)))
                }
            }
        }
    }

    package init(base: ItemSettings, table: @escaping @Sendable (BatchTarget) -> OptionTable) {
        self.base = base
        self.table = table
    }

    /// - Parameter folder: relative to the source directory.
    package func settings(for folder: String) -> ItemSettings {
        changes.reduce(base) { $1.scope.holds(for: folder) ? $0.applying($1.change, table: table) : $0 }
    }
}

/// `a/b/c` → `a`, `a/b`, `a/b/c`.
private func prefixes(of path: String) -> [String] {
    guard !path.isEmpty else { return [] }
    return path.indices.filter { path[$0] == "/" }.map { String(path[..<$0]) } + [path]
}
