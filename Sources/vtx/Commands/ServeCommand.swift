// vtx serve DIR

import ArgumentParser
import VTXCommandLine
import VTXModel

/// Only reads the command line. Serving takes libraries for HTTP, which are in a program of their own: vtx is built,
/// installed and started without them.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Preview packages in a browser, with a player page.",
        discussion: """
            Serves all files below DIR that are not hidden; packages get a page that plays them and charts the \
            player's behavior. Listens on the loopback interface unless --host is given. With --report it \
            summarizes a session log instead of serving. Runs until interrupted, then exits with status 0.

              vtx serve package
              vtx serve package --throttle 5M:20s,800k:20s,3M
            """)

    @OptionGroup var arguments: ServeArguments

    func run() throws {
        let words = (1..<Int(CommandLine.argc)).compactMap { CommandLine.unsafeArgv[$0].map { UnsafePointer($0) } }
        let failure: VTXError
        do throws(VTXError) { failure = try ServerProgram().replaceThisProcess(words) } catch { failure = error }
        if arguments.output.json {
            let json = JSONLines()
            json.writeHeader(command: "serve")
            json.write(failure, of: arguments.report ?? arguments.directory ?? "")
        }
        throw failure
    }
}
