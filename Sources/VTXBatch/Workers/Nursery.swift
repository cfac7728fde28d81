// Workers that start in no time: forked from a process that has all libraries loaded (docs/decisions/0044).

import CLinux
import Glibc
import VTXSystem

/// The process that forks workers.
package final class Nursery {
    let descriptor: Int32

    private let pid: pid_t

    private init(_ pid: pid_t, _ descriptor: Int32) {
        self.pid = pid
        self.descriptor = descriptor
    }

    /// The nursery ends when the socket does. Waiting for it makes its workers' CPU that of this process.
    deinit {
        close(descriptor)
        while waitpid(pid, nil, 0) < 0, errno == EINTR { continue }
    }

    /// Which process goes on from `start`.
    package enum Role {
        case coordinator(Nursery)
        /// A new worker, with the words of its command line.
        case worker([String])
        /// There are threads already, or the system refuses: workers have to be started the long way.
        case none
    }

    /// Forks the nursery; only in a process with one thread.
    package static func start() -> Role {
        guard entries(of: "/proc/self/task").count == 1 else { return .none }
        var descriptor: Int32 = -1
        var words: UnsafeMutablePointer<CChar>?
        var size = 0
        switch vtx_nursery_start(&descriptor, &words, &size) {
        case let pid where pid > 0: return .coordinator(Nursery(pid, descriptor))
        case 0:
            let bytes = UnsafeRawBufferPointer(start: words, count: size)
            return .worker(
                bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast().map {
                    String(decoding: $0, as: UTF8.self)
                })
        default: return .none
        }
    }

    /// - Returns: the process number, or -errno.
    func spawn(_ words: [String], output: Int32, errors: Int32, kept: Int32, niceness: Int) -> pid_t {
        let bytes = Array(words.map { Array($0.utf8) + [0] }.joined())
        return bytes.withUnsafeBytes { raw in
            vtx_nursery_spawn(
                descriptor, raw.bindMemory(to: CChar.self).baseAddress, raw.count, output, errors, kept,
                Int32(niceness))
        }
    }

    enum News {
        case ended(pid_t, status: Int32, cpu: Double, memory: Int64)
        /// The nursery itself has ended, and all workers with it.
        case lost
    }

    /// What has happened since the last call; `nil`: nothing more.
    func news() -> News? {
        var ended = vtx_ended()
        switch vtx_nursery_ended(descriptor, &ended) {
        case 1: return .ended(ended.worker, status: ended.status, cpu: ended.cpu, memory: Int64(ended.memory) * 1024)
        case -1: return .lost
        default: return nil
        }
    }
}
