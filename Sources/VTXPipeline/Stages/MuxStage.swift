// Last stage: one thread takes the packets of all tracks and writes them.

package import LibAV
package import VTXModel
import VTXSystem

/// What flows into the writer.
struct MuxItem: ~Copyable, Sendable {
    let packet: Packet
    let track: Int
    let base: Rational

    consuming func takePacket() -> Packet { packet }
}

/// One track's entrance to the writer.
struct PacketSink: Sendable {
    let channel: Channel<MuxItem>
    let track: Int
    /// Unit of the packets' times.
    let base: Rational

    func write(_ packet: consuming Packet) throws {
        // The writer takes all of it.
        _ = try channel.send(MuxItem(packet: packet, track: track, base: base))
    }

    func close() { channel.close() }
}

/// How far the output is.
package struct MuxProgress: Sendable {
    /// End of the latest packet of the leading track (video if there is any).
    package var position = MediaTime.zero
    package var videoPackets = 0
    package var bytes: Int64 = 0
    /// End of each track, by track.
    package var ends: [MediaTime?] = []
    package var isFinishing = false
    /// What is encoded and stands in a chunk that is not written yet; `nil` without chunks.
    package var ahead: ChunkProgress?
    package var repairedTimes = 0

    /// End of the track that lasts longest.
    package var end: MediaTime { ends.compactMap { $0 }.max() ?? .zero }
}

/// How far an encoder is that works in chunks.
package struct ChunkProgress: Sendable {
    /// Up to where chunks are encoded, those of an earlier run among them.
    package var position: MediaTime
    /// Frames out of the encoder in this run.
    package var frames = 0
    /// Bytes that the output lacks yet.
    package var bytes: Int64 = 0
}

/// A failure of writing, as opposed to reading.
package struct WriteFailure: Error {
    package let failure: AVFailure
}

/// Writes packets and keeps count. Stays on one thread.
final class TrackWriter: @unchecked Sendable {
    // @unchecked: used by one stage; what others look at is guarded.
    private let muxer: Muxer?
    private let streams: [Int]
    private let videoTrack: Int?
    private let progress: Guarded<MuxProgress>

    /// - Parameters:
    ///   - muxer: `nil`: packets are counted and dropped (the first of two passes).
    ///   - streams: the output stream of each track.
    init(muxer: Muxer?, streams: [Int], videoTrack: Int?, progress: Guarded<MuxProgress>) {
        self.muxer = muxer
        self.streams = streams
        self.videoTrack = videoTrack
        self.progress = progress
        progress.with { $0.ends = Array(repeating: nil, count: streams.count) }
    }

    func write(_ packet: consuming Packet, track: Int, base: Rational) throws {
        let end = packet.presentation.map { MediaTime($0 + packet.duration, base) }
        if let muxer {
            do { try muxer.write(packet, stream: streams[track], base: base) } catch {
                throw WriteFailure(failure: error)
            }
        }
        let bytes = muxer?.bytes ?? 0
        progress.with {
            $0.bytes = bytes
            if track == videoTrack { $0.videoPackets += 1 }
            guard let end else { return }
            if $0.ends[track].map({ end > $0 }) ?? true { $0.ends[track] = end }
            if track == videoTrack || videoTrack == nil { $0.position = max(end, $0.position) }
        }
    }

    func finish() throws {
        guard let muxer else { return }
        progress.with { $0.isFinishing = true }
        do { try muxer.finish() } catch { throw WriteFailure(failure: error) }
        progress.with { $0.repairedTimes = muxer.repairedTimes }
    }
}

struct MuxStage: Sendable {
    let writer: TrackWriter
    let packets: Channel<MuxItem>

    func run() throws {
        while let item = try packets.receive() {
            let (track, base) = (item.track, item.base)
            try writer.write(item.takePacket(), track: track, base: base)
        }
        try writer.finish()
    }
}
