// Runs a command and waits for it, with a limit: what hangs is killed and says so.
//
// Results go through files, not pipes: no output is too long, and a child that lives on cannot hold the test.

import Foundation
import Glibc

/// What a command left behind.
struct ProgramResult {
    var output: String
    var errors: String
    /// Exit status; `nil` if a signal ended it.
    var status: Int32?
    /// The signal that ended it.
    var signal: Int32?
    /// Seconds.
    var elapsed: Double

    /// Everything a failed expectation should show.
    var summary: String {
        "status \(status.map(String.init) ?? "-"), signal \(signal.map(String.init) ?? "-")\n\(errors)\(output.prefix(2000))"
    }
}

struct ProgramFailure: Error, CustomStringConvertible {
    var description: String
}

/// A command that was started.
final class Program {
    let pid: pid_t
    private let folder: URL
    private let began = Date()
    private let name: String
    /// Arguments of vtx; `nil` for other programs.
    private let vtxArguments: [String]?
    /// Whether its end was taken, and its number is free for other processes.
    private var hasEnded = false

    /// - Parameters:
    ///   - folder: where it runs; `nil` for this process's own folder.
    ///   - environment: beside this process's own.
    init(
        _ path: String, _ arguments: [String], in folder: String? = nil, environment: [String: String] = [:]
    ) throws {
        name = ([path] + arguments).joined(separator: " ")
        vtxArguments = path == (try? vtxBinary()) ? arguments : nil
        var command = [path] + arguments
        // posix_spawn_file_actions_addchdir_np is not among the functions that Swift imports.
        if let folder { command = ["/bin/sh", "-c", #"cd "$0" && exec "$@""#, folder] + command }
        self.folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("vtx-program-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        let create = O_WRONLY | O_CREAT | O_TRUNC
        posix_spawn_file_actions_addopen(&actions, 1, self.folder.path + "/out", create, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, self.folder.path + "/err", create, 0o600)

        // Test runners may block or ignore signals; the command must not inherit that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        // Defaults of the user who runs the tests are not for them.
        let variables = ProcessInfo.processInfo.environment.merging(["XDG_CONFIG_HOME": "/dev/null"]) { $1 }
            .merging(environment) { $1 }
        var argv: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in argv + envp { free(text) } }
        var pid = pid_t()
        let code = posix_spawnp(&pid, command[0], &actions, &attributes, &argv, &envp)
        self.pid = pid
        if code != 0 {
            hasEnded = true
            throw ProgramFailure(description: "cannot start \(path): \(String(cString: strerror(code)))")
        }
    }

    /// Ends it, if nobody waited for it: as a zombie it would hide the ends of other processes from Swift Testing, which
    /// waits for any child.
    deinit {
        if !hasEnded {
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
        }
        try? FileManager.default.removeItem(at: folder)
    }

    func send(_ signal: Int32) { kill(pid, signal) }

    /// What it has written to standard output so far.
    var output: String { text("out") }
    /// What it has written to standard error so far.
    var errors: String { text("err") }

    private func text(_ name: String) -> String {
        String(
            decoding: (try? Data(contentsOf: folder.appendingPathComponent(name))) ?? Data(), as: UTF8.self)
    }

    /// Waits for its end; after `seconds` it is killed and this throws. Lines that vtx writes with `--json` are checked.
    func wait(within seconds: Double) throws -> ProgramResult {
        var raw: Int32 = 0
        while waitpid(pid, &raw, WNOHANG) == 0 {
            if Date().timeIntervalSince(began) > seconds {
                kill(pid, SIGKILL)
                waitpid(pid, &raw, 0)
                hasEnded = true
                throw ProgramFailure(description: "still running after \(seconds) s: \(name)\n\(errors)")
            }
            usleep(3000)
        }
        hasEnded = true
        let signal = raw & 0x7f
        let result = ProgramResult(
            output: output, errors: errors, status: signal == 0 ? (raw >> 8) & 0xff : nil,
            signal: signal == 0 ? nil : signal, elapsed: Date().timeIntervalSince(began))
        if let vtxArguments { Self.checkOutput(of: result, vtxArguments) }
        return result
    }

    /// Starts a command and waits for it.
    static func run(
        _ path: String, _ arguments: [String], in folder: String? = nil, environment: [String: String] = [:],
        within seconds: Double = 120
    ) throws -> ProgramResult {
        try Program(path, arguments, in: folder, environment: environment).wait(within: seconds)
    }
}
