// SIGINT, SIGTERM and SIGHUP end a job in order, and within a second at the latest.

import Glibc
import Synchronization
import VTXCommandLine
import VTXKit
import VTXModel
import VTXSystem

/// Takes the signals on a thread of its own; all threads started later leave them to it.
final class Signals: Sendable {
    private let state = State()
    private let cleanup: Cleanup

    /// Seconds that an orderly end may take.
    private static let patience = 0.8

    /// - Parameters:
    ///   - stop: ends the job.
    ///   - cleanup: its unfinished files.
    ///   - forced: told of the error before the process ends without the job's own answer.
    init(_ stop: StopSwitch, cleanup: Cleanup, forced: @escaping @Sendable (VTXError) -> Void) {
        self.cleanup = cleanup
        var set = sigset_t()
        sigemptyset(&set)
        for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&set, number) }
        pthread_sigmask(SIG_BLOCK, &set, nil)
        let state = state
        let blocked = set
        NamedThread(nil) {
            var set = blocked
            var number: Int32 = 0
            guard sigwait(&set, &number) == 0 else { return }
            state.number.store(number, ordering: .sequentiallyConsistent)
            stop.stop()
            var limit = timespec(tv_sec: 0, tv_nsec: Int(Self.patience * 1e9))
            // A second signal, or patience at its end: leave at once, but leave nothing behind.
            _ = sigtimedwait(&set, nil, &limit)
            guard !state.isAnswered.exchange(true, ordering: .sequentiallyConsistent) else { return }
            cleanup.run()
            if Terminal.isInteractive { Terminal.write("\r\u{1B}[K") }
            let error = Self.error(for: number, cleanup, state)
            forced(error)
            Terminal.show(error)
            _exit(error.kind.exitStatus)
        }.detach()
    }

    /// Notes that one of several jobs is finished.
    func noteFinished() { state.finished.add(1, ordering: .relaxed) }

    /// Does the job. When it ends in order, its own answer is the only one.
    ///
    /// - Throws: what the job throws; if it was interrupted, the error of the signal that came: SIGTERM and
    ///   SIGHUP terminate.
    func run<Result>(_ job: () throws(VTXError) -> Result) throws(VTXError) -> Result {
        do throws(VTXError) {
            let result = try job()
            answer()
            return result
        } catch {
            answer()
            let number = state.number.load(ordering: .sequentiallyConsistent)
            throw error.kind == .interrupted && number != 0 ? Self.error(for: number, cleanup, state) : error
        }
    }

    private func answer() {
        // The process is about to end for the signal's sake, and says so.
        while state.isAnswered.exchange(true, ordering: .sequentiallyConsistent) { pause() }
    }

    private static func error(for number: Int32, _ cleanup: Cleanup, _ state: State) -> VTXError {
        let remedy: Remedy? = cleanup.kept.map {
            "run the same command again to resume; `vtx clean` deletes the saved progress in \($0)"
        }
        let finished = state.finished.load(ordering: .relaxed)
        let written =
            cleanup.hasStreamed
            ? "what was written to standard output is incomplete"
            : finished == 0 ? "nothing was written" : "\(counted(finished, "file")) finished before"
        return number == SIGINT
            ? VTXError(.interrupted, "interrupted; \(written)", remedy: remedy)
            : VTXError(.terminated, "terminated; \(written)", remedy: remedy)
    }

    private final class State: Sendable {
        let number = Atomic<Int32>(0)
        /// Jobs of several that are finished.
        let finished = Atomic(0)
        /// Whether somebody has taken it upon them to say how the job ended.
        let isAnswered = Atomic(false)
    }
}
