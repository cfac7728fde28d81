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

    /// Options of which one rules out the others: one on the command line is enough to leave their defaults out.
    private static let alternatives: [Set<String>] = [
        ["--crf", "--bitrate", "--max-bitrate", "--two-pass"], ["--height", "--size", "--fit"],
        ["--end", "--duration"],
        ["--quiet", "-q", "--verbose"],
    ]

    /// - Parameter words: of the command line, the command's name first.
    /// - Throws: `.usage` for a file that is not right, `.noInput` for one that cannot be read.
    init(_ words: [String]) throws(VTXError) {
        self.words = words
        guard let name = words.first,
            let command = Self.commands.first(where: { $0.configuration.commandName == name })
        else { return }
        let scan = WordScan(words.dropFirst(), CommandTable(command))
        let given = Set(scan.options.compactMap { OptionTable.name(in: $0[0]) })
        guard !scan.asksForHelp, !given.contains("--no-config"), let path = Self.path, FileStatus(path) != nil else {
            return
        }
        let file = try Self.read(path)
        let entries = (file.sections[name] ?? []).filter { !Self.isOverridden($0.option, by: given) }
        try Self.check(entries, of: command, in: file)
        let added = entries.flatMap(\.words)
        guard !added.isEmpty else { return }
        self.words = [name] + added + words.dropFirst()
        note = "defaults of \(path): \(added.map(shellWord).joined(separator: " "))"
    }

    /// `$XDG_CONFIG_HOME/vtx/config.yaml`; that directory is `~/.config` if the variable is not set.
    private static var path: String? {
        let variable = { (name: String) in getenv(name).map { String(cName: $0) }.flatMap { $0.isEmpty ? nil : $0 } }
        let folder = variable("XDG_CONFIG_HOME") ?? variable("HOME").map { "\($0)/.config" }
        return folder.map { "\($0)/vtx/config.yaml" }
    }

    private static func read(_ path: String) throws(VTXError) -> DefaultsFile {
        guard let text = readText(path) else { throw SystemFailure("read").reading(path) }
        let tables = commands.map { ($0.configuration.commandName ?? "", OptionTable(of: $0)) }
        return try DefaultsFile(
            text, path: path, folder: SplitPath(path).folder, tables: Dictionary(uniqueKeysWithValues: tables),
            refused: refused)
    }

    private static func isOverridden(_ option: String, by given: Set<String>) -> Bool {
        let bare = option.hasPrefix("--no-") ? "--" + option.dropFirst(5) : option
        let own: Set = [bare, "--no-" + bare.dropFirst(2)]
        let others = alternatives.filter { $0.contains(option) }.reduce(own) { $0.union($1) }
        return !others.isDisjoint(with: given)
    }

    /// - Throws: `.usage` for a value that the command does not take.
    private static func check(
        _ entries: [DefaultsFile.Entry], of command: any ParsableCommand.Type, in file: DefaultsFile
    ) throws(VTXError) {
        let table = CommandTable(command)
        let scan = WordScan(entries.flatMap(\.words), table)
        guard let wrong = ValueCheck(scan, of: command, table).errors.first else { return }
        let entry = entries.first { entry in wrong.message.commandLineText.contains(entry.option) }
        throw VTXError(
            .usage, "\(file.path)\(entry?.place ?? ""): \(wrong.message.commandLineText)", cause: wrong.cause,
            remedy: wrong.remedy)
    }
}
