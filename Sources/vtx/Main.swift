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
            JoinCommand.self, CompareCommand.self, CleanCommand.self, ServeCommand.self, BatchCommand.self,
            PresetsCommand.self,
            CodecsCommand.self, FiltersCommand.self, DoctorCommand.self, ThumbnailCommand.self,
        ])
}

@main
enum Main {
    // Processes end here alone, when nothing is held any more: an error that is still held counts as a leak.
    static func main() { exit(run()) }

    private static func run() -> Int32 {
        let commands = VTX.configuration.subcommands
        var words = markingOutput(in: commandLineWords(), of: commands)
        do throws(VTXError) {
            let defaults = try Defaults(words)
            words = defaults.words
            let isQuiet = words.contains("--quiet") || words.contains("-q")
            if let note = defaults.note, !isQuiet { Terminal.note(note) }
        } catch {
            return fail([error], words)
        }
        let wrong = WordCheck(words: words, commands: commands).errors
        guard wrong.isEmpty else { return fail(wrong, words) }
        do {
            return try run(words)
        } catch {
            // A worker needs nothing that runs at exit, and two hundred libraries take their time for it.
            let status = (try? run(error.words)) ?? VTXError.Kind.internal.exitStatus
            fflush(nil)
            _exit(status)
        }
    }

    /// Runs one command.
    ///
    /// - Returns: the exit status.
    /// - Throws: what a worker is to run in place of the command.
    private static func run(_ words: [String]) throws(WorkerStart) -> Int32 {
        // A reader that goes away must not kill a job half way: writing to it fails quietly instead.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try VTX.parseAsRoot(BatchCommand.sorted(words))
            try command.run()
            return 0
        } catch let error as VTXError {
            Terminal.show(error)
            return error.kind.exitStatus
        } catch let worker as WorkerStart {
            throw worker
        } catch let code as ExitCode {
            return code.rawValue
        } catch {
            return failed(parsing: words, error)
        }
    }

    /// Answers an error of the parser.
    private static func failed(parsing words: [String], _ error: any Error) -> Int32 {
        let status = VTX.exitCode(for: error)
        // Help, the version and completion scripts are errors to the parser only.
        guard status == .validationFailure else { VTX.exit(withError: error) }
        let wrong = WordCheck(words: words, commands: VTX.configuration.subcommands).valueErrors
        let first = usageError(VTX.message(for: error), help: helpCommand(words))
        return fail(wrong.isEmpty ? [first] : wrong, words)
    }

    /// Reports what is wrong with a command line.
    ///
    /// - Parameter mistakes: all of them; one at least.
    /// - Returns: the exit status.
    private static func fail(_ mistakes: [VTXError], _ words: [String]) -> Int32 {
        if words.contains("--json") {
            let json = JSONLines()
            json.writeHeader(command: "vtx")
            for mistake in mistakes { json.write(mistake, of: "") }
        }
        for mistake in mistakes { Terminal.show(mistake) }
        return (mistakes.first?.kind ?? .usage).exitStatus
    }

    private static func helpCommand(_ words: [String]) -> String {
        let names = VTX.configuration.subcommands.map { $0.configuration.commandName ?? "" }
        let command = words.first { names.contains($0) }
        return ["vtx", command, "--help"].compactMap { $0 }.joined(separator: " ")
    }
}
