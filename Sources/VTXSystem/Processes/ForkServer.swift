// A process that forks others: they start in no time because it has all libraries loaded (docs/decisions/0044).

import CLinux
import Glibc

/// The process that forks workers, seen from the process that asks it to.
package final class ForkServer {
    /// Can be read when `nextEvent` has something to tell.
    package let descriptor: Int32

    private let pid: pid_t

    private init(_ pid: pid_t, _ descriptor: Int32) {
        self.pid = pid
        self.descriptor = descriptor
    }

    /// The server ends when the socket does. Waiting for it makes its workers' CPU that of this process.
    deinit {
        close(descriptor)
        while waitpid(pid, nil, 0) < 0, errno == EINTR { continue }
    }

    /// Which process continues from `start`.
    package enum Role {
        /// The one that called it.
        case parent(ForkServer)
        /// A new worker, with the words of its command line.
        case worker([String])
        /// The one that called it: there are threads already or the system refuses, so that there is no server.
        case unavailable
    }

    /// Forks the server; only in a process with one thread. Each worker returns from here too.
    package static func start() -> Role {
        guard entries(of: "/proc/self/task").count == 1 else { return .unavailable }
        var descriptor: Int32 = -1
        var words: UnsafeMutablePointer<CChar>?
        var size = 0
        switch vtx_fork_server_start(&descriptor, &words, &size) {
        case let pid where pid > 0: return .parent(ForkServer(pid, descriptor))
        case 0:
            let bytes = UnsafeRawBufferPointer(start: words, count: size)
            return .worker(
                bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast().map {
                    String(decoding: $0, as: UTF8.self)
                })
        default: return .unavailable
        }
    }

    /// Whether a request has room for these arguments.
    package static func hasRoom(for arguments: [String]) -> Bool {
        arguments.reduce(0) { $0 + $1.utf8.count + 1 } <= Int(VTX_FORK_SERVER_LONGEST)
    }

    /// Forks a worker. Only arguments, kept descriptor and niceness of the program count: it is this very program, with
    /// the environment that the server was started with.
    ///
    /// - Returns: the process number, or an errno as a negative number.
    func spawn(_ program: Program, output: Int32, errors: Int32) -> pid_t {
        let bytes = Array(program.arguments.map { Array($0.utf8) + [0] }.joined())
        return bytes.withUnsafeBytes { raw in
            vtx_fork_server_spawn(
                descriptor, raw.bindMemory(to: CChar.self).baseAddress, raw.count, output, errors,
                program.keptDescriptor, Int32(program.niceness))
        }
    }

    /// What the server tells.
    package enum Event {
        /// A worker has ended.
        case ended(process: Int32, WaitResult)
        /// The server itself has ended, and all workers with it.
        case lost
    }

    /// What has happened since the last call; `nil`: nothing more. Does not wait.
    package func nextEvent() -> Event? {
        var ended = vtx_ended()
        switch vtx_fork_server_ended(descriptor, &ended) {
        case 1:
            return .ended(
                process: ended.worker,
                WaitResult(status: ended.status, cpu: ended.cpu, memory: Int64(ended.memory) * 1024))
        case -1: return .lost
        default: return nil
        }
    }
}
