// Finds all values of a command line that are wrong: the parser ends at the first.

import ArgumentParser
import VTXBatch
import VTXCommandLine
import VTXModel

/// The options of a command line, tried one after the other.
struct ValueCheck {
    private let scan: WordScan
    private let command: any ParsableCommand.Type
    private let table: CommandTable

    init(_ scan: WordScan, of command: any ParsableCommand.Type, _ table: CommandTable) {
        self.scan = scan
        self.command = command
        self.table = table
    }

    /// What is wrong with the values of options.
    var errors: [VTXError] {
        guard table.passesOn else { return errors(of: scan.options, in: command, files: files) }
        let own = scan.options.filter { table.own.holds(OptionTable.name(in: $0[0]) ?? "") }
        let passed = scan.options.filter { !table.own.holds(OptionTable.name(in: $0[0]) ?? "") }
        let words = own.flatMap { $0 }
        let isLadder = BatchCommand.makesPackages(words)
        return errors(of: own, in: command, files: files)
            + errors(
                of: passed, in: isLadder ? LadderCommand.self : TranscodeCommand.self, files: ["in", "-o", "out.mp4"])
    }

    /// What the command needs beside its options.
    private var files: [String] {
        let needsInput = ["transcode", "ladder", "package", "extract", "batch", "probe"].contains(table.name)
        let inputs = needsInput ? ["in"] : ["join", "compare"].contains(table.name) ? ["one", "two"] : scan.files
        return inputs + (table.takesValue("-o") == true && scan.output == nil ? ["-o", "out.mp4"] : [])
    }

    /// Parses the options again and again, each time without the one that was refused.
    private func errors(of options: [[String]], in command: any ParsableCommand.Type, files: [String]) -> [VTXError] {
        var rest = options
        var errors: [VTXError] = []
        while true {
            do {
                _ = try command.parse(files + rest.flatMap { $0 })
                return errors
            } catch {
                guard command.exitCode(for: error) == .validationFailure else { return errors }
                let name = command.configuration.commandName ?? ""
                let text = command.message(for: error)
                guard let index = rest.firstIndex(where: { isNamed($0[0], in: text) }) else { return errors }
                let wrong = usageError(text, help: "vtx \(name) --help")
                if !errors.contains(where: { $0.message == wrong.message }) { errors.append(wrong) }
                rest.remove(at: index)
            }
        }
    }

    /// Whether a text is about an option: `--height` in `'--height <rows>'`.
    private func isNamed(_ word: String, in text: String) -> Bool {
        let name = OptionTable.name(in: word) ?? word
        let names = name == "-o" ? ["-o", "--output"] : [name]
        let words = text.split { !$0.isLetter && !$0.isNumber && $0 != "-" }.map(String.init)
        return words.contains(where: names.contains)
    }
}
