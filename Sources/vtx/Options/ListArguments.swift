// The options of commands that print a list.

import ArgumentParser
import VTXCommandLine

struct ListArguments: ParsableArguments {
    @Flag(help: "Write JSON lines to standard output.")
    var json = false

    /// Prints a list.
    ///
    /// - Parameters:
    ///   - command: for the header of the JSON lines.
    ///   - type: of each line.
    ///   - text: the list for people.
    func show(_ entries: [some Encodable], of command: CommandConfiguration, as type: String, text: () -> [String]) {
        guard json else { return Terminal.result(text()) }
        let lines = JSONLines()
        lines.writeHeader(command: command.commandName ?? "")
        for entry in entries { lines.write(type, entry) }
    }
}
