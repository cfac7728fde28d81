// vtx serve DIR

import ArgumentParser
import Dispatch
import Glibc
import VTXKit
import VTXModel
import VTXPlayer
import VTXServe

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

    @Argument(help: "The directory to serve: a package, or one with packages below it.", completion: .directory)
    var directory: String?

    @Option(help: ArgumentHelp("Port to listen on; 0 selects a free one.", valueName: "n"))
    var port = 8080

    @Option(help: ArgumentHelp("Host name or address to listen on.", valueName: "host"))
    var host = "127.0.0.1"

    @Option(
        help: ArgumentHelp(
            "Limit each client's bandwidth: 800k, or steps such as 5M:20s,800k:20s,3M.", valueName: "rate")
    )
    var throttle: ThrottleArgument?

    @Option(help: ArgumentHelp("Serve only signed links; the secret, or @FILE to read it from.", valueName: "secret"))
    var token: String?

    @Option(help: ArgumentHelp("Lifetime of the signed links: 90s, 30m, 24h, 7d.", valueName: "time"))
    var expires: LifetimeArgument?

    @Option(
        help: ArgumentHelp(
            "Allow cross-origin requests from this origin, or '*' for any; may be repeated.", valueName: "origin"))
    var cors: [String] = []

    @Option(
        help: ArgumentHelp(
            "hls.js for packages without one (default: the installed one, or from a CDN).", valueName: "file"),
        completion: .file())
    var hlsJs: String?

    @Option(
        help: ArgumentHelp("Append the events reported by player pages to a file.", valueName: "file"),
        completion: .file())
    var analytics: String?

    @Option(help: ArgumentHelp("Summarize such a file instead of serving.", valueName: "file"), completion: .file())
    var report: String?

    @OptionGroup(title: "Reporting") var output: OutputOptions

    func validate() throws {
        guard report == nil else {
            if directory != nil || analytics != nil || token != nil || throttle != nil || hlsJs != nil || !cors.isEmpty
                || expires != nil
            {
                throw ValidationError("--report cannot be combined with other options or a directory")
            }
            return
        }
        if directory == nil { throw ValidationError("Missing expected argument '<directory>'") }
        if !(0...65_535).contains(port) { throw ValidationError("--port must be from 0 to 65535") }
        if expires != nil, token == nil { throw ValidationError("--expires requires --token") }
        for origin in cors where origin != "*" {
            let parts = origin.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 3, parts[0].hasSuffix(":"), parts[1].isEmpty, !parts[2].isEmpty else {
                throw ValidationError("--cors must be '*' or an origin such as https://example.org")
            }
        }
    }

    func run() throws {
        let json = output.json ? JSONLines() : nil
        json?.writeHeader(command: "serve")
        do throws(VTXError) {
            if let report { try summarise(report, json) } else { try serve(directory ?? ".", json) }
        } catch {
            json?.write(error, of: report ?? directory ?? "")
            throw error
        }
    }

    private func serve(_ directory: String, _ json: JSONLines?) throws(VTXError) {
        var options = ServeOptions(
            directory: directory, host: host, port: port, throttle: throttle?.profile, origins: cors, log: analytics)
        if let token { options.secret = try secret(token) }
        if let expires { options.lifetime = expires.seconds }
        if let hlsJs = hlsJs ?? InstalledFiles.hlsScript { options.script = try HLSScript(reading: hlsJs) }
        if output.verbose { options.trace = { Terminal.note($0) } }
        let server = try PreviewServer(options)
        if token == nil, !isLoopback(host), !output.quiet {
            Terminal.warn(
                "anyone who can reach port \(port) of this machine can read \(directory); use --token to require signed links"
            )
        }
        ServerSignals.install { server.stop() }
        let isQuiet = output.quiet
        try wait { () async throws(VTXError) in
            try await server.run { address in
                json?.write("serving", address)
                if !isQuiet { Terminal.note("serving \(directory) at \(address.url)") }
            }
        }
        json?.write("stopped", Stopped())
    }

    private struct Stopped: Encodable {}

    private func secret(_ text: String) throws(VTXError) -> [UInt8] {
        let remedy: Remedy = "make one with `openssl rand -hex 32`"
        guard text.hasPrefix("@") else {
            guard text.utf8.count >= 16 else {
                throw VTXError(.usage, "--token must have at least 16 characters", remedy: remedy)
            }
            return Array(text.utf8)
        }
        let path = String(text.dropFirst())
        guard let file = fopen(path, "re") else {
            throw VTXError(.noInput, "cannot read \(path)", cause: String(cString: strerror(errno)))
        }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 4097)
        bytes.removeSubrange(fread(&bytes, 1, bytes.count, file)...)
        while let last = bytes.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard (16...4096).contains(bytes.count) else {
            throw VTXError(.usage, "\(path) does not contain a secret of 16 to 4096 bytes", remedy: remedy)
        }
        return bytes
    }

    private func summarise(_ path: String, _ json: JSONLines?) throws(VTXError) {
        let summaries = try SessionSummaries(reading: path)
        if summaries.unreadable > 0, !output.quiet {
            Terminal.warn("\(path): \(counted(summaries.unreadable, "line belongs", "lines belong")) to no session")
        }
        if let json {
            for session in summaries.sessions { json.write("session", session) }
        } else {
            Terminal.result(sessionTable(summaries.sessions))
        }
    }
}

/// Runs async work to its end from a thread that may block (decisions/0011).
private func wait(_ work: @escaping @Sendable () async throws(VTXError) -> Void) throws(VTXError) {
    final class Outcome: @unchecked Sendable {
        // @unchecked: written before the semaphore is signalled, read after.
        var error: VTXError?
    }
    let outcome = Outcome()
    let done = DispatchSemaphore(value: 0)
    Task {
        do throws(VTXError) { try await work() } catch { outcome.error = error }
        done.signal()
    }
    done.wait()
    if let error = outcome.error { throw error }
}

/// How `--throttle` is written.
struct ThrottleArgument: ExpressibleByArgument {
    let profile: ThrottleProfile

    init?(argument: String) {
        guard let profile = ThrottleProfile(argument) else { return nil }
        self.profile = profile
    }
}

/// How `--expires` is written.
struct LifetimeArgument: ExpressibleByArgument {
    let seconds: Int

    init?(argument: String) {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let last = argument.last, let unit = units[last], let number = Int(argument.dropLast()), number > 0,
            number <= 1_000_000
        else { return nil }
        seconds = number * unit
    }
}
