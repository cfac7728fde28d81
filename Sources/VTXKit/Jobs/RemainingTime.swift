// Estimates how long a job still takes from how much of its work was done when.

/// The estimate of one phase of a job; knows no clock.
///
/// What passes before the first result (encoders look ahead) is not part of the speed. Half of the speed is the mean of
/// all that followed, half that of the later half of the time: sources get harder, machines busier.
package struct RemainingTime: Hashable, Sendable {
    private struct Sample: Hashable, Sendable {
        var time: Double
        var done: Double
    }

    /// The last moment without a result, then a selection of the moments since.
    private var samples: [Sample] = []
    private var latest: Sample?
    private var due = 1.0
    private static let mostSamples = 128
    /// Less of the work than this tells nothing.
    private static let least = 0.002
    private static let leastTime = 0.4

    /// Nothing is known.
    package init() {}

    /// Takes a moment.
    ///
    /// - Parameters:
    ///   - done: how much of the work is done, in any unit; what an earlier run has done among it.
    ///   - due: all work as known now; it may become more.
    ///   - time: seconds since any moment, never less than before.
    package mutating func add(done: Double, of due: Double = 1, at time: Double) {
        self.due = due
        let sample = Sample(time: time, done: done)
        latest = sample
        if samples.count <= 1, done <= samples.first?.done ?? done {
            samples = [sample]
            return
        }
        samples.append(sample)
        guard samples.count > Self.mostSamples else { return }
        samples = samples.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
    }

    /// Seconds; `nil` while too little is done to tell.
    package var seconds: Double? {
        guard let first = samples.first, let latest, latest.done - first.done >= Self.least * due,
            latest.time - first.time >= Self.leastTime
        else { return nil }
        let middle = samples.last { $0.time <= (first.time + latest.time) / 2 } ?? first
        let mean = (latest.done - first.done) / (latest.time - first.time)
        let recent = (latest.done - middle.done) / (latest.time - middle.time)
        return max(0, due - latest.done) / ((mean + recent) / 2)
    }
}
