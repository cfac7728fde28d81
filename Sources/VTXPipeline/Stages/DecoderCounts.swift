// What went into a decoder, what came out, and what had to be made up.

package import LibAV
package import VTXModel

/// What went into a decoder, what came out, and what of it had to be repaired.
package struct DecoderCounts: Hashable, Sendable {
    package var packets = 0
    package var frames = 0
    package var failures = 0
    package var lastFailure: AVFailure?
    /// Frames without a time, which follow those before them.
    package var untimed = 0
    /// Frames whose times did not rise.
    package var moved = 0
    /// Times the picture's size or format, or the audio's, changed midway.
    package var changes = 0
    /// Places where audio is missing, and how long they are together; silence fills them.
    package var gaps = 0
    package var silence = MediaTime.zero
    /// Places where audio overlaps, and is cut.
    package var overlaps = 0

    package init(packets: Int = 0, frames: Int = 0, failures: Int = 0, lastFailure: AVFailure? = nil) {
        self.packets = packets
        self.frames = frames
        self.failures = failures
        self.lastFailure = lastFailure
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
    }
}
