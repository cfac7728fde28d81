// The option about the user's defaults, of the commands that may have some.

import ArgumentParser

struct DefaultsArguments: ParsableArguments {
    // Only to be shown and accepted: what it does is done before the parser sees the command line.
    @Flag(help: "Ignore the defaults in ~/.config/vtx/config.yaml.")
    var noConfig = false
}
