// Where tracks tell each other how long they are, once each of them knows.

import Glibc
import VTXModel

/// Collects the end of every track of a job and hands out the latest.
final class EndOfTracks: @unchecked Sendable {
    // @unchecked: everything below is guarded by `lock`.
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var missing: Set<Int>
    private var latest = MediaTime.zero
    private var isAborted = false

    /// - Parameter tracks: source streams.
    init(tracks: Set<Int>) {
        missing = tracks
        pthread_mutex_init(lock, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(lock)
        changed.deallocate()
        lock.deallocate()
    }

    /// Called for each track when it has been decoded to its end; what comes again changes nothing.
    func arrive(_ track: Int, end: MediaTime?) {
        pthread_mutex_lock(lock)
        if missing.remove(track) != nil, let end, end > latest { latest = end }
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(lock)
    }

    /// Waits for all tracks.
    func latestEnd() throws(Aborted) -> MediaTime {
        pthread_mutex_lock(lock)
        while !missing.isEmpty, !isAborted { pthread_cond_wait(changed, lock) }
        let (result, aborted) = (latest, isAborted)
        pthread_mutex_unlock(lock)
        if aborted { throw Aborted() }
        return result
    }

    func abort() {
        pthread_mutex_lock(lock)
        isAborted = true
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(lock)
    }
}
