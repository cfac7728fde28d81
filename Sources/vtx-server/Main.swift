// The program that speaks HTTP. `vtx serve` and `vtx batch --metrics` start it; vtx has checked its command line.

import ArgumentParser
import Glibc
import VTXCommandLine
import VTXKit
import VTXModel

struct VTXServer: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vtx-server",
        abstract: "The server of vtx; start it by `vtx serve`.",
        version: BuildInfo.banner,
        subcommands: [ServeCommand.self, MetricsCommand.self])
}

@main
enum Main {
    static func main() { exit(run()) }

    /// - Returns: the exit status. Nothing is held any more then: an error that is still held counts as a leak.
    private static func run() -> Int32 {
        // A reader that goes away must not end the server.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try VTXServer.parseAsRoot(commandLineWords())
            try command.run()
            return 0
        } catch let error as VTXError {
            Terminal.show(error)
            return error.kind.exitStatus
        } catch {
            VTXServer.exit(withError: error)
        }
    }
}
