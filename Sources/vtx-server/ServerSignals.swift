// SIGINT, SIGTERM and SIGHUP end a server in order: stopping it is how it ends, so the status is 0.

import Glibc
import VTXSystem

enum ServerSignals {
    /// Seconds that an orderly end may take.
    private static let patience = 3

    /// Takes the signals on a thread of its own; comes before any other thread is started.
    static func install(stop: @escaping @Sendable () -> Void) {
        var set = sigset_t()
        sigemptyset(&set)
        for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&set, number) }
        pthread_sigmask(SIG_BLOCK, &set, nil)
        let blocked = set
        NamedThread(nil) {
            var set = blocked
            var number: Int32 = 0
            guard sigwait(&set, &number) == 0 else { return }
            stop()
            var limit = timespec(tv_sec: patience, tv_nsec: 0)
            // A second signal, or patience at its end: responses on their way are cut off.
            _ = sigtimedwait(&set, nil, &limit)
            _exit(0)
        }.detach()
    }
}
