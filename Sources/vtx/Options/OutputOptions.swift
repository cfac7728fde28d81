// Options that every command has.

import ArgumentParser
import VTXKit

struct OutputOptions: ParsableArguments {
    @Flag(help: "Write newline-delimited JSON to standard output.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print only errors.")
    var quiet = false

    @Flag(help: "Also print libav's warnings.")
    var verbose = false

    func validate() throws {
        if quiet && verbose { throw ValidationError("--quiet and --verbose cannot be combined") }
    }
}
