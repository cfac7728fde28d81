// The video of a transcode in chunks: finished chunks stay when the job is interrupted.

import LibAV
import VTXModel
import VTXSystem

/// Encodes video, each chunk with a new encoder, and passes packets on when their chunk is finished.
///
/// What an earlier run has encoded is not encoded again: its frames go by, and its packets come from the store.
final class ChunkEncodeStage: @unchecked Sendable {
    // @unchecked: runs on one thread; `frames` is looked at afterwards.
    static let name = "video"
    private let makeEncoder: () throws -> Encoder
    /// Was made to know the stream's parameters; the first chunk that needs one gets it.
    private var spare: Encoder?
    private let header: [UInt8]
    private let store: ChunkStore
    private let input: Channel<Frame>
    private let sink: PacketSink
    private let progress: Guarded<MuxProgress>
    private var durations: FrameDurations
    /// Makes decoding timestamps across chunks: an encoder knows only its own chunk.
    private var clock: DecodingTimes
    /// Ticks.
    private let length: Int64
    private let base: Rational
    private let overlap: ChunkOverlap
    private let captions: CaptionWriter
    /// Time of the first frame.
    private var origin: Int64?
    /// Of the chunk that is being encoded.
    private var writer: PacketFile.Writer?
    /// Frames that came by.
    private(set) var frames = 0

    /// - Parameters:
    ///   - first: an encoder such as `makeEncoder` makes.
    ///   - length: of a chunk, in seconds.
    init(
        first: Encoder, nominalRate: Rational, length: Rational, overlap: ChunkOverlap,
        store: ChunkStore,
        frames: Channel<Frame>, sink: PacketSink, progress: Guarded<MuxProgress>,
        makeEncoder: @escaping () throws -> Encoder
    ) {
        self.makeEncoder = makeEncoder
        spare = first
        header = first.parameters.header
        clock = DecodingTimes(delay: first.reordering)
        self.overlap = overlap
        captions = CaptionWriter(first.parameters)
        self.store = store
        input = frames
        self.sink = sink
        self.progress = progress
        base = first.timeBase
        durations = FrameDurations(nominalRate: nominalRate, base: base)
        self.length = max(1, rescale(1, from: length, to: base))
        let done = (0...).first { !store.has(Self.name, $0) } ?? 0
        progress.with { $0.ahead = ChunkProgress(position: MediaTime(Int64(done) * self.length, base)) }
    }

    func run() throws {
        let encoder = ChunkedEncoder(
            overlap: overlap, length: durations.usual,
            client: .init(begin: begin, write: keep, isWhole: { _, _ in true }, finish: finish))
        while let frame = try input.receive() {
            let time = frame.time ?? 0
            let start = origin ?? time
            origin = start
            frames += 1
            durations.note(frame)
            let chunk = Int((time - start) / length)
            try encoder.encode(frame, chunk: chunk)
            if !store.has(Self.name, chunk) { progress.with { $0.received = MediaTime(time, base) } }
        }
        try encoder.finish()
        sink.close()
    }

    private func begin(_ chunk: Int) throws -> ChunkedEncoder.Start? {
        if store.has(Self.name, chunk) { return nil }
        let encoder = try spare.take() ?? makeEncoder()
        guard encoder.parameters.header == header else {
            throw VTXError(
                .internal, "the encoder's headers differ from chunk to chunk",
                remedy: .report())
        }
        writer = try store.writer(Self.name, chunk)
        return .init(encoder: encoder, overlap: overlap)
    }

    private func keep(_ packet: consuming Packet) throws {
        durations.set(on: packet)
        let packet = try captions.write(packet)
        let (size, end) = (Int64(packet.size), packet.presentation.map { $0 + packet.duration })
        try writer?.write(packet)
        progress.with { state in
            state.ahead?.frames += 1
            state.ahead?.bytes += size
            if let end, let old = state.ahead?.position {
                state.ahead?.position = max(old, MediaTime(end, base))
            }
        }
    }

    /// Passes a chunk's packets on.
    private func finish(_ chunk: Int, _ frames: Int, _ encoder: Encoder?) throws {
        if let done = writer.take() { try store.finish(Self.name, chunk, done) }
        durations.forget(before: (origin ?? 0) + Int64(chunk + 1) * length)
        let packets = store.summary(Self.name, chunk)?.packets ?? 0
        guard packets == frames else {
            throw VTXError(
                .internal, "chunk \(chunk + 1) has \(frames) frames, and \(packets) were encoded before",
                remedy: "pass \(.startOver) to start over, and please report this with the command line")
        }
        progress.with { $0.ahead?.bytes = 0 }
        try store.read(Self.name, chunk) { packet in
            packet.decoding = packet.presentation.map { clock.next($0, duration: packet.duration) }
            try sink.write(packet)
        }
    }
}
