// Options that every command has.

import ArgumentParser

/// How much is written, and as what.
package struct OutputOptions: ParsableArguments {
    @Flag(help: "Write newline-delimited JSON to standard output.")
    package var json = false

    @Flag(name: .shortAndLong, help: "Print only errors.")
    package var quiet = false

    @Flag(help: "Also print libav's warnings.")
    package var verbose = false

    package init() {}

    package func validate() throws {
        if quiet && verbose { throw ValidationError("--quiet and --verbose cannot be combined") }
    }
}
