// What went into a decoder and what came out.

package import LibAV

/// What went into a decoder and what came out.
package struct DecoderCounts: Hashable, Sendable {
    package var packets = 0
    package var frames = 0
    package var failures = 0
    package var lastFailure: AVFailure?

    package init(packets: Int = 0, frames: Int = 0, failures: Int = 0, lastFailure: AVFailure? = nil) {
        self.packets = packets
        self.frames = frames
        self.failures = failures
        self.lastFailure = lastFailure
    }

    init(_ decoder: Decoder) {
        packets = decoder.packets
        frames = decoder.frames
        failures = decoder.failures
        lastFailure = decoder.lastFailure
    }
}
