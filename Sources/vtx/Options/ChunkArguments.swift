// Chunks, and what interrupted runs left of them.

import ArgumentParser
import VTXKit
import VTXModel

struct ChunkArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Seconds per chunk: encoders start anew, and an interrupted job goes on from there; 0 for one chunk.",
            valueName: "s"))
    var chunk: Rational?

    @Flag(help: "Throw away what an interrupted run has done, and begin anew.")
    var fresh = false

    func validate() throws {
        if let chunk, chunk < Rational(0) || chunk > Rational(3600) {
            throw ValidationError("--chunk is from 0 to 3600")
        }
    }
}

/// What a job found of an interrupted one, for people.
func resumptionText(_ found: Resumption) -> String {
    if let reason = found.discarded { return "an interrupted run's work is thrown away: \(reason)" }
    let part = found.fraction.map { "\(decimal($0 * 100, 0))% of it is done" }
    return "goes on where an interrupted run stopped: \(part ?? bytesText(found.bytes) + " are done")"
}
