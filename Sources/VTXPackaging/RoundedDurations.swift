// Durations as manifests print them, in whole microseconds.

import VTXModel

/// Durations in microseconds: differences of rounded timestamps, so that their sum never drifts.
func roundedDurations(_ durations: [MediaTime]) -> [Int64] {
    var clock = RoundedClock()
    return durations.map { clock.advance($0) }
}

/// The longest duration in seconds, rounded with halves up, at least 1.
func targetDuration(ofMicroseconds durations: [Int64]) -> Int64 {
    max(1, ((durations.max() ?? 0) + 500_000) / 1_000_000)
}

/// Adds up exact durations and gives each as the difference of two rounded timestamps.
private struct RoundedClock {
    /// Rounded time of everything before the current run of equal units.
    private var settled: Int64 = 0
    private var run = MediaTime.zero
    private var printed: Int64 = 0

    mutating func advance(_ duration: MediaTime) -> Int64 {
        if duration.base == run.base {
            run = MediaTime(run.ticks + duration.ticks, run.base)
        } else {
            settled += run.rescaled(to: MediaTime.microsecond).ticks
            run = duration
        }
        let now = settled + run.rescaled(to: MediaTime.microsecond).ticks
        defer { printed = now }
        return now - printed
    }
}
