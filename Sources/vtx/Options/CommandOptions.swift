// Reads the options of a command from its own description: `vtx batch` passes them on.

import ArgumentParser
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import VTXCommandLine
import VTXBatch
import VTXModel

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
        self.init(
            takesValue,
            spelling: Dictionary(uniqueKeysWithValues: Setting.allCases.map { ($0, $0.option) }))
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
