// SIGINT, SIGTERM and SIGHUP end a job in order, and within a second at the latest.

import Glibc
import VTXKit
import VTXModel

/// Takes the signals on a thread of its own; all threads started later leave them to it.
final class Signals: Sendable {
    private let state = UnsafeState()

    /// Seconds that an orderly end may take.
    private static let patience = 0.8

    /// - Parameter forced: told of the error before the process ends without the job's own answer.
    init(_ stop: StopSwitch, forced: @escaping @Sendable (VTXError) -> Void) {
        var set = sigset_t()
        sigemptyset(&set)
        for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&set, number) }
        pthread_sigmask(SIG_BLOCK, &set, nil)
        let state = state
        let blocked = set
        spawn {
            var set = blocked
            var number: Int32 = 0
            guard sigwait(&set, &number) == 0 else { return }
            state.number.pointee = number
            stop.stop()
            var limit = timespec(tv_sec: 0, tv_nsec: Int(Self.patience * 1e9))
            // A second signal, or patience at its end: leave at once, but leave nothing behind.
            _ = sigtimedwait(&set, nil, &limit)
            BuildInfo.removeUnfinished()
            if Terminal.isInteractive { Terminal.write("\r\u{1B}[K") }
            let error = Self.error(for: number)
            forced(error)
            Terminal.show(error)
            _exit(error.kind.exitStatus)
        }
    }

    /// What an interrupted job's error is after the signal that came: SIGTERM and SIGHUP terminate.
    func explain(_ error: VTXError) -> VTXError {
        let number = state.number.pointee
        return error.kind == .interrupted && number != 0 ? Self.error(for: number) : error
    }

    private static func error(for number: Int32) -> VTXError {
        number == SIGINT
            ? VTXError(.interrupted, "interrupted; nothing was written")
            : VTXError(.terminated, "terminated; nothing was written")
    }

    private final class UnsafeState: @unchecked Sendable {
        // @unchecked: one aligned word, written once.
        let number = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
        init() { number.initialize(to: 0) }
        deinit { number.deallocate() }
    }
}

private func spawn(_ body: @escaping @Sendable () -> Void) {
    final class Box {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let code = pthread_create(
        &thread, nil,
        { raw in
            Unmanaged<Box>.fromOpaque(raw!).takeRetainedValue().body()
            return nil
        }, Unmanaged.passRetained(Box(body)).toOpaque())
    precondition(code == 0, "cannot start a thread")
    pthread_detach(thread)
}
