// Chunks, and what interrupted runs left of them.

import ArgumentParser
import VTXCommandLine
import VTXKit
import VTXModel

struct ChunkArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Chunk duration in seconds; an interrupted job resumes at chunk boundaries; 0 for a single chunk.",
            valueName: "s"))
    var chunk: Seconds?

    @Flag(help: "Discard saved progress and start over.")
    var fresh = false

    func validate() throws {
        if let chunk = chunk?.value, chunk < Rational(0) || chunk > Rational(3600) {
            throw ValidationError("--chunk must be from 0 to 3600")
        }
    }
}

/// What a job found of an interrupted one, for people.
func resumptionText(_ found: Resumption) -> String {
    if let reason = found.discarded { return "discarding the progress of an interrupted run: \(reason)" }
    let part = found.fraction.map { "\(decimal($0 * 100, 0)) % done" }
    return "resuming an interrupted run (\(part ?? bytesText(found.bytes) + " done"))"
}
