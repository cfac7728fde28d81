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
            Serves everything below DIR that is not hidden; packages get a page that plays them and draws what \
            the player does. Listens on this machine alone unless --host says otherwise. With --report it \
            serves nothing, but sums up a session log. It runs until it is interrupted, and then exits with 0.
            """)

    @Argument(help: "The directory to serve: a package, or one with packages below it.", completion: .directory)
    var directory: String?

    @Option(help: ArgumentHelp("The port; 0 takes any that is free.", valueName: "n"))
    var port = 8080

    @Option(help: ArgumentHelp("The name or address to listen on.", valueName: "host"))
    var host = "127.0.0.1"

    @Option(
        help: ArgumentHelp("Limit each client's bandwidth: 800k, or steps as in 5M:20s,800k:20s,3M.", valueName: "rate")
    )
    var throttle: ThrottleArgument?

    @Option(help: ArgumentHelp("Serve signed links only; the secret, or @FILE to read it from.", valueName: "secret"))
    var token: String?

    @Option(help: ArgumentHelp("How long the links last that serve makes: 90s, 30m, 24h, 7d.", valueName: "time"))
    var expires: LifetimeArgument?

    @Option(
        help: ArgumentHelp("Let pages of this origin read, or of any: '*'; may be repeated.", valueName: "origin"))
    var cors: [String] = []

    @Option(
        help: ArgumentHelp("hls.js for packages that have none; else it comes from a CDN.", valueName: "file"),
        completion: .file())
    var hlsJs: String?

    @Option(help: ArgumentHelp("Append what player pages report to a file.", valueName: "file"), completion: .file())
    var analytics: String?

    @Option(help: ArgumentHelp("Sum up such a file instead of serving.", valueName: "file"), completion: .file())
    var report: String?

    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
        guard report == nil else {
            if directory != nil || analytics != nil || token != nil || throttle != nil || hlsJs != nil || !cors.isEmpty
                || expires != nil
            {
                throw ValidationError("--report goes with no other option and no directory")
            }
            return
        }
        if directory == nil { throw ValidationError("Missing expected argument '<directory>'") }
        if !(0...65_535).contains(port) { throw ValidationError("--port is from 0 to 65535") }
        if expires != nil, token == nil { throw ValidationError("--expires goes with --token") }
        for origin in cors where origin != "*" {
            let parts = origin.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 3, parts[0].hasSuffix(":"), parts[1].isEmpty, !parts[2].isEmpty else {
                throw ValidationError("--cors is '*' or an origin such as https://example.org")
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
        if let hlsJs { options.script = try HLSScript(reading: hlsJs) }
        if output.verbose { options.trace = { Terminal.note($0) } }
        let server = try PreviewServer(options)
        if token == nil, !isLoopback(host), !output.quiet {
            Terminal.warn(
                "everybody who reaches port \(port) of this machine can read \(directory); --token signs links")
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
                throw VTXError(.usage, "--token has fewer than 16 characters", remedy: remedy)
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
            throw VTXError(.usage, "\(path) holds no secret of 16 to 4096 bytes", remedy: remedy)
        }
        return bytes
    }

    private func summarise(_ path: String, _ json: JSONLines?) throws(VTXError) {
        let summaries = try SessionSummaries(reading: path)
        if summaries.unreadable > 0, !output.quiet {
            Terminal.warn("\(path): \(summaries.unreadable) lines are of no session")
        }
        if let json {
            for session in summaries.sessions { json.write("session", session) }
        } else {
            for line in sessionTable(summaries.sessions) { print(line) }
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
