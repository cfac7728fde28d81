// What there is to do: walks the source directory, reads its job files, and checks the options of every folder.

import Glibc
import VTXModel
import VTXSystem

/// The beginning of a batch.
struct Discovery {
    let walk: TreeWalk
    private let options: BatchOptions
    private let frontEnd: FrontEnd

    init(_ options: BatchOptions, _ directory: BatchDirectory, _ frontEnd: FrontEnd) {
        self.options = options
        self.frontEnd = frontEnd
        var walk = TreeWalk(root: directory.source, avoided: directory.output)
        walk.include = options.include
        walk.exclude = options.exclude
        walk.maximumDepth = options.maximumDepth
        self.walk = walk
    }

    /// Settings before any job file is read.
    var baseSettings: SettingsTree {
        SettingsTree(base: ItemSettings(target: options.commandLine.target ?? .mp4), table: frontEnd.table)
    }

    /// Files and settings of the tree as it is.
    ///
    /// - Parameter watcher: takes files that may still be on their way.
    /// - Throws: `.noInput` for a job file that cannot be read, `.usage` for options that are wrong.
    func run(watcher: Watcher?) throws(VTXError) -> BatchStateEvent {
        var found = walk.run()
        let settings = try readJobFiles(found.jobFiles)
        if let watcher {
            found.candidates.removeAll { watcher.expectIfFresh($0, settling: options.settling) }
        }
        try checkOptions(of: found.candidates, settings)
        return .found(found, settings)
    }

    /// What the job file at the top says gives way to the command line; what any says of folders does not.
    private func readJobFiles(_ paths: [String]) throws(VTXError) -> SettingsTree {
        var settings = baseSettings
        if !paths.contains(TreeWalk.jobFileName) { try addCommandLine(to: &settings) }
        for path in paths {
            let absolute = "\(walk.root)/\(path)"
            let folder = SplitPath(path).folder
            if let wrong = walk.jobFileProblem(path) {
                throw VTXError(.noInput, "cannot read \(absolute)", cause: wrong)
            }
            guard let text = readText(absolute) else {
                throw VTXError(.noInput, "cannot read \(absolute)", cause: SystemFailure("read").words)
            }
            let file = try JobFile(
                text, path: absolute, folder: SplitPath(absolute).folder,
                target: settings.settings(for: folder).target, table: frontEnd.table, refused: frontEnd.refused,
                check: frontEnd.check)
            settings.changes.append((.folder(folder), file.own))
            if path == TreeWalk.jobFileName { try addCommandLine(to: &settings) }
            settings.changes += file.folders.map { (.pattern($0.pattern, below: folder), $0.change) }
        }
        return settings
    }

    private func addCommandLine(to settings: inout SettingsTree) throws(VTXError) {
        settings.changes.append((.folder(""), options.commandLine))
        let target = settings.settings(for: "").target
        let table = frontEnd.table(target)
        if let alien = options.commandLine.options.keys.sorted().first(where: { !table.holds($0) }) {
            throw VTXError(
                .usage, "vtx \(target.command) has no option \(alien)",
                cause: "\(TreeWalk.jobFileName) says `to: \(target.rawValue)`", remedy: "set \(.target) too")
        }
    }

    /// Options that are right one by one may contradict each other where job files and the command line meet.
    private func checkOptions(of candidates: [Candidate], _ tree: SettingsTree) throws(VTXError) {
        var checked: Set<ItemSettings> = []
        for folder in Set(candidates.map { SplitPath($0.path).folder }).sorted() {
            let settings = tree.settings(for: folder)
            guard !settings.isSkipped, checked.insert(settings).inserted else { continue }
            let table = frontEnd.table(settings.target)
            if settings.value(of: .encryption, in: table) != nil, settings.value(of: .keyFile, in: table) == nil {
                throw VTXError(
                    .usage, "\(.encryption) in a batch needs \(.keyFile)",
                    cause: "each package would get its own key, but \(.keyURI) is the same for all",
                    remedy: "create a key, and pass \(.keyFile) and \(.keyURI)")
            }
            guard let wrong = frontEnd.check(settings.target, settings.words) else { continue }
            throw VTXError(
                .usage, "invalid options for \(folder.isEmpty ? options.source : folder)", cause: wrong,
                remedy: "check the command line and the \(TreeWalk.jobFileName) of this folder and its parents")
        }
    }
}
