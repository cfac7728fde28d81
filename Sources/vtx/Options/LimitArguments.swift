// What a source may take, and whether it may need repair.

import ArgumentParser
import VTXKit
import VTXModel

/// Limits of every command that opens files.
struct ProcessLimitArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Reject frames larger than N pixels.", valueName: "n"))
    var maxPixels = SourceLimits.usualPixels

    @Option(help: ArgumentHelp("Maximum memory of the job: 800M, 2G.", valueName: "size"))
    var maxMemory: ByteCount?

    func validate() throws {
        if maxPixels < 1 { throw ValidationError("--max-pixels must be at least 1") }
        if let maxMemory, maxMemory.value < 32 << 20 { throw ValidationError("--max-memory must be at least 32M") }
    }

    var limits: SourceLimits { SourceLimits(memory: maxMemory?.value, pixels: maxPixels) }
}

/// Limits of the commands that make something of a source.
struct LimitArguments: ParsableArguments {
    @Flag(help: "Treat every warning about the source as an error.")
    var strict = false

    @Option(help: ArgumentHelp("Maximum duration of the output; longer is an error.", valueName: "time"))
    var maxDuration: MediaTime?

    @OptionGroup var process: ProcessLimitArguments

    func validate() throws {
        if let maxDuration, maxDuration <= .zero { throw ValidationError("--max-duration must be above 0") }
    }

    var limits: SourceLimits {
        var limits = process.limits
        limits.isStrict = strict
        limits.duration = maxDuration
        return limits
    }
}

/// Bytes: `1500000`, `64K`, `800M`, `2GB`; the letters are powers of 1024.
struct ByteCount: ExpressibleByArgument {
    let value: Int

    init?(argument: String) {
        guard let number = parsedByteCount(argument, step: 1024), (1..<1e18).contains(number) else {
            return nil
        }
        value = Int(number)
    }
}
