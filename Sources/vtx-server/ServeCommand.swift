// vtx-server serve: what `vtx serve` starts.

import ArgumentParser
import Dispatch
import Glibc
import VTXCommandLine
import VTXModel
import VTXPlayer
import VTXServe

struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "serve", abstract: "Serve a directory.")

    @OptionGroup var arguments: ServeArguments

    func run() throws {
        let json = arguments.output.json ? JSONLines() : nil
        json?.writeHeader(command: "serve")
        do throws(VTXError) {
            if let report = arguments.report {
                try summarise(report, json)
            } else {
                try serve(arguments.directory ?? ".", json)
            }
        } catch {
            json?.write(error, of: arguments.report ?? arguments.directory ?? "")
            throw error
        }
    }

    private func serve(_ directory: String, _ json: JSONLines?) throws(VTXError) {
        var options = ServeOptions(
            directory: directory, host: arguments.host, port: arguments.port, throttle: arguments.throttle?.profile,
            origins: arguments.cors, log: arguments.analytics)
        if let token = arguments.token { options.secret = try secret(token) }
        if let expires = arguments.expires { options.lifetime = expires.seconds }
        if let hlsJs = arguments.hlsJs ?? InstalledFiles.hlsScript { options.script = try HLSScript(reading: hlsJs) }
        if arguments.output.verbose { options.trace = { Terminal.note($0) } }
        let server = try PreviewServer(options)
        if arguments.token == nil, !isLoopback(arguments.host), !arguments.output.quiet {
            Terminal.warn(
                "anyone who can reach port \(arguments.port) of this machine can read \(directory); use --token to require signed links"
            )
        }
        ServerSignals.install { server.stop() }
        let isQuiet = arguments.output.quiet
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
        if summaries.unreadable > 0, !arguments.output.quiet {
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
