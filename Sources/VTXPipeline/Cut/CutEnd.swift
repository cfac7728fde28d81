// One end of a smart cut: decoded, and encoded like the frames that are copied.

import LibAV
import VTXModel
import VTXSystem

/// Decodes packets and encodes the frames of a part. Stays on one thread.
final class CutEnd: @unchecked Sendable {
    // @unchecked: used by one stage.
    private let decoder: Decoder
    private let encoder: Encoder
    private let plan: SmartCutPlan
    private let counts: Guarded<DecoderCounts>
    /// Output time that is 0 for `shown`.
    private let start: Int64
    /// Where the part ends; `nil`: with the source.
    private let end: Int64?
    /// Whether a frame comes at `end`.
    private let isFollowed: Bool
    private var shown: HeldFrames
    private var durations: FrameDurations
    private let usualDuration: Int64
    private var expected: Int64 = 0
    private var isDone = false
    /// Its length is known when the next one comes.
    private var held: Frame?
    private let emit: (consuming Packet) throws -> Void
    /// Frames that were encoded.
    private(set) var frames = 0
    /// End of the latest frame.
    private(set) var reached: MediaTime?

    /// - Parameters:
    ///   - range: in ticks of the packets, from 0: output time.
    ///   - isFollowed: whether a frame comes at the end of the range.
    ///   - emit: takes packets in the order in which they are shown, in the form of a byte stream.
    init(
        _ plan: SmartCutPlan, parameters: CodecParameters, encoder: Encoder, range: (start: Int64, end: Int64?),
        isFollowed: Bool, counts: Guarded<DecoderCounts>, emit: @escaping (consuming Packet) throws -> Void
    ) throws {
        self.plan = plan
        self.encoder = encoder
        self.counts = counts
        self.isFollowed = isFollowed
        self.emit = emit
        (start, end) = range
        decoder = try Decoder(for: parameters, threads: plan.encode.decoderThreads)
        usualDuration = max(1, rescale(1, from: plan.encode.frameRate.inverse, to: decoder.timeBase))
        shown = HeldFrames(
            range: ShownRange(isCutAtStart: true, end: range.end.map { $0 - range.start }, base: decoder.timeBase),
            usualDuration: usualDuration)
        durations = FrameDurations(nominalRate: plan.encode.frameRate, base: decoder.timeBase)
    }

    /// Takes the next packet in decoding order.
    ///
    /// - Returns: whether more packets are needed.
    func decode(_ packet: borrowing Packet) throws -> Bool {
        guard !isDone else { return false }
        try decoder.decode(packet, emit: take)
        return !isDone
    }

    /// Encodes the rest.
    func finish() throws {
        if !isDone {
            try decoder.drain(emit: take)
            if !isDone { try shown.finish(emit: place) }
        }
        counts.with { $0.add(DecoderCounts(of: decoder)) }
        if let last = held.take() {
            if let end, let time = last.time, end > time {
                last.duration = isFollowed ? end - time : min(max(last.duration, 1), end - time)
            }
            try encode(last)
        }
        try encoder.drain(emit: write)
    }

    private func take(_ frame: consuming Frame) throws {
        guard !isDone else { return }
        let time = frame.time.map { $0 - start } ?? expected
        frame.time = time
        frame.duration = frame.duration > 0 ? frame.duration : usualDuration
        expected = time + frame.duration
        if try !shown.take(frame, emit: place) { isDone = true }
    }

    private func place(_ frame: consuming Frame) throws {
        let time = (frame.time ?? 0) + start
        frame.time = time
        if let last = held.take() {
            if let before = last.time, time > before { last.duration = time - before }
            try encode(last)
        }
        held = consume frame
    }

    private func encode(_ frame: consuming Frame) throws {
        let expected = plan.encode.expected
        guard frame.shape.size == expected.size, frame.shape.pixelFormat == expected.pixelFormat else {
            throw VTXError(
                .badMedia, "the video changes to \(frame.shape.size) \(frame.shape.pixelFormat) at an end of the cut",
                cause: "its first frame is \(expected.size) \(expected.pixelFormat)",
                remedy: "use \(.cut, "keyframe"), or leave out \(.cut) to encode all of it")
        }
        frame.clearFrameType()
        // The encoder announces an order of frames that it does not use.
        frame.chooseFrameType(isKey: frames == 0)
        durations.note(frame)
        frames += 1
        if let time = frame.time { reached = MediaTime(time + frame.duration, decoder.timeBase) }
        try encoder.encode(frame, emit: write)
    }

    private func write(_ packet: consuming Packet) throws {
        durations.set(on: packet)
        try emit(packet)
    }
}
