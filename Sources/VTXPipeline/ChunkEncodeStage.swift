// The picture of a transcode in chunks: what is whole stays when the job is interrupted.

import LibAV
import VTXModel

/// Encodes pictures, each chunk by an encoder of its own, and passes packets on when their chunk is whole.
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
    /// Tells decoding times across chunks: an encoder knows of no chunk before its own.
    private var clock: DecodingTimes
    /// Ticks.
    private let length: Int64
    private let base: Rational
    /// Time of the first frame.
    private var origin: Int64?
    private var work: Work?
    /// Frames that came by.
    private(set) var frames = 0

    /// The chunk at hand; without an encoder it is one that is there already.
    private final class Work {
        let chunk: Int
        let coding: (encoder: Encoder, writer: PacketFile.Writer)?
        var frames = 0

        init(_ chunk: Int, _ coding: (encoder: Encoder, writer: PacketFile.Writer)?) {
            self.chunk = chunk
            self.coding = coding
        }
    }

    /// - Parameters:
    ///   - first: an encoder such as `makeEncoder` makes.
    ///   - length: of a chunk, in seconds.
    init(
        first: Encoder, nominalRate: Rational, length: Rational, store: ChunkStore, frames: Channel<Frame>,
        sink: PacketSink, progress: Guarded<MuxProgress>, makeEncoder: @escaping () throws -> Encoder
    ) {
        self.makeEncoder = makeEncoder
        spare = first
        header = first.parameters.header
        clock = DecodingTimes(delay: first.reordering)
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
        while let frame = try input.receive() {
            let time = frame.time ?? 0
            let start = origin ?? time
            origin = start
            let chunk = Int((time - start) / length)
            if work?.chunk != chunk {
                try finish()
                work = try begin(chunk)
            }
            frames += 1
            work?.frames += 1
            guard let encoder = work?.coding?.encoder else { continue }
            durations.note(frame)
            try encoder.encode(frame, emit: keep)
        }
        try finish()
        sink.close()
    }

    private func begin(_ chunk: Int) throws -> Work {
        if store.has(Self.name, chunk) { return Work(chunk, nil) }
        let encoder = try spare.take() ?? makeEncoder()
        guard encoder.parameters.header == header else {
            throw VTXError(
                .internal, "the encoder's headers differ from chunk to chunk",
                hint: "please report this with the command line")
        }
        return Work(chunk, (encoder, try store.writer(Self.name, chunk)))
    }

    private func keep(_ packet: consuming Packet) throws {
        durations.set(on: packet)
        let (size, end) = (Int64(packet.size), packet.presentation.map { $0 + packet.duration })
        try work?.coding?.writer.write(packet)
        progress.with { state in
            state.ahead?.frames += 1
            state.ahead?.bytes += size
            if let end, let old = state.ahead?.position { state.ahead?.position = max(old, MediaTime(end, base)) }
        }
    }

    /// Ends the chunk at hand and passes its packets on.
    private func finish() throws {
        guard let work else { return }
        if let (encoder, writer) = work.coding {
            try encoder.drain(emit: keep)
            try store.finish(Self.name, work.chunk, writer)
        }
        self.work = nil
        let packets = store.summary(Self.name, work.chunk)?.packets ?? 0
        guard packets == work.frames else {
            throw VTXError(
                .internal, "chunk \(work.chunk + 1) has \(work.frames) frames, and \(packets) came out of the encoder",
                hint: "pass --fresh to start over, and please report this with the command line")
        }
        progress.with { $0.ahead?.bytes = 0 }
        try store.read(Self.name, work.chunk) { packet in
            packet.decoding = packet.presentation.map { clock.next($0, duration: packet.duration) }
            try sink.write(packet)
        }
    }
}
