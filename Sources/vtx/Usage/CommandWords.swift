// The words behind a command: options that it does not have, too many files, no output.

import ArgumentParser
import VTXBatch
import VTXModel
import VTXSystem

/// The words of one command.
struct CommandWords {
    private let command: any ParsableCommand.Type
    private let name: String
    private let table: OptionTable
    private let words: [String]
    private let commands: [any ParsableCommand.Type]

    /// - Parameter commands: of the program.
    init(_ command: any ParsableCommand.Type, _ words: ArraySlice<String>, all commands: [any ParsableCommand.Type]) {
        self.commands = commands
        self.command = command
        name = command.configuration.commandName ?? ""
        table = OptionTable(of: command)
        self.words = Array(words)
    }

    /// What is wrong with them; `nil`: nothing that shows without parsing values.
    var error: VTXError? {
        var files: [String] = []
        var output: String?
        var asksForHelp = false
        var index = 0
        while index < words.count {
            let word = words[index]
            index += 1
            if word == "--" {
                if name != BatchCommand.configuration.commandName { files += words[index...] }
                break
            }
            guard let option = OptionTable.name(in: word) else {
                files.append(word)
                continue
            }
            guard let takesValue = takesValue(option) else {
                if let wrong = unknownOption(option, word, files) { return wrong }
                // `-qo NAME`: the value is that of the last letter.
                if let last = option.last, table.takesValue["-\(last)"] == true, index < words.count {
                    if last == "o" { output = words[index] }
                    index += 1
                }
                continue
            }
            if ["-h", "--help", "--version"].contains(option) { asksForHelp = true }
            if takesValue, option == word, index < words.count {
                if ["-o", "--output"].contains(option) { output = words[index] }
                index += 1
            } else if ["-o", "--output"].contains(option) {
                output = option == word ? "" : String(word.dropFirst(option.count + 1))
            }
        }
        return asksForHelp
            ? nil : fileError(files, output) ?? output.flatMap { outputNameError($0, of: name, from: files) }
    }

    /// Whether a value follows an option; `nil` for an option that does not exist.
    private func takesValue(_ option: String) -> Bool? {
        if ["-h", "--help", "-help", "--help-hidden", "--version", "--experimental-dump-help"].contains(option) {
            return false
        }
        if let known = table.takesValue[option] { return known }
        // A batch takes the options of the commands that it runs.
        guard name == BatchCommand.configuration.commandName else { return nil }
        return WorkerCommand.transcode.takesValue[option] ?? WorkerCommand.ladder.takesValue[option]
    }

    /// Flags of one letter written as one word: `-qo`. None of them is a request for help: that is a file's name or a slip.
    private func isCluster(_ option: String) -> Bool {
        option.count > 2 && !option.hasPrefix("--") && !option.contains("h")
            && option.dropFirst().allSatisfy { table.takesValue["-\($0)"] != nil }
    }

    private func unknownOption(_ option: String, _ word: String, _ files: [String]) -> VTXError? {
        if isCluster(option) { return nil }
        if FileIdentity(word) != nil {
            return VTXError(
                .usage, "'\(word)' looks like an option, but is a file",
                remedy: "a file whose name begins with a dash is given as './\(word)'")
        }
        let remedy: Message =
            if isNamedLikeMedia(word) {
                "a file whose name begins with a dash is given as './\(word)'"
            } else if option == "-i" {
                "the input needs no option: `vtx \(name) \(inputAndOutput(files))`"
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
    private func inputAndOutput(_ files: [String]) -> String {
        let input =
            words.firstIndex(of: "-i").flatMap { words.indices.contains($0 + 1) ? words[$0 + 1] : nil } ?? "INPUT"
        guard takesValue("-o") == true else { return fileWord(input) }
        let named = words.firstIndex(of: "-o").flatMap { words.indices.contains($0 + 1) ? words[$0 + 1] : nil }
        let last = words.last.flatMap { $0.hasPrefix("-") || $0 == input ? nil : $0 }
        return "\(fileWord(input)) -o \(fileWord(named ?? last ?? "NAME.mp4"))"
    }

    private func likely(_ option: String) -> String? {
        let typed = String(option.drop { $0 == "-" })
        var known = Array(table.takesValue.keys)
        if name == BatchCommand.configuration.commandName {
            known += WorkerCommand.transcode.takesValue.keys + Array(WorkerCommand.ladder.takesValue.keys)
        }
        let long = Set(known.filter { $0.hasPrefix("--") }.map { String($0.dropFirst(2)) })
        return nearest(to: typed, among: long).map { "--\($0)" }
    }

    /// Another command that has the option.
    private func owner(of option: String) -> String? {
        commands.first { $0.configuration.shouldDisplay && OptionTable(of: $0).holds(option) }?
            .configuration.commandName
    }

    // MARK: Files

    private func fileError(_ files: [String], _ output: String?) -> VTXError? {
        let isOne = ["transcode", "ladder", "batch"].contains(name)
        guard isOne || name == "package" else { return nil }
        let kind = name == "transcode" ? "NAME.mp4" : "DIR"
        let input = name == "batch" ? "SOURCE_DIR" : name == "package" ? "FILE..." : "INPUT"
        if files.isEmpty {
            return VTXError(
                .usage, "no input", remedy: "use `vtx \(name) \(input) -o \(output.map(fileWord) ?? kind)`")
        }
        if output == nil {
            // Two files where one is read: the second is an output as other programs take it.
            let unmarked = isOne && files.count > 1 ? files[files.count - 1] : nil
            let given = (isOne ? [files[0]] : files).map(fileWord).joined(separator: " ")
            return VTXError(
                .usage, unmarked.map { "no output: -o is missing before '\($0)'" } ?? "no output: -o is missing",
                remedy: "use `vtx \(name) \(given) -o \(unmarked.map(fileWord) ?? kind)`")
        }
        guard isOne, files.count > 1 else { return nil }
        return VTXError(
            .usage, "vtx \(name) takes one input, but '\(files[1])' follows",
            remedy: name == "batch"
                ? "run it once for each directory"
                : "run it once for each file, or use `vtx batch DIR -o OUT` for all files of a directory")
    }
}
