// From the finished chunks of a rung to its segments.

import LibAV
import VTXModel

/// Cuts a rung's packets into segments.
final class RungAssembly: @unchecked Sendable {
    // @unchecked: the segmenter is used by whoever advances the reader, one at a time.
    private let name: String
    private let reader: ChunkReader
    private let schedule: ChunkSchedule
    private let buffer: RateBuffer?
    /// Bits that the decoder's buffer holds before the next chunk; `nil` at first, when it is full.
    private var fill: Int64?
    private let dropped: (ChunkSummary) -> Void
    private let makeSegmenter: (CodecParameters) throws -> Segmenter
    private var segmenter: Segmenter?
    private var parameters: CodecParameters?
    /// How long before its presentation the first packet of the source is decoded, in ticks.
    private var lead: Int64?
    /// When the next packet of a chunk is decoded that was too short for its encoder to keep to `lead`.
    private var next: Int64?
    private var isFirst = false

    /// - Parameters:
    ///   - buffer: the decoder's, if there is a maximum bit rate.
    ///   - dropped: called when a chunk has to be encoded again.
    init(
        _ name: String, _ store: ChunkStore, _ schedule: ChunkSchedule, buffer: RateBuffer?,
        dropped: @escaping (ChunkSummary) -> Void,
        makeSegmenter: @escaping (CodecParameters) throws -> Segmenter
    ) {
        self.name = name
        reader = ChunkReader(name, store)
        self.schedule = schedule
        self.buffer = buffer
        self.dropped = dropped
        self.makeSegmenter = makeSegmenter
    }

    /// - Parameter parameters: of the encoder that made a chunk; the same for all of them.
    func advance(_ parameters: CodecParameters) throws {
        if schedule.isInDoubt { return }
        try reader.advance { chunk, summary in
            guard try keepsRate(chunk, summary) else { return false }
            (isFirst, next) = (true, nil)
            if chunk == 0 {
                self.parameters = parameters
                segmenter = try makeSegmenter(parameters)
            }
            return true
        } take: { packet in
            keepLead(packet)
            try segmenter?.write(packet)
        }
        if let first = self.parameters, first.header != parameters.header {
            throw VTXError(
                .internal, "the encoder's headers differ from chunk to chunk",
                remedy: .report())
        }
    }

    /// Whether the decoder's buffer holds what the chunk takes. If not, the chunk is encoded again, by an encoder that
    /// knows how much there is.
    private func keepsRate(_ chunk: Int, _ summary: ChunkSummary) throws -> Bool {
        guard let buffer else { return true }
        let before = fill ?? buffer.size
        if chunk > 0,
            let retry = ChunkRetry(
                after: schedule.retry(of: name, chunk), summary.use, fill: before, of: buffer)
        {
            try schedule.drop(name, chunk, retry)
            dropped(summary)
            return false
        }
        fill = summary.use.fill(after: before)
        return true
    }

    /// Decoding timestamps continue from chunk to chunk without a gap. An encoder that gets fewer frames than it delays
    /// (a source may end just behind a chunk boundary) begins with another offset: since frames are evenly spaced, the
    /// right one is known.
    private func keepLead(_ packet: borrowing Packet) {
        guard let presentation = packet.presentation, let decoding = packet.decoding else { return }
        if isFirst {
            isFirst = false
            let usual = lead ?? presentation - decoding
            lead = usual
            next = presentation - decoding == usual ? nil : presentation - usual
        }
        guard let time = next else { return }
        packet.decoding = time
        next = time + packet.duration
    }

    /// Writes the last segment, when all chunks are there.
    ///
    /// - Parameter makeParameters: called if this run has encoded none of them.
    func finish(_ makeParameters: () throws -> CodecParameters) throws {
        try advance(parameters ?? makeParameters())
        try segmenter?.finish()
    }

    var chunks: Int { reader.count }
}
