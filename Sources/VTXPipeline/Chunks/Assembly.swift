// From finished chunks, in whatever order they come, to the segments, sheets and poster of a package, in order.

import LibAV
import VTXModel
import VTXSystem

/// Takes the chunks of one stream in their order, as soon as each is there.
final class ChunkReader: @unchecked Sendable {
    // @unchecked: `next` is guarded, and held while chunks are read.
    private let name: String
    private let store: ChunkStore
    private let next = Guarded(0)

    init(_ name: String, _ store: ChunkStore) {
        self.name = name
        self.store = store
    }

    /// Reads all chunks that can be read.
    ///
    /// - Parameters:
    ///   - prepare: called before the first packet of each chunk, with its number and what is in it; the chunk has to
    ///     be made anew if it returns `false`.
    ///   - take: called with each packet, in decoding order.
    func advance(
        prepare: (Int, ChunkSummary) throws -> Bool = { _, _ in true }, take: (consuming Packet) throws -> Void
    ) throws {
        try next.with { next in
            while let summary = store.summary(name, next), try prepare(next, summary) {
                try store.read(name, next, each: take)
                next += 1
            }
        }
    }

    /// Chunks that have been read.
    var count: Int { next.with { $0 } }
}

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
    ///   - buffer: the decoder's, if the rate has a ceiling.
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
            let retry = ChunkRetry(after: schedule.retry(of: name, chunk), summary.use, fill: before, of: buffer)
        {
            try schedule.drop(name, chunk, retry)
            dropped(summary)
            return false
        }
        fill = summary.use.fill(after: before)
        return true
    }

    /// Decoding times go on from chunk to chunk without a gap. An encoder that gets fewer frames than it delays
    /// (a source may end just behind a seam) counts from another time: the frames are evenly spaced, so they can be told.
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

/// Lays the small pictures of all chunks out on sheets.
final class SpriteSheetAssembly: @unchecked Sendable {
    // @unchecked: as `RungAssembly`.
    static let name = "thumbnails"
    private let plan: ThumbnailPlan
    private let schedule: ChunkSchedule
    private let reader: ChunkReader
    private let write: ([UInt8]) throws -> Void
    private var graph: FilterGraph?
    private var count: Int64 = 0

    /// - Parameter write: takes each sheet as JPEG.
    init(
        _ plan: ThumbnailPlan, _ store: ChunkStore, _ schedule: ChunkSchedule, write: @escaping ([UInt8]) throws -> Void
    ) {
        self.plan = plan
        self.schedule = schedule
        self.write = write
        reader = ChunkReader(Self.name, store)
    }

    private static let format = "yuvj420p"

    /// Filters that make a tile of a frame.
    static func tile(_ plan: ThumbnailPlan) -> [String] {
        ["scale=w=\(plan.size.width):h=\(plan.size.height):flags=area:out_range=full", "format=\(format)"]
    }

    func advance() throws {
        if schedule.isInDoubt { return }
        try reader.advance { packet in
            let tile = try Frame(
                image: packet.withBytes { Array($0) }, size: plan.size, format: Self.format)
            tile.time = count
            count += 1
            if graph == nil {
                graph = try FilterGraph(
                    video: tile, timeBase: Rational(1, 25), frameRate: nil,
                    chain: ["tile=\(plan.columns)x\(plan.rows)"], threads: 1)
            }
            try graph?.push(tile) { try write(try encodeJPEG($0, quantizer: 5)) }
        }
    }

    func finish() throws {
        try advance()
        try graph?.drain { try write(try encodeJPEG($0, quantizer: 5)) }
    }
}

/// The picture a tenth of the way in, or the last one that comes before.
final class PosterAssembly: @unchecked Sendable {
    // @unchecked: as `RungAssembly`.
    static let name = "poster"
    /// Number of the frame that is wanted.
    let latest: Int64
    private let size: PixelSize
    private let schedule: ChunkSchedule
    private let reader: ChunkReader
    private let write: ([UInt8]) throws -> Void
    private var chosen: [UInt8]?

    /// - Parameter write: takes the poster as JPEG, if there is a picture at all.
    init(
        latest: Int64, size: PixelSize, _ store: ChunkStore, _ schedule: ChunkSchedule,
        write: @escaping ([UInt8]) throws -> Void
    ) {
        self.latest = latest
        self.write = write
        self.size = size
        self.schedule = schedule
        reader = ChunkReader(Self.name, store)
    }

    func advance() throws {
        if schedule.isInDoubt { return }
        try reader.advance { packet in chosen = packet.withBytes { Array($0) } }
    }

    func finish() throws {
        try advance()
        guard let chosen else { return }
        try write(try encodeJPEG(Frame(image: chosen, size: size, format: "yuvj420p"), quantizer: 3))
    }
}
