// Peak and average bit rates as RFC 8216 (4.1) defines them, measured from what was written.
//
// The peak is taken over every run of segments that lasts half to one and a half target durations: a single
// frame at the end does not count as a segment of its own, and no burst hides in an average.

import VTXModel

/// Bits per second of one playlist, or of what is played together.
package struct BitRates: Hashable, Codable, Sendable {
    /// Never less than the exact value.
    package var peak: Int64
    package var average: Int64

    package static let zero = BitRates(peak: 0, average: 0)

    package init(peak: Int64, average: Int64) {
        self.peak = peak
        self.average = average
    }
}

extension BitRates {
    /// One segment as it counts: 8 × bytes over the printed duration.
    struct Span {
        var bytes: Int64
        var microseconds: Int64
    }

    /// Measures a playlist. If no run of segments is long enough, the whole playlist is the one run.
    ///
    /// - Parameter target: EXT-X-TARGETDURATION, in seconds.
    init(of spans: [Span], target: Int64) {
        let (low, high) = (target * 500_000, target * 1_500_000)
        var peak: Int64 = 0
        for first in spans.indices {
            var (bytes, time): (Int64, Int64) = (0, 0)
            for span in spans[first...] {
                bytes += span.bytes
                time += span.microseconds
                if time > high { break }
                if time >= low { peak = max(peak, rate(bytes, time)) }
            }
        }
        average = rate(spans.reduce(0) { $0 + $1.bytes }, spans.reduce(0) { $0 + $1.microseconds })
        self.peak = peak == 0 ? average : peak
    }

    /// What a player needs for a variant: its own playlist and the most demanding member of each group.
    ///
    /// The peak is never less than the average, which a burst in a sliver could otherwise bring about.
    ///
    /// - Parameters:
    ///   - video: the variant's own playlist.
    ///   - audio: members of its audio group that have playlists of their own.
    ///   - subtitles: members of its subtitle group.
    package static func variant(
        _ video: BitRates, audio: [BitRates] = [], subtitles: [BitRates] = []
    ) -> BitRates {
        var sum = video
        for group in [audio, subtitles] {
            sum.peak += group.map(\.peak).max() ?? 0
            sum.average += group.map(\.average).max() ?? 0
        }
        sum.peak = max(sum.peak, sum.average)
        return sum
    }
}

/// 8 × `bytes` over `microseconds`, in bits per second, rounded up.
private func rate(_ bytes: Int64, _ microseconds: Int64) -> Int64 {
    guard microseconds > 0, bytes > 0 else { return 0 }
    let bits = bytes.magnitude.multipliedFullWidth(by: 8_000_000)
    guard bits.high < microseconds.magnitude else { return .max }
    let (quotient, remainder) = microseconds.magnitude.dividingFullWidth(bits)
    return Int64(clamping: quotient) + (remainder > 0 ? 1 : 0)
}
