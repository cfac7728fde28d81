// Writes the packets of all tracks and measures what was written.

import LibAV
import VTXModel
import VTXSystem

/// Writes packets and keeps count. Stays on one thread.
final class TrackWriter: @unchecked Sendable {
    // @unchecked: used by one stage; what others look at is guarded.
    private let muxer: Muxer?
    private let streams: [Int]
    private let videoTrack: Int?
    private let videoMayBeLate: Bool
    private let progress: Guarded<MuxProgress>
    private var cues: CueHold
    private var position = MediaTime.zero
    /// Packets of copied tracks that are not shown: written only if one follows that is.
    private var hidden: [Int: [PacketBox]] = [:]
    /// Tracks of which something shown was written: what is hidden before that is written at once.
    private var hasShown: Set<Int> = []

    /// - Parameters:
    ///   - muxer: `nil`: packets are counted and dropped (the first of two passes).
    ///   - streams: the output stream of each track.
    ///   - videoMayBeLate: whether a video that is decoded after it is shown, by its timestamps, is no failure: nothing more
    ///     is written then, and the file is of no use.
    ///   - cues: tracks of text, which do not make the file longer.
    init(
        muxer: Muxer?, streams: [Int], videoTrack: Int?, videoMayBeLate: Bool = false,
        cues: CueHold = CueHold(tracks: [], expected: nil),
        progress: Guarded<MuxProgress>
    ) {
        self.cues = cues
        self.muxer = muxer
        self.streams = streams
        self.videoTrack = videoTrack
        self.videoMayBeLate = videoMayBeLate
        self.progress = progress
        progress.with {
            $0.ends = Array(repeating: nil, count: streams.count)
            $0.trackBytes = Array(repeating: 0, count: streams.count)
        }
    }

    func write(_ packet: consuming Packet, track: Int, base: Rational) throws {
        if cues.holds(track) {
            cues.take(packet, track: track, base: base)
        } else if packet.isShown {
            hasShown.insert(track)
            for box in hidden.removeValue(forKey: track) ?? [] {
                if let packet = box.take() { try put(packet, track: track, base: base) }
            }
            try put(packet, track: track, base: base)
        } else if !hasShown.contains(track) {
            try put(packet, track: track, base: base)
        } else {
            hidden[track, default: []].append(PacketBox(packet))
        }
        try cues.release(reached: position, put)
    }

    private func put(_ packet: consuming Packet, track: Int, base: Rational) throws {
        let end = packet.isShown ? packet.presentation.map { MediaTime($0 + packet.duration, base) } : nil
        // Only decoding needs it: the output must not last longer for it.
        if !packet.isShown, track == videoTrack { packet.duration = 0 }
        let size = Int64(packet.size)
        if let muxer, !progress.with({ $0.isVideoLate }) {
            let isUntimed = packet.presentation == nil
            do { try muxer.write(packet, stream: streams[track], base: base) } catch {
                guard noteLateVideo(in: muxer) else {
                    throw WriteFailure(failure: error, untimedTrack: isUntimed ? track + 1 : nil)
                }
            }
            if track == videoTrack { _ = noteLateVideo(in: muxer) }
        }
        let bytes = muxer?.bytes ?? 0
        progress.with {
            $0.bytes = bytes
            $0.trackBytes[track] += size
            if track == videoTrack { $0.videoPackets += 1 }
            guard let end else { return }
            if $0.ends[track].map({ end > $0 }) ?? true { $0.ends[track] = end }
            if track == videoTrack || videoTrack == nil { $0.position = max(end, $0.position) }
            position = $0.position
        }
    }

    func finish() throws {
        guard let muxer else { return }
        let ends = progress.with { $0.ends }
        let end = ends.indices.filter { !cues.holds($0) }.compactMap { ends[$0] }.max()
        try cues.finish(at: end ?? .zero, put)
        progress.with { $0.cues = cues.totals }
        progress.with { $0.isFinishing = true }
        if noteLateVideo(in: muxer) { return }
        do { try muxer.finish() } catch { throw WriteFailure(failure: error) }
        progress.with {
            $0.repairedTimes = muxer.repairedTimes
            $0.showsHidden = muxer.showsHidden
        }
    }

    /// Whether the output is given up because its video is decoded late, which another run can help.
    private func noteLateVideo(in muxer: Muxer) -> Bool {
        guard videoMayBeLate, let videoTrack, muxer.lateStream == streams[videoTrack] else { return false }
        progress.with { $0.isVideoLate = true }
        return true
    }
}
