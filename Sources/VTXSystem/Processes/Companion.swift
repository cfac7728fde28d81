// A program that runs beside this one and is fed by it.

import CLinux
import Glibc

/// A child process that gets messages as datagrams on descriptor 3, and answers once with a line on standard output
/// before it takes them. It gets SIGKILL when the thread that started it ends.
package final class Companion: Sendable {
    private let pid: pid_t
    private let messages: Int32
    private let answers: Int32

    /// Starts a program; what it writes to standard error is this process's.
    ///
    /// - Throws: if it cannot be started.
    package init(_ program: Program) throws(SystemFailure) {
        var pair: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &pair) == 0 else {
            throw SystemFailure("start")
        }
        var ends: [Int32] = [-1, -1]
        let code = vtx_pipe(&ends)
        guard code == 0 else {
            for file in pair { close(file) }
            throw SystemFailure("start", errno: code)
        }
        var program = program
        program.keptDescriptor = pair[1]
        pid = program.spawn(output: ends[1], errors: STDERR_FILENO)
        close(pair[1])
        close(ends[1])
        messages = pair[0]
        answers = ends[0]
        guard pid > 0 else {
            close(messages)
            close(answers)
            throw SystemFailure("start", errno: -pid)
        }
    }

    /// Ends the program.
    deinit {
        close(messages)
        close(answers)
        kill(pid, SIGKILL)
        while waitpid(pid, nil, 0) < 0 && errno == EINTR {}
    }

    /// Waits for the first line that it writes; `nil` if it ends without one.
    package func answer() -> String? {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while true {
            let count = read(answers, &byte, 1)
            if count < 0 && errno == EINTR { continue }
            guard count == 1 else { return nil }
            if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
    }

    /// Sends a message of at most some ten thousand bytes. It is dropped if the program does not take it now: the next
    /// one says more.
    ///
    /// - Returns: false if the program has ended.
    package func send(_ message: String) -> Bool {
        var message = message
        return message.withUTF8 {
            let sent = Glibc.send(messages, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
            return sent >= 0 || ![EPIPE, ECONNRESET, ENOTCONN].contains(errno)
        }
    }
}
