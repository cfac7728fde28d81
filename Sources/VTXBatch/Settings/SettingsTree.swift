// The settings of every folder: what the command line says, and what job files change below it.

/// Settings by folder.
package struct SettingsTree: Sendable {
    /// What the command line says; only what job files say of folders goes over it.
    package var base: ItemSettings
    /// Job files' changes: the folder they hold for, as a glob or a path; later ones win.
    package var changes: [(scope: Scope, change: SettingsOverride)] = []
    private let table: @Sendable (BatchTarget) -> OptionTable

    /// Where a change holds.
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

    /// - Parameter table: the options of a target's command.
    package init(base: ItemSettings, table: @escaping @Sendable (BatchTarget) -> OptionTable) {
        self.base = base
        self.table = table
    }

    /// - Parameter folder: relative to the source directory.
    package func settings(for folder: String) -> ItemSettings {
        changes.reduce(base) { $1.scope.holds(for: folder) ? $0.applying($1.change, table: table) : $0 }
    }

    /// The options of a target's command.
    package func options(of target: BatchTarget) -> OptionTable { table(target) }
}

/// `a/b/c` → `a`, `a/b`, `a/b/c`.
private func prefixes(of path: String) -> [String] {
    guard !path.isEmpty else { return [] }
    return path.indices.filter { path[$0] == "/" }.map { String(path[..<$0]) } + [path]
}
