// The program: parses the command line, runs one command, turns errors into an exit status.

import ArgumentParser
import Glibc
import VTXCommandLine
import VTXKit
import VTXModel
import VTXSystem

struct VTX: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vtx",
        abstract: "Transcode video files and package them for HLS.",
        discussion: """
            Results go to standard output, everything else to standard error. --json makes every command \
            write newline-delimited JSON. Exit status: 0 success, 1 some of several inputs failed, 64 usage, \
            65 invalid or truncated media, 66 no such input, 69 codec or encoder not in this build, \
            73 cannot create the output, 74 I/O error (disk full), 130 interrupted, 143 terminated.

              vtx probe clip.mkv
              vtx transcode clip.mkv -o clip.mp4
              vtx ladder clip.mkv -o package && vtx serve package
            """,
        version: BuildInfo.banner,
        subcommands: [
            ProbeCommand.self, TranscodeCommand.self, LadderCommand.self, PackageCommand.self, ExtractCommand.self,
            JoinCommand.self, CleanCommand.self, ServeCommand.self, BatchCommand.self, PresetsCommand.self,
            CodecsCommand.self,
            FiltersCommand.self, ThumbnailCommand.self,
        ])
}

@main
enum Main {
    static func main() {
        let commands = VTX.configuration.subcommands
        let words = markingOutput(in: commandLineWords(), of: commands)
        let wrong = WordCheck(words: words, commands: commands).errors
        guard wrong.isEmpty else { fail(wrong, words, end: exit) }
        run(words, end: exit)
    }

    /// Runs one command to the end of the process.
    ///
    /// - Parameter end: ends the process with a status.
    static func run(_ words: [String], end: (Int32) -> Never) -> Never {
        // A reader that goes away must not kill a job half way: writing to it fails quietly instead.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try VTX.parseAsRoot(BatchCommand.sorted(words))
            try command.run()
            end(0)
        } catch let error as VTXError {
            Terminal.show(error)
            end(error.kind.exitStatus)
        } catch let worker as WorkerStart {
            run(worker.words) { status in
                fflush(nil)
                // A worker needs nothing that runs at exit, and two hundred libraries take their time for it.
                _exit(status)
            }
        } catch let code as ExitCode {
            end(code.rawValue)
        } catch {
            let status = VTX.exitCode(for: error)
            // Help, the version and completion scripts are errors to the parser only.
            guard status == .validationFailure else { VTX.exit(withError: error) }
            let wrong = WordCheck(words: words, commands: VTX.configuration.subcommands).valueErrors
            let first = usageError(VTX.message(for: error), help: helpCommand(words))
            fail(wrong.isEmpty ? [first] : wrong, words, end: end)
        }
    }

    /// Ends the process for a command line that is wrong.
    ///
    /// - Parameter mistakes: all of them; one at least.
    private static func fail(_ mistakes: [VTXError], _ words: [String], end: (Int32) -> Never) -> Never {
        if words.contains("--json") {
            let json = JSONLines()
            json.writeHeader(command: "vtx")
            for mistake in mistakes { json.write(mistake, of: "") }
        }
        for mistake in mistakes { Terminal.show(mistake) }
        end((mistakes.first?.kind ?? .usage).exitStatus)
    }

    private static func helpCommand(_ words: [String]) -> String {
        let names = VTX.configuration.subcommands.map { $0.configuration.commandName ?? "" }
        let command = words.first { names.contains($0) }
        return ["vtx", command, "--help"].compactMap { $0 }.joined(separator: " ")
    }
}
