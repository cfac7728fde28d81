// Where the parts of a track are delivered.

import LibAV
import VTXModel

/// What takes the frames or packets of a track, part after part.
enum JoinTrackEnd: Sendable {
    /// An encoder. `padding`: samples that decoders give out before the first one, where the container cannot say so.
    case frames(Channel<Frame>, padding: Int = 0)
    /// The writer.
    case copy(CopiedTrack)

    func close() {
        switch self {
        case .frames(let channel, _): channel.close()
        case .copy(let track): track.close()
        }
    }
}

/// A track whose packets are copied. Used by one thread after the other.
final class CopiedTrack: @unchecked Sendable {
    // @unchecked: parts are read one after the other.
    private let sink: PacketSink
    private let isVideo: Bool
    /// End of the latest packet of audio.
    private var end: Int64?

    init(_ sink: PacketSink, isVideo: Bool) {
        self.sink = sink
        self.isVideo = isVideo
    }

    func close() { sink.close() }

    /// Writes a packet of a part.
    ///
    /// Packets of audio cannot be cut. Of those that reach over the boundary of two parts, the ones are kept that lie on
    /// their own side by more than a half: nothing is out of time, and no gap or overlap is longer than half a packet.
    ///
    /// - Parameters:
    ///   - packet: its times count from the beginning of the part.
    ///   - base: their unit.
    func write(_ packet: consuming Packet, base: Rational, of part: JoinPart) throws {
        packet.rescale(from: base, to: sink.base)
        packet.shift(by: rescale(part.start.ticks, from: part.start.base, to: sink.base))
        guard !isVideo else { return try sink.write(packet) }
        guard let time = packet.presentation else { return try sink.write(packet) }
        let half = packet.duration / 2
        if let end, time + half < end { return }
        let limit = rescale(part.end.ticks, from: part.end.base, to: sink.base)
        if time + half > limit { return }
        end = time + packet.duration
        try sink.write(packet)
    }
}
