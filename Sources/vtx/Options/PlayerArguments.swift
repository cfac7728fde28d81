// The options about the player page, of `vtx ladder` and `vtx package`.

import ArgumentParser
import VTXModel

struct PlayerArguments: ParsableArguments {
    @Flag(help: "Put a page into the package that plays it.")
    var player = false

    @Option(
        help: ArgumentHelp("hls.js for that page; else it comes from a CDN.", valueName: "file"), completion: .file())
    var hlsJs: String?

    func validate() throws {
        if hlsJs != nil, !player { throw ValidationError("--hls-js goes with --player") }
    }

    var plan: PlayerPlan? { player ? PlayerPlan(script: hlsJs) : nil }
}
