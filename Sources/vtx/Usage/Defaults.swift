// The user's defaults file: options that are added to a command line unless it says something else.

import ArgumentParser
import Glibc
import VTXBatch
import VTXCommandLine
import VTXModel
import VTXSystem

/// The defaults of the user who runs the program.
struct Defaults {
    /// The command line with the defaults in it.
    private(set) var words: [String]
    /// What was added, for people; `nil`: nothing.
    private(set) var note: String?

    /// Commands that may have defaults.
    private static let commands: [any ParsableCommand.Type] = [
        TranscodeCommand.self, LadderCommand.self, PackageCommand.self, BatchCommand.self,
    ]

    /// Options that say what a single run is for.
    private static let refused: Set<String> = ["--output", "--no-config", "--help", "--version"]

    /// - Parameter words: of the command line, the command's name first.
    /// - Throws: `.usage` for a file that is not right, `.noInput` for one that cannot be read.
    init(_ words: [String]) throws(VTXError) {
        self.words = words
        guard let name = words.first,
            let command = Self.commands.first(where: { $0.configuration.commandName == name })
        else { return }
        let scan = WordScan(words.dropFirst(), CommandTable(command))
        guard !scan.asksForHelp, !scan.options.contains(["--no-config"]), let path = Self.path, FileStatus(path) != nil
        else { return }
        let file = try Self.read(path)
        let rules = DefaultRules(scan)
        let entries = (file.sections[name] ?? []).filter { !rules.replace($0.option) }
        try Self.check(entries, of: command, in: file)
        let added = entries.flatMap(\.words)
        guard !added.isEmpty else { return }
        self.words = [name] + added + words.dropFirst()
        note = "defaults from \(path): \(added.map(shellWord).joined(separator: " "))"
    }

    /// `$XDG_CONFIG_HOME/vtx/config.yaml`; that directory is `~/.config` if the variable is not an absolute path.
    private static var path: String? {
        let variable = { (name: String) in
            getenv(name).map { String(cName: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
        }
        let folder = variable("XDG_CONFIG_HOME") ?? variable("HOME").map { "\($0)/.config" }
        return folder.map { "\($0)/vtx/config.yaml" }
    }

    private static func read(_ path: String) throws(VTXError) -> DefaultsFile {
        guard let text = readText(path) else { throw SystemFailure("read").reading(path) }
        let tables = commands.map { ($0.configuration.commandName ?? "", OptionTable(of: $0)) }
        return try DefaultsFile(
            text, path: path, folder: SplitPath(path).folder, tables: Dictionary(uniqueKeysWithValues: tables),
            refused: refused, help: "see docs/commands.md for defaults; --no-config ignores them")
    }

    /// - Throws: `.usage` for a value that the command does not take.
    private static func check(
        _ entries: [DefaultsFile.Entry], of command: any ParsableCommand.Type, in file: DefaultsFile
    ) throws(VTXError) {
        let table = CommandTable(command)
        for entry in entries {
            guard let wrong = ValueCheck(WordScan(entry.words, table), of: command, table).errors.first else {
                continue
            }
            throw VTXError(
                .usage, "\(file.path)\(entry.place): \(wrong.message.commandLineText)", cause: wrong.cause,
                remedy: wrong.remedy)
        }
    }
}
