// The options about the player page, of `vtx ladder` and `vtx package`.

import ArgumentParser
import VTXCommandLine
import VTXModel

struct PlayerArguments: ParsableArguments {
    @Flag(help: "Add a player page to the package.")
    var player = false

    @Option(
        help: ArgumentHelp("hls.js for that page (default: the installed one, or from a CDN).", valueName: "file"),
        completion: .file())
    var hlsJs: String?

    func validate() throws {
        if hlsJs != nil, !player { throw ValidationError("--hls-js requires --player") }
    }

    var plan: PlayerPlan? { player ? PlayerPlan(script: hlsJs ?? InstalledFiles.hlsScript) : nil }
}
