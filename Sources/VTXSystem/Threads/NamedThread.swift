// Threads with a name, for work that blocks.

import CLinux
import Glibc

/// A running thread. To be joined or detached, once.
package struct NamedThread: @unchecked Sendable {
    // @unchecked: a pthread_t is a number that any thread may use.
    private let thread: pthread_t

    /// Starts a thread.
    ///
    /// - Parameters:
    ///   - name: shown by debuggers and `top -H`; the system keeps 15 bytes. `nil`: the name of the starting thread.
    ///   - niceness: added to the priority value of this thread alone; higher values yield to other threads.
    package init(_ name: String?, niceness: Int32 = 0, _ body: @escaping @Sendable () -> Void) {
        let start = Start(name: name, niceness: niceness, body: body)
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { raw in
                Unmanaged<Start>.fromOpaque(raw!).takeRetainedValue().run()
                return nil
            }, Unmanaged.passRetained(start).toOpaque())
        precondition(code == 0, "cannot start a thread")
        self.thread = thread
    }

    /// Waits until the thread has ended; called once at most, and not after `detach`.
    package func join() { pthread_join(thread, nil) }

    /// Frees the thread's resources when it ends, without anybody waiting for it.
    package func detach() { pthread_detach(thread) }

    private final class Start: Sendable {
        let name: String?
        let niceness: Int32
        let body: @Sendable () -> Void

        init(name: String?, niceness: Int32, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.niceness = niceness
            self.body = body
        }

        func run() {
            if let name { nameThisThread(name) }
            // Of this thread alone (Linux; setpriority(2), "C library/kernel differences"). No harm if it fails.
            if niceness != 0 { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness) }
            body()
        }
    }
}

/// Names the calling thread for debuggers and `top -H`; 15 bytes are kept.
package func nameThisThread(_ name: String) { vtx_name_thread(name) }

/// Keeps memory that frames leave behind from piling up in each thread that they pass through. Called once, at start.
package func shareMemoryBetweenThreads() { vtx_share_memory() }
