// A running program: what it writes, and its end, as events of a reactor.

import CLinux
import Glibc

/// A child process whose standard output is read line by line. Used on the reactor's thread only, which has to be the
/// one that started it: the system ends children with the thread that started them.
package final class ChildProcess {
    /// Its process number, which is that of its process group too.
    package let pid: Int32
    /// Whether a fork server started it, which also tells of its end.
    package let isForked: Bool
    private let output: Int32
    private let errors: Int32
    private var lines = OutputLines()
    private var tail: [UInt8] = []
    private let onLine: ([UInt8]) -> Void
    private let onComplaint: (String) -> Void
    private let onEnd: (ProcessEnd) -> Void
    private let reactor: Reactor

    /// How much of the end of standard error is kept, in bytes.
    private static let keptErrors = 8 << 10

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - server: what forks it; `nil`: it is started with exec.
    ///   - line: takes each line of standard output, without its end.
    ///   - complaint: takes what it writes to standard error, line by line as far as lines come whole.
    ///   - end: called once, after everything that it wrote.
    /// - Throws: if it cannot be started.
    package init(
        _ program: Program, from server: ForkServer? = nil, on reactor: Reactor, line: @escaping ([UInt8]) -> Void,
        complaint: @escaping (String) -> Void = { _ in }, end: @escaping (ProcessEnd) -> Void
    ) throws(SystemFailure) {
        self.reactor = reactor
        onLine = line
        onComplaint = complaint
        onEnd = end
        var out: [Int32] = [-1, -1]
        var err: [Int32] = [-1, -1]
        let code = vtx_pipe(&out) != 0 ? errno : vtx_pipe(&err)
        guard code == 0 else {
            for file in out where file >= 0 { close(file) }
            throw SystemFailure("start", errno: code)
        }
        output = out[0]
        errors = err[0]
        isForked = server != nil
        pid =
            server?.spawn(program, output: out[1], errors: err[1]) ?? program.spawn(output: out[1], errors: err[1])
        close(out[1])
        close(err[1])
        guard pid > 0 else {
            close(output)
            close(errors)
            throw SystemFailure("start", errno: -pid)
        }
        for file in [output, errors] { _ = fcntl(file, F_SETFL, O_NONBLOCK) }
        reactor.watch(output) { [unowned self] in readOutput() }
        reactor.watch(errors) { [unowned self] in readErrors() }
    }

    /// Sends a signal to its process group.
    package func send(_ signal: Int32) { kill(-pid, signal) }

    /// Takes its end, if it has come; a forked one's is taken by `finish`.
    ///
    /// - Returns: whether it has ended.
    package func reap() -> Bool {
        guard !isForked, let result = WaitResult(of: pid) else { return false }
        finish(result)
        return true
    }

    /// Takes its end: everything that it wrote is read first. Called once.
    package func finish(_ result: WaitResult) {
        readOutput()
        readErrors()
        for file in [output, errors] {
            reactor.forget(file)
            close(file)
        }
        onEnd(ProcessEnd(result, errors: String(decoding: tail, as: UTF8.self)))
    }

    private func readOutput() {
        drain(output) { lines.take($0, onLine) }
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
            if count == 0 { return reactor.forget(file) }
            take(Array(buffer[..<count]))
        }
    }
}
