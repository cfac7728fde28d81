// How a task's process ended.

package import VTXKit

/// The end of a process.
package struct TaskEnd: Hashable, Sendable {
    /// Its exit status, or the signal that ended it.
    package var exit: WorkerExit
    /// Seconds of CPU.
    package var cpu: Double
    /// Most memory, in bytes.
    package var memory: Int64
    /// The last line that it wrote to standard error.
    package var lastWords: String?
    /// Its process number; `nil` if it could not be started.
    package var process: Int32?

    /// An end; without parts that do not matter.
    package init(
        _ exit: WorkerExit, cpu: Double = 0, memory: Int64 = 0, lastWords: String? = nil, process: Int32? = nil
    ) {
        self.exit = exit
        self.cpu = cpu
        self.memory = memory
        self.lastWords = lastWords
        self.process = process
    }

    /// Of a program that could not be started: EX_OSERR of sysexits(3).
    package static func notStarted(_ reason: String) -> TaskEnd { TaskEnd(.unknown(71), lastWords: reason) }
}
