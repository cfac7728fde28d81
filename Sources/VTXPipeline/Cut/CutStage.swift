// Makes the video of a smart cut: encodes its beginning, copies, encodes its end.
//
//     packets ─┬─▶ decode ─▶ encode (before the first keyframe) ─┐
//              ├─▶ (copied) ─────────────────────────────────────┼─▶ writer
//              └─▶ decode ─▶ encode (behind the last frame) ─────┘
//
// Decoding times are made of the order of display: those of the source and the encoder do not fit together.

import LibAV
import VTXBitstream
import VTXModel
import VTXSystem

/// Cuts one video. Stays on one thread.
final class CutStage {
    private enum Phase { case head, copy, tail, end }

    private let video: CutVideo
    private let packets: Channel<Packet>
    private let sink: PacketSink
    private let counts: Guarded<DecoderCounts>
    private let lengthSize: Int?
    private var sets: AVCParameterSets
    private let ownNumbers: Set<Int>
    private var phase: Phase
    private var head: CutEnd?
    private var tail: CutEnd?
    private var hasFoundStart: Bool
    private var decodingTimes: DecodingTimes
    private var lastDecoding: Int64?

    init(_ video: CutVideo, packets: Channel<Packet>, sink: PacketSink, counts: Guarded<DecoderCounts>) {
        self.video = video
        self.packets = packets
        self.sink = sink
        self.counts = counts
        sets = AVCParameterSets(header: video.source.header)
        lengthSize = sets.lengthSize
        ownNumbers = AVCParameterSets(header: video.parameters.header).numbers.subtracting(sets.numbers)
        phase = video.plan.hasCopy && video.copyStart == nil ? .copy : .head
        hasFoundStart = video.decodeStart == nil
        decodingTimes = DecodingTimes(delay: video.parameters.reorderDelay)
    }

    func run() throws {
        if phase == .head {
            let end = video.plan.hasCopy ? video.copyStart : video.limit
            // A start at a keyframe has nothing before it to encode.
            if end.map({ $0 > 0 }) ?? true { head = try makeEnd(from: 0, to: end) }
        }
        while let packet = try packets.receive() { try take(packet) }
        try finish()
        sink.close()
    }

    private func makeEnd(from start: Int64, to end: Int64?) throws -> CutEnd {
        try CutEnd(
            video.plan, parameters: video.source, encoder: video.makeEncoder(), range: (start, end),
            isFollowed: video.plan.hasCopy && phase == .head, counts: counts, emit: writeEncoded)
    }

    private func take(_ packet: consuming Packet) throws {
        let time = packet.presentation ?? packet.decoding ?? .min
        if phase == .head, video.plan.hasCopy, packet.isKey, time == video.copyStart {
            try head?.finish()
            note(head)
            head = nil
            phase = .copy
        }
        switch phase {
        case .head: try takeHead(packet, at: time)
        case .copy: try takeCopy(packet, at: time)
        case .tail: try takeTail(packet)
        case .end: break
        }
    }

    private func takeHead(_ packet: borrowing Packet, at time: Int64) throws {
        if packet.isKey, time == video.decodeStart { hasFoundStart = true }
        guard hasFoundStart, let head else { return }
        if try !head.decode(packet), !video.plan.hasCopy { end() }
    }

    private func takeCopy(_ packet: consuming Packet, at time: Int64) throws {
        // What is shown before the first copied frame was encoded, or is not asked for.
        if let start = video.copyStart, time < start { return }
        if let stop = video.copyEnd, time >= stop {
            phase = .tail
            if tail == nil { try startTail() }
            return try takeTail(packet)
        }
        if let limit = video.limit, time >= limit { return end() }
        if let stop = video.copyEnd, packet.isKey {
            let begin = video.tailKey ?? video.copyStart
            if tail == nil, begin.map({ $0 == time }) ?? true { tail = try makeEnd(from: stop, to: video.limit) }
        }
        _ = try tail?.decode(packet)
        try copy(packet, at: time)
    }

    /// For frames that need nothing before them.
    private func startTail() throws {
        guard let stop = video.copyEnd else { return }
        tail = try makeEnd(from: stop, to: video.limit)
    }

    private func takeTail(_ packet: borrowing Packet) throws {
        if try tail?.decode(packet) != true { end() }
    }

    private func end() {
        phase = .end
        packets.refuse()
    }

    private func finish() throws {
        if video.plan.hasCopy, phase == .head {
            throw VTXError(
                .badMedia, "the keyframe at \(video.plan.copyStart ?? .zero) was not found again",
                cause: "the file was changed, or its index is wrong",
                remedy: "leave out \(.cut) to encode all of it")
        }
        if !video.plan.hasCopy { try head?.finish() }
        try tail?.finish()
        note(head)
        note(tail)
    }

    private func note(_ end: CutEnd?) {
        guard let end = end?.reached else { return }
        video.reached.with { $0 = max($0 ?? end, end) }
    }

    private func copy(_ packet: consuming Packet, at time: Int64) throws {
        if video.leadingSets == nil, packet.isKey {
            let found = packet.withBytes { sets.note(packet: $0) }
            guard found.isDisjoint(with: ownNumbers) else {
                throw VTXError(
                    .badMedia,
                    "the video has a parameter set at \(MediaTime(time, video.base)) with the number of the encoder's",
                    remedy: "use \(.cut, "keyframe"), or leave out \(.cut) to encode all of it")
            }
        }
        let end = video.copyEnd ?? video.limit
        if let end, packet.duration > end - time { packet.duration = end - time }
        try write(packet)
    }

    /// Writes a packet with its decoding time. One that comes after the time of display, since more frames are reordered
    /// than were seen before, is noticed by the writer: the job runs again then.
    private func write(_ packet: consuming Packet) throws {
        if let shown = packet.presentation {
            var time = decodingTimes.next(shown, duration: packet.duration)
            if let last = lastDecoding, time <= last { time = last + 1 }
            lastDecoding = time
            packet.decoding = time
        }
        try sink.write(packet)
    }

    /// Writes a packet of an encoder in the form that the stream's have.
    private func writeEncoded(_ packet: consuming Packet) throws {
        let leading = packet.isKey ? video.leadingSets ?? [] : []
        let lengthSize = lengthSize
        let bytes = packet.withBytes { bytes -> [UInt8]? in
            if let lengthSize { return lengthPrefixed(bytes, lengthSize: lengthSize) }
            return leading + Array(bytes)
        }
        guard let bytes else {
            throw VTXError(
                .unavailable,
                "a re-encoded frame is too large for the lengths of its units, of \(lengthSize ?? 0) bytes",
                remedy: "leave out \(.cut) to encode all of it")
        }
        let other = try Packet(bytes, isKey: packet.isKey)
        other.presentation = packet.presentation
        other.duration = packet.duration
        try write(other)
    }
}
