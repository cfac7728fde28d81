// Which program of a transport stream is read.

import ArgumentParser

struct ProgramArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Program of a transport stream, by its number (default: the first one with video).", valueName: "n"))
    var program: Int?
}
