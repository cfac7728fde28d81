// What went into a decoder, what came out, and what had to be made up.

package import LibAV
package import VTXModel

/// What went into a decoder, what came out, and what of it had to be repaired.
package struct DecoderCounts: Hashable, Codable, Sendable {
    /// Packets in.
    package var packets = 0
    /// Frames out.
    package var frames = 0
    /// Packets that could not be decoded.
    package var failures = 0
    /// Why the last of them could not.
    package var lastFailure: AVFailure?
    /// Frames without a timestamp; each follows the one before.
    package var untimed = 0
    /// Frames whose timestamps did not rise.
    package var moved = 0
    /// How often the format of video or audio changed midway.
    package var changes = 0
    /// Places where audio is missing; silence fills them.
    package var gaps = 0
    /// Duration of all gaps together.
    package var silence = MediaTime.zero
    /// Places where audio overlaps; it is cut there.
    package var overlaps = 0
    /// By how much audio that drifts was made longer or shorter, all together.
    package var stretched = MediaTime.zero
    /// Frames whose captions were not wanted.
    package var captions = 0
    /// Triplets of captions for which fewer frames had no room.
    package var lostCaptions = 0

    /// What the journal of chunks keeps.
    private enum CodingKeys: String, CodingKey {
        case packets, frames, failures, untimed, moved, changes
    }

    /// Counts of a decoder; all else is zero.
    package init(packets: Int = 0, frames: Int = 0, failures: Int = 0, lastFailure: AVFailure? = nil) {
        self.packets = packets
        self.frames = frames
        self.failures = failures
        self.lastFailure = lastFailure
    }

    /// What a decoder has counted.
    init(of decoder: Decoder) {
        self.init()
        update(decoder)
    }

    /// Takes over what the decoder has counted.
    mutating func update(_ decoder: Decoder) {
        packets = decoder.packets
        frames = decoder.frames
        failures = decoder.failures
        lastFailure = decoder.lastFailure
    }

    /// Adds those of another pass.
    mutating func add(_ more: DecoderCounts) {
        packets += more.packets
        frames += more.frames
        failures += more.failures
        lastFailure = more.lastFailure ?? lastFailure
        untimed += more.untimed
        moved += more.moved
        changes += more.changes
        gaps += more.gaps
        silence = silence + more.silence
        overlaps += more.overlaps
        stretched = stretched + more.stretched
        captions += more.captions
        lostCaptions += more.lostCaptions
    }
}
