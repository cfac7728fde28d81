// Which options a command has, for a look at its words before the parser takes them.

import ArgumentParser
import VTXBatch

/// The options of one command.
struct CommandTable {
    let name: String
    let own: OptionTable
    /// The commands whose options it passes on.
    private let passed: [OptionTable]

    init(_ command: any ParsableCommand.Type) {
        name = command.configuration.commandName ?? ""
        own = OptionTable(of: command)
        passed = Self.isBatch(name) ? [WorkerCommand.transcode, WorkerCommand.ladder] : []
    }

    /// Whether words behind `--` are options of another command.
    var passesOn: Bool { Self.isBatch(name) }

    /// Whether a value follows an option; `nil` for an option that does not exist.
    func takesValue(_ option: String) -> Bool? {
        if ["-h", "--help", "-help", "--help-hidden", "--version", "--experimental-dump-help"].contains(option) {
            return false
        }
        return own.takesValue[option] ?? passed.lazy.compactMap { $0.takesValue[option] }.first
    }

    /// Flags of one letter written as one word: `-qo`. None of them is a request for help: that is a file's name or a slip.
    func isCluster(_ option: String) -> Bool {
        option.count > 2 && !option.hasPrefix("--") && !option.contains("h")
            && option.dropFirst().allSatisfy { own.takesValue["-\($0)"] != nil }
    }

    /// The long options without their dashes.
    var longNames: Set<String> {
        let names = ([own] + passed).flatMap { $0.takesValue.keys }
        return Set(names.filter { $0.hasPrefix("--") }.map { String($0.dropFirst(2)) })
    }

    private static func isBatch(_ name: String) -> Bool { name == BatchCommand.configuration.commandName }
}
