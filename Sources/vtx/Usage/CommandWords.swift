// The words behind a command: options that it does not have, too many files, no output.

import ArgumentParser
import VTXBatch
import VTXCommandLine
import VTXModel
import VTXSystem

/// The words of one command.
struct CommandWords {
    private let command: any ParsableCommand.Type
    private let table: CommandTable
    private let scan: WordScan
    private let commands: [any ParsableCommand.Type]

    private var name: String { table.name }

    /// - Parameter commands: of the program.
    init(_ command: any ParsableCommand.Type, _ words: ArraySlice<String>, all commands: [any ParsableCommand.Type]) {
        self.commands = commands
        self.command = command
        table = CommandTable(command)
        scan = WordScan(words, table)
    }

    /// What is wrong with them, options and their values first. Without a mistake that shows before values are parsed,
    /// values are left to the parser.
    var errors: [VTXError] {
        guard !scan.asksForHelp || !scan.unknown.isEmpty else { return [] }
        let unknown = scan.unknown.map(unknownOption)
        // The value of an option that does not exist would be taken for a file.
        let files = unknown.isEmpty ? [fileError ?? outputError].compactMap { $0 } : []
        guard !unknown.isEmpty || !files.isEmpty || table.passesOn else { return [] }
        return unknown + valueErrors + files
    }

    /// What is wrong with values of options.
    var valueErrors: [VTXError] { ValueCheck(scan, of: command, table).errors }

    private var outputError: VTXError? { scan.output.flatMap { outputNameError($0, of: name, from: scan.files) } }

    private func unknownOption(_ found: WordScan.Unknown) -> VTXError {
        let (option, word) = (found.option, found.word)
        if FileIdentity(word) != nil {
            return VTXError(
                .usage, "'\(word)' looks like an option, but is a file",
                remedy: "a file whose name begins with a dash is given as './\(word)'")
        }
        let remedy: Message =
            if isNamedLikeMedia(word) {
                "a file whose name begins with a dash is given as './\(word)'"
            } else if option == "-i" {
                "the input needs no option: `vtx \(name) \(inputAndOutput)`"
            } else if let advice = ForeignHabits.advice(for: option) {
                Message(advice)
            } else if let meant = likely(option) {
                "did you mean \(meant)?"
            } else if let other = owner(of: option) {
                "it is an option of `vtx \(other)`"
            } else {
                "`vtx \(name) --help` lists the options"
            }
        return VTXError(.usage, "vtx \(name) has no option '\(option)'", remedy: .advice(remedy))
    }

    /// The command line without `-i`.
    private var inputAndOutput: String {
        let words = scan.words
        let input =
            words.firstIndex(of: "-i").flatMap { words.indices.contains($0 + 1) ? words[$0 + 1] : nil } ?? "INPUT"
        guard table.takesValue("-o") == true else { return fileWord(input) }
        let last = words.last.flatMap { $0.hasPrefix("-") || $0 == input ? nil : $0 }
        return "\(fileWord(input)) -o \(fileWord(scan.output ?? last ?? "NAME.mp4"))"
    }

    private func likely(_ option: String) -> String? {
        let other = ForeignHabits.options[option]?.first { table.takesValue($0) != nil }
        return other ?? nearest(to: String(option.drop { $0 == "-" }), among: table.longNames).map { "--\($0)" }
    }

    /// Another command that has the option.
    private func owner(of option: String) -> String? {
        commands.first { $0.configuration.shouldDisplay && OptionTable(of: $0).holds(option) }?
            .configuration.commandName
    }

    // MARK: Files

    private var fileError: VTXError? {
        let isOne = ["ladder", "extract", "batch"].contains(name)
        let isSeveral = ["package", "join"].contains(name)
        guard isOne || isSeveral || name == "transcode" else { return nil }
        let kind = ["transcode", "join"].contains(name) ? "NAME.mp4" : name == "extract" ? "NAME.png" : "DIR"
        let input = name == "batch" ? "SOURCE_DIR" : isSeveral ? "FILE..." : "INPUT"
        let files = scan.files
        guard let first = files.first else {
            return VTXError(
                .usage, "no input", remedy: "use `vtx \(name) \(input) -o \(scan.output.map(fileWord) ?? kind)`")
        }
        guard let output = scan.output else {
            let given = (isOne ? [first] : files).map(fileWord).joined(separator: " ")
            return VTXError(.usage, "no output: -o is missing", remedy: "use `vtx \(name) \(given) -o \(kind)`")
        }
        guard files.count > 1, !isSeveral else { return nil }
        guard isOne else { return isDirectory(output) ? nil : severalInputs(output) }
        return VTXError(
            .usage, "vtx \(name) takes one input, but '\(files[1])' follows",
            remedy: name == "batch" || name == "extract"
                ? "run it once for each \(name == "batch" ? "directory" : "file")"
                : "run it once for each file, or use `vtx batch DIR -o OUT` for all files of a directory")
    }

    private func isDirectory(_ output: String) -> Bool {
        output.hasSuffix("/") || FileStatus(output)?.kind == .directory
    }

    private func severalInputs(_ output: String) -> VTXError {
        VTXError(
            .usage, "several inputs need a directory for their outputs, and '\(output)' is not one",
            remedy: "use -o DIR/, or `vtx batch DIR -o OUT` for all files of a directory")
    }
}
