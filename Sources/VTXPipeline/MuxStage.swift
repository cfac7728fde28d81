// Last stage: one thread takes the packets of all tracks and writes them.

package import LibAV
package import VTXModel

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
        try channel.send(MuxItem(packet: packet, track: track, base: base))
    }

    func close() { channel.close() }
}

/// How far the output is.
package struct MuxProgress: Sendable {
    /// End of the latest packet of the leading track (video if there is any).
    package var position = MediaTime.zero
    package var videoPackets = 0
    package var bytes: Int64 = 0
    /// End of each track.
    package var ends: [Int: MediaTime] = [:]
    package var packets: [Int: Int] = [:]
    package var isFinishing = false
    package var repairedTimes = 0
}

struct MuxStage: Sendable {
    /// `nil`: packets are counted and dropped (the first of two passes).
    let muxer: Muxer?
    let packets: Channel<MuxItem>
    /// Output streams of the tracks, by track.
    let streams: [Int]
    let videoTrack: Int?
    let progress: Guarded<MuxProgress>

    func run() throws {
        while let item = try packets.receive() {
            let (track, base) = (item.track, item.base)
            let packet = item.takePacket()
            let end = packet.presentation.map { MediaTime($0 + packet.duration, base) }
            if let muxer {
                do { try muxer.write(packet, stream: streams[track], base: base) } catch {
                    throw WriteFailure(failure: error)
                }
            }
            let bytes = muxer?.bytes ?? 0
            progress.with {
                $0.bytes = bytes
                $0.packets[track, default: 0] += 1
                if track == videoTrack { $0.videoPackets += 1 }
                guard let end else { return }
                if $0.ends[track].map({ end > $0 }) ?? true { $0.ends[track] = end }
                if track == videoTrack || (videoTrack == nil && end > $0.position) { $0.position = max(end, $0.position) }
            }
        }
        guard let muxer else { return }
        progress.with { $0.isFinishing = true }
        do { try muxer.finish() } catch { throw WriteFailure(failure: error) }
        progress.with { $0.repairedTimes = muxer.repairedTimes }
    }
}

/// A failure of writing, as opposed to reading.
package struct WriteFailure: Error {
    package let failure: AVFailure
}
