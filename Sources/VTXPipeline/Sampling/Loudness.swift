// Loudness of a track, and the filters that bring it to a target (EBU R 128).

import Glibc
package import VTXModel

/// What a track measures after the plan's own filters, so after any downmix.
package struct Loudness: Hashable, Sendable {
    /// LUFS; -70 is the meter's silence.
    package var integrated: Double
    /// dBTP, of the loudest channel.
    package var truePeak: Double

    package init(integrated: Double, truePeak: Double) {
        self.integrated = integrated
        self.truePeak = truePeak
    }

    /// Filters that bring the track to `target`: one gain for all of it, so its dynamics stay, and where
    /// the gain would push peaks over the limit, a limiter that works at 192 kHz (BS.1770-4 annex 2 asks for
    /// four times oversampling to see true peaks).
    ///
    /// - Returns: no filters for silence.
    package func filters(for target: LoudnessTarget) -> [String] {
        guard integrated > -69, truePeak.isFinite else { return [] }
        let gain = target.integrated - integrated
        let volume = "volume=\(rounded(gain))dB:precision=float"
        if truePeak + gain <= target.truePeak { return [volume] }
        let limit = power(target.truePeak)
        return [
            "aresample=192000", volume,
            "alimiter=limit=\(rounded(limit)):level=disabled:attack=5:release=50:latency=1",
        ]
    }

    private func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }
    /// Decibels as a factor of amplitude.
    private func power(_ decibels: Double) -> Double { pow(10, decibels / 20) }
}
