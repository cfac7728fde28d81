// Where tracks tell each other how long they are, once each of them knows.

import VTXModel
import VTXSystem

/// Collects the end of every track of a job and hands out the latest.
final class EndOfTracks: Sendable {
    private struct State {
        var missing: Set<Int>
        var latest = MediaTime.zero
        var isAborted = false
    }

    private let state: Monitor<State>

    /// - Parameter tracks: source streams.
    init(tracks: Set<Int>) { state = Monitor(State(missing: tracks)) }

    /// Called for each track when it has been decoded to its end; what comes again changes nothing.
    func arrive(_ track: Int, end: MediaTime?) {
        state.with(waking: .everybody) { state in
            if state.missing.remove(track) != nil, let end, end > state.latest { state.latest = end }
        }
    }

    /// Waits for all tracks.
    func latestEnd() throws(Aborted) -> MediaTime {
        try state.wait(until: { $0.missing.isEmpty || $0.isAborted }) { state throws(Aborted) in
            if state.isAborted { throw Aborted() }
            return state.latest
        }
    }

    /// Wakes everybody who waits, for good.
    func abort() { state.with(waking: .everybody) { $0.isAborted = true } }
}
