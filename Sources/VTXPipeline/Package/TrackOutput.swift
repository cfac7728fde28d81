// The output end of a copied track: exact durations, segments, and counts.

import LibAV
import VTXModel
import VTXSystem

/// Takes the packets of one track in output time, gives each its exact duration, and cuts them into segments. Stays on
/// one thread.
final class TrackOutput {
    /// Of the rendition.
    let name: String
    /// What became of the track's packets so far.
    var outcome = CopyOutcome()
    private let segmenter: Segmenter
    /// Unit of packets in output time.
    private let base: Rational
    private let progress: Guarded<RenditionProgress>
    /// The last packet: its duration is known with the next one's timestamp.
    private var pending: Packet?

    /// - Parameter base: unit of packets in output time.
    init(name: String, segmenter: Segmenter, base: Rational, progress: Guarded<RenditionProgress>) {
        self.name = name
        self.segmenter = segmenter
        self.base = base
        self.progress = progress
    }

    /// Takes a packet; decoding timestamps rise.
    func write(_ packet: consuming Packet) throws {
        if let last = pending.take() {
            if let next = packet.decoding, let time = last.decoding { last.duration = next - time }
            try cut(last)
        }
        pending = consume packet
    }

    /// Ends the track.
    ///
    /// - Parameters:
    ///   - duration: of the last packet in decoding order; `nil` keeps what it says itself.
    ///   - end: of the track; `nil` for the latest end of a packet.
    func finish(lastDuration duration: Int64? = nil, end: Int64? = nil) throws {
        if let last = pending.take() {
            if let duration { last.duration = duration }
            try cut(last)
        }
        try segmenter.finish(at: end)
        progress.with { $0.isDone = true }
    }

    private func cut(_ packet: consuming Packet) throws {
        outcome.written += 1
        progress.with { $0.add(packet, base: base) }
        try segmenter.write(packet)
    }
}
