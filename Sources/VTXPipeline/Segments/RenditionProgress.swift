// How far one rendition of a package is.

import LibAV
package import VTXModel

/// What has come out of a rendition's encoder, or has been copied.
package struct RenditionProgress: Hashable, Sendable {
    /// Nothing is done.
    package init() {}

    /// Video frames, or packets of audio.
    package var packets = 0
    /// Bytes of those packets.
    package var bytes: Int64 = 0
    /// Output time that is done: of audio and copied tracks the end of the latest packet; of encoded video, whose
    /// chunks are not encoded in order, the duration of all its frames together.
    package var position = MediaTime.zero
    /// Frames that were encoded and dropped, to be encoded again for the sake of the maximum bit rate.
    package var dropped = 0
    /// Frames in `packets` that were encoded in place of dropped ones.
    package var redone = 0
    /// Frames that are expected to be dropped yet.
    package var foreseen = 0
    /// Frames that encoders have received and that have not come out of them yet.
    package var pending = 0
    /// Whether nothing more will come.
    package var isDone = false

    /// Adds a packet of a track that comes in order.
    ///
    /// - Parameter base: unit of the packet's timestamps.
    mutating func add(_ packet: borrowing Packet, base: Rational) {
        packets += 1
        bytes += Int64(packet.size)
        guard let time = packet.presentation else { return }
        position = max(position, MediaTime(time + max(0, packet.duration), base))
    }

    /// Adds video frames of equal duration in any order; negative numbers take frames away again.
    package mutating func add(frames: Int, bytes more: Int64, rate: Rational) {
        packets += frames
        bytes += more
        position = MediaTime(Int64(packets), rate.inverse)
    }

    /// Takes the frames of a chunk away that is encoded again.
    mutating func drop(_ chunk: ChunkSummary, rate: Rational) {
        add(frames: -chunk.packets, bytes: -chunk.bytes, rate: rate)
        dropped += chunk.packets
    }
}
