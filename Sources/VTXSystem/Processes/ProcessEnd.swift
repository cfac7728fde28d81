// How a child process ended, as the system tells it and as its parent wants it.

import Glibc

/// The end of a process.
package struct ProcessEnd: Hashable, Sendable {
    /// Exit status; `nil` if a signal ended it.
    package var status: Int32?
    /// The signal that ended it.
    package var signal: Int32?
    /// Seconds of CPU, user and system.
    package var cpu: Double
    /// Most resident memory, in bytes.
    package var memory: Int64
    /// The end of what it wrote to standard error.
    package var errors: String

    /// - Parameter errors: the end of what it wrote to standard error.
    init(_ result: WaitResult, errors: String) {
        let number = result.status & 0x7f
        status = number == 0 ? (result.status >> 8) & 0xff : nil
        signal = number == 0 ? nil : number
        cpu = result.cpu
        memory = result.memory
        self.errors = errors
    }
}

/// What wait4(2) tells of a process that has ended.
package struct WaitResult: Hashable, Sendable {
    /// Exit status and signal, as wait(2) packs them.
    package var status: Int32
    /// Seconds of CPU, user and system.
    package var cpu: Double
    /// Most resident memory, in bytes.
    package var memory: Int64

    /// An end of known parts.
    package init(status: Int32, cpu: Double, memory: Int64) {
        self.status = status
        self.cpu = cpu
        self.memory = memory
    }

    /// The end of a process of which only the signal is known that ended it.
    package static func killed(by signal: Int32) -> WaitResult { WaitResult(status: signal, cpu: 0, memory: 0) }

    /// The end of a child of this process, without waiting; `nil` if it still runs, or is not a child.
    init?(of pid: pid_t) {
        var status: Int32 = 0
        var usage = rusage()
        guard wait4(pid, &status, WNOHANG, &usage) == pid else { return nil }
        let seconds = { (time: timeval) in Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        self.init(
            status: status, cpu: seconds(usage.ru_utime) + seconds(usage.ru_stime),
            memory: Int64(usage.ru_maxrss) * 1024)
    }
}
