// The batch's one thread: waits for workers, signals and files, and tells who asked for them.

import CLinux
import Glibc
import VTXSystem

/// Calls back when a descriptor can be read.
final class Reactor {
    private var handlers: [Int32: () -> Void] = [:]

    func watch(_ file: Int32, _ handler: @escaping () -> Void) { handlers[file] = handler }
    func forget(_ file: Int32) { handlers[file] = nil }

    /// Waits until something can be read, or for so many seconds.
    func turn(_ seconds: Double) {
        let files = Array(handlers.keys)
        var polled = files.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        let code = poll(&polled, nfds_t(polled.count), Int32(max(0, min(seconds, 3600)) * 1000))
        guard code > 0 else { return }
        for entry in polled where entry.revents != 0 { handlers[entry.fd]?() }
    }
}

/// How a program ended.
struct ProgramEnd {
    /// Exit status; `nil` if a signal ended it.
    var status: Int32?
    var signal: Int32?
    /// Seconds of CPU, and the most memory in bytes.
    var cpu: Double
    var memory: Int64
    /// The end of what it said on standard error.
    var errors: String
}

/// A running program, whose standard output is read line by line.
final class Child {
    let pid: pid_t
    /// Forked by the nursery, which also tells of its end.
    let isNursed: Bool
    /// `false`: a command of the user's.
    let isWorker: Bool
    private let output: Int32
    private let errors: Int32
    private var partial: [UInt8] = []
    private var tail: [UInt8] = []
    private let onLine: ([UInt8]) -> Void
    private let onComplaint: (String) -> Void
    let onEnd: (ProgramEnd) -> Void
    private let reactor: Reactor
    /// When it last said anything, by the clock of `now()`.
    private(set) var lastSign = now()

    /// The longest line that is kept; a plan of a thousand chapters has a tenth of it.
    private static let longestLine = 4 << 20
    private static let keptErrors = 8 << 10

    /// - Parameters:
    ///   - kept: a descriptor that the program keeps open.
    ///   - nursery: what forks it; `path` and `environment` are then its own.
    /// - Throws: the errno if it cannot be started.
    init(
        _ path: String, _ arguments: [String], environment: [String: String] = [:], kept: Int32 = -1,
        niceness: Int = 0, isWorker: Bool = true, nursery: Nursery? = nil, on reactor: Reactor,
        line: @escaping ([UInt8]) -> Void,
        complaint: @escaping (String) -> Void = { _ in }, end: @escaping (ProgramEnd) -> Void
    ) throws(SystemError) {
        self.reactor = reactor
        self.isWorker = isWorker
        onLine = line
        onComplaint = complaint
        onEnd = end
        var out: [Int32] = [-1, -1]
        var err: [Int32] = [-1, -1]
        let code = vtx_pipe(&out) != 0 ? errno : vtx_pipe(&err)
        guard code == 0 else {
            for file in out where file >= 0 { close(file) }
            throw SystemError(code)
        }
        output = out[0]
        errors = err[0]
        isNursed = nursery != nil
        pid =
            nursery?.spawn(arguments, output: out[1], errors: err[1], kept: kept, niceness: niceness)
            ?? Self.spawn(
                path, arguments, environment: environment, output: out[1], errors: err[1], kept: kept,
                niceness: niceness)
        close(out[1])
        close(err[1])
        guard pid > 0 else {
            close(output)
            close(errors)
            throw SystemError(-pid)
        }
        for file in [output, errors] { _ = fcntl(file, F_SETFL, O_NONBLOCK) }
        reactor.watch(output) { [unowned self] in readOutput() }
        reactor.watch(errors) { [unowned self] in readErrors() }
    }

    private static func spawn(
        _ path: String, _ arguments: [String], environment: [String: String], output: Int32, errors: Int32,
        kept: Int32, niceness: Int
    ) -> pid_t {
        var variables: [String] = []
        var pointer = environ
        while let entry = pointer.pointee {
            let text = String(cString: entry)
            if environment[String(text.prefix { $0 != "=" })] == nil { variables.append(text) }
            pointer += 1
        }
        variables += environment.map { "\($0.key)=\($0.value)" }
        let argv = ([path] + arguments).map { strdup($0) } + [nil]
        let envp = variables.map { strdup($0) } + [nil]
        defer { for text in argv + envp { free(text) } }
        return path.withCString { path in
            argv.withUnsafeBufferPointer { argv in
                envp.withUnsafeBufferPointer { envp in
                    var program = vtx_program(
                        path: path, arguments: argv.baseAddress, environment: envp.baseAddress, output: output,
                        errors: errors, kept: kept, niceness: Int32(niceness))
                    return vtx_spawn(&program)
                }
            }
        }
    }

    func send(_ signal: Int32) { kill(-pid, signal) }

    private func readOutput() {
        drain(output) { bytes in
            lastSign = now()
            var rest = bytes[...]
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                let line = partial + rest[..<end]
                partial = []
                rest = rest[(end + 1)...]
                onLine(line)
            }
            if partial.count + rest.count < Self.longestLine { partial += rest }
        }
    }

    private func readErrors() {
        drain(errors) { bytes in
            tail += bytes
            for line in bytes.split(separator: UInt8(ascii: "\n")) {
                onComplaint(String(decoding: line, as: UTF8.self))
            }
            if tail.count > Self.keptErrors { tail.removeFirst(tail.count - Self.keptErrors) }
        }
    }

    private func drain(_ file: Int32, _ take: ([UInt8]) -> Void) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(file, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            if count < 0 { return }
            if count == 0 {
                reactor.forget(file)
                return
            }
            take(Array(buffer[..<count]))
        }
    }

    /// Takes the end of the program, if it has come.
    func reap() -> Bool {
        var raw: Int32 = 0
        var usage = rusage()
        guard !isNursed, wait4(pid, &raw, WNOHANG, &usage) == pid else { return false }
        let seconds = { (time: timeval) in Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        finish(raw, cpu: seconds(usage.ru_utime) + seconds(usage.ru_stime), memory: Int64(usage.ru_maxrss) * 1024)
        return true
    }

    /// The program has ended: everything it wrote is read first.
    ///
    /// - Parameter raw: as of wait(2).
    func finish(_ raw: Int32, cpu: Double, memory: Int64) {
        readOutput()
        readErrors()
        for file in [output, errors] {
            reactor.forget(file)
            close(file)
        }
        let signal = raw & 0x7f
        onEnd(
            ProgramEnd(
                status: signal == 0 ? (raw >> 8) & 0xff : nil, signal: signal == 0 ? nil : signal, cpu: cpu,
                memory: memory, errors: String(decoding: tail, as: UTF8.self)))
    }
}

/// An errno.
struct SystemError: Error {
    let code: Int32
    init(_ code: Int32) { self.code = code }
    var words: String { String(cString: strerror(code)) }
}
