// What options a command has, as the command itself tells: for `vtx batch`, which passes them on.

import ArgumentParser
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import VTXBatch
import VTXKit
import VTXModel
import VTXPlanning

extension OptionTable {
    /// The options of a command, read from the description that the parser makes of it.
    init(of command: (some ParsableCommand).Type) {
        var takesValue: [String: Bool] = [:]
        let help = try? JSONDecoder().decode(Help.self, from: Data(command._dumpHelp().utf8))
        for argument in help?.command.arguments ?? [] {
            for name in argument.names ?? [] {
                takesValue[(name.kind == "long" ? "--" : "-") + name.name] = argument.kind == "option"
            }
        }
        self.init(takesValue)
    }
}

/// The part of the description that matters here.
private struct Help: Decodable {
    struct Name: Decodable {
        var kind: String
        var name: String
    }
    struct Argument: Decodable {
        var kind: String
        var names: [Name]?
    }
    struct Command: Decodable { var arguments: [Argument]? }
    var command: Command
}

/// The command that makes a target.
enum WorkerCommand {
    static let transcode = OptionTable(of: TranscodeCommand.self)
    static let ladder = OptionTable(of: LadderCommand.self)

    static func table(_ target: BatchTarget) -> OptionTable { target == .hls ? ladder : transcode }

    /// What is wrong with a target's options, as far as that can be told without a file to work on; `nil`: nothing.
    static func complaint(_ target: BatchTarget, _ words: [String]) -> String? {
        let line = ["in", "-o", target == .hls ? "out" : "out.\(target.rawValue)"] + words
        do {
            let preset =
                try target == .hls ? LadderCommand.parse(line).preset : TranscodeCommand.parse(line).preset
            _ = try Preset.load(preset)
            return nil
        } catch let error as VTXError {
            return [error.message, error.cause].compactMap { $0?.commandLineText }.joined(separator: ": ")
        } catch {
            return target == .hls ? LadderCommand.message(for: error) : TranscodeCommand.message(for: error)
        }
    }

    /// Options that a batch gives its workers itself.
    static let own: Set<String> = [
        "--output", "-o", "--overwrite", "--dry-run", "--json", "--quiet", "-q", "--verbose", "--sandbox", "--keys-dir",
        "--container", "--help", "-h", "--version",
    ]
}
