// Looks over a command line before the parser does: commands and options that do not exist, words that are files.
//
// The parser reads a file called `-dash.3gp` as a cluster of flags that asks for help, and answers a mistyped command
// by what is wrong with the words behind it.

import ArgumentParser
import VTXBatch
import VTXCommandLine
import VTXModel
import VTXSystem

/// The words of a command line, without the program's name.
struct WordCheck {
    let words: [String]
    /// Of the program.
    let commands: [any ParsableCommand.Type]

    /// What is wrong with them, all at once; none: nothing that shows without parsing their values.
    var errors: [VTXError] {
        guard let first = words.first else { return [] }
        if first == "help" {
            return words.dropFirst().filter { !$0.hasPrefix("-") && $0 != "help" && command(named: $0) == nil }
                .map(unknownCommand)
        }
        if let command = command(named: first) { return CommandWords(command, words.dropFirst(), all: commands).errors }
        if first.hasPrefix("-") { return Self.rootOptions.contains(rootName(first)) ? [] : [noCommand] }
        return [FileIdentity(first) != nil || isNamedLikeMedia(first) ? noCommand : unknownCommand(first)]
    }

    /// What is wrong with the values of a command line that the parser has refused; none: it was refused for another
    /// reason.
    var valueErrors: [VTXError] {
        guard let command = words.first.flatMap(command(named:)) else { return [] }
        return CommandWords(command, words.dropFirst(), all: commands).valueErrors
    }

    private static let rootOptions: Set<String> = [
        "-h", "-help", "--help", "--help-hidden", "--version", "--generate-completion-script",
        "--experimental-dump-help",
        "---completion",
    ]

    private func rootName(_ word: String) -> String { word.split(separator: "=").first.map(String.init) ?? word }

    private func command(named name: String) -> (any ParsableCommand.Type)? {
        commands.first { $0.configuration.commandName == name }
    }

    private var commandNames: [String] {
        commands.map { $0.configuration }.filter { $0.shouldDisplay }.compactMap { $0.commandName }
    }

    /// What other programs call the commands.
    private static let synonyms = [
        "convert": "transcode", "encode": "transcode", "info": "probe", "identify": "probe", "hls": "ladder",
        "server": "serve", "preview": "serve",
    ]

    private func unknownCommand(_ word: String) -> VTXError {
        let meant = nearest(to: word, among: commandNames) ?? Self.synonyms[word.lowercased()]
        return VTXError(
            .usage, "there is no command '\(word)'",
            remedy: .advice(
                Message(
                    meant.map { "did you mean `vtx \($0)`?" }
                        ?? "the commands are \(commandNames.joined(separator: ", "))")))
    }

    /// Files without a command, as other programs take them.
    private var noCommand: VTXError {
        if let command = words.first(where: { command(named: $0) != nil }) {
            return VTXError(
                .usage, "no command before '\(words[0])'",
                remedy: "the command comes first: `vtx \(command) ...`")
        }
        let marked = words.firstIndex(of: "-i").flatMap { words.indices.contains($0 + 1) ? words[$0 + 1] : nil }
        let files = words.filter { !$0.hasPrefix("-") || FileIdentity($0) != nil }
        let input = marked ?? files.first
        let output = files.last { $0 != input }
        return VTXError(
            .usage, "no command before '\(words[0])'",
            remedy: input == nil
                ? "the commands are \(commandNames.joined(separator: ", "))"
                : "use `vtx transcode \(fileWord(input ?? "")) -o \(fileWord(output ?? "NAME.mp4"))`, or see `vtx --help`"
        )
    }
}
