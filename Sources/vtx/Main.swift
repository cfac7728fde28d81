// The program: parses the command line, runs one command, turns errors into an exit status.

import ArgumentParser
import Glibc
import VTXKit
import VTXModel

struct VTX: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vtx",
        abstract: "Turn a video file into files that play.",
        discussion: """
            Results go to standard output, everything else to standard error. --json makes every command \
            write newline-delimited JSON. Exit status: 0 done, 1 some of several inputs failed, 64 usage, \
            65 bad or truncated media, 66 no such input, 69 codec or encoder not in this build, \
            73 cannot create the output, 74 I/O error (disk full), 130 interrupted, 143 terminated.
            """,
        version: BuildInfo.banner,
        subcommands: [
            ProbeCommand.self, TranscodeCommand.self, LadderCommand.self, PackageCommand.self, BatchCommand.self,
            ThumbnailCommand.self,
        ])
}

@main
enum Main {
    static func main() {
        // A reader that goes away must not kill a job half way: writing to it fails quietly instead.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try VTX.parseAsRoot(BatchCommand.sorted(Array(CommandLine.arguments.dropFirst())))
            try command.run()
        } catch let error as VTXError {
            Terminal.show(error)
            exit(error.kind.exitStatus)
        } catch {
            let status = VTX.exitCode(for: error)
            // Help, the version and completion scripts are errors to the parser only; ExitCode says nothing.
            guard status == .validationFailure, !(error is ExitCode) else { VTX.exit(withError: error) }
            let usage = VTXError(.usage, VTX.message(for: error), hint: "`\(helpCommand)` lists the options")
            if CommandLine.arguments.contains("--json") {
                let json = JSONLines()
                try? json.writeHeader(command: "vtx")
                json.write("error", ErrorLine(usage, path: ""))
            }
            Terminal.show(usage)
            exit(usage.kind.exitStatus)
        }
    }

    private static var helpCommand: String {
        let names = VTX.configuration.subcommands.map { $0.configuration.commandName ?? "" }
        let command = CommandLine.arguments.dropFirst().first { names.contains($0) }
        return ["vtx", command, "--help"].compactMap { $0 }.joined(separator: " ")
    }
}
