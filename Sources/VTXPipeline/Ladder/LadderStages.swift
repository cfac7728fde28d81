// What a ladder adds to the stages of a transcode: the frame clock, the cascade of sizes, and the cutting
// of encoded streams into segments on the common grid.

import LibAV
package import VTXModel
import VTXSystem

/// Puts frames on the grid: frame n is the last one whose time, rounded to the grid, is not after n.
///
/// A pure function of the source's times, so every rendition and every run shows the same frames.
struct FrameClock: Sendable {
    let input: Channel<Frame>
    let output: Channel<Frame>
    /// Unit of incoming times.
    let base: Rational
    let frameRate: Rational
    /// Frames that are shown of the chunk where the pass ends.
    let overlap: Int
    let endOfTracks: EndOfTracks
    let pass: ChunkSchedule.Pass
    let schedule: ChunkSchedule
    /// Called before each chunk.
    let note: @Sendable () throws -> Void
    /// Where the picture ends, once all of it has come.
    let reached: @Sendable () -> MediaTime
    /// Whether the source could be read to its end.
    let isWhole: @Sendable () -> Bool

    func run() throws {
        try tick()
        output.close()
    }

    private func tick() throws {
        let layout = schedule.layout
        var pending: Frame?
        var index = layout.start(of: pass.chunk)
        var last = Int64.max

        /// - Returns: whether the pass goes on.
        func show(until end: Int64) throws -> Bool {
            guard let shown = pending.take() else { return true }
            while index < end {
                if last == .max, index == layout.start(of: layout.chunk(of: index)) {
                    let identity = FrameIdentity(time: shown.time ?? 0, checksum: try shown.imageChecksum())
                    try note()
                    if try !schedule.enter(layout.chunk(of: index), pass, showing: identity) {
                        last = index + Int64(overlap)
                    }
                }
                guard index < last else { return false }
                let copy = try shown.copy()
                copy.time = index
                copy.duration = 1
                index += 1
                guard try output.send(copy) else { return false }
            }
            pending = consume shown
            return true
        }

        var end: Int64 = 0
        while let frame = try input.receive() {
            guard let time = frame.time else { continue }
            let place = max(0, rescale(time, from: base, to: frameRate.inverse))
            if pending != nil {
                if try !show(until: place) { return input.refuse() }
            } else if pass.seeks, place > index {
                schedule.missed(pass.chunk)
                return input.refuse()
            }
            end = max(end, rescale(time + max(0, frame.duration), from: base, to: frameRate.inverse), place + 1)
            pending = consume frame
        }
        guard pending != nil else {
            if pass.seeks { schedule.missed(pass.chunk) }
            return
        }
        // A source whose audio lasts longer keeps its last picture until then; half a frame is no difference.
        let latest = try endOfTracks.latestEnd()
        let source = max(end, rescale(latest.ticks, from: latest.base, to: frameRate.inverse))
        if try show(until: source) { try schedule.end(frames: source, picture: reached(), isCertain: isWhole()) }
    }
}

/// Scales the frames of the size above, for its own encoders and for the size below.
struct ScaleStage: Sendable {
    let input: Channel<Frame>
    let size: PixelSize
    let pixelFormat: String
    /// Only frames whose number is a multiple of it go further.
    let divisor: Int
    let threads: Int
    let outputs: [Channel<Frame>]
    /// Frames in a chunk.
    let chunkFrames: Int64
    /// Takes the frames whose number is a multiple of its interval, and the first one of each chunk.
    let samples: [(every: Int, channel: Channel<Frame>)]

    func run() throws {
        var graph: FilterGraph?
        let wanted = FrameShape(size: size, pixelFormat: pixelFormat)
        while let frame = try input.receive() {
            guard let number = frame.time, number % Int64(divisor) == 0 else { continue }
            if frame.shape == wanted {
                try deliver(frame, number: number)
                continue
            }
            if graph == nil {
                graph = try FilterGraph(
                    video: frame, timeBase: Rational(1, 1_000_000), frameRate: nil,
                    chain: [
                        "scale=w=\(size.width):h=\(size.height):flags=bicubic+accurate_rnd", "format=\(pixelFormat)",
                    ],
                    threads: threads)
            }
            try graph?.push(frame) { try deliver($0, number: number) }
        }
        for output in outputs { output.close() }
        for sample in samples { sample.channel.close() }
    }

    private func deliver(_ frame: consuming Frame, number: Int64) throws {
        let beginsChunk = number % chunkFrames == 0
        for sample in samples where beginsChunk || number % Int64(sample.every) == 0 {
            // Samplers refuse nothing.
            _ = try sample.channel.send(try frame.copy())
        }
        try outputs.send(frame)
    }
}

/// What a rendition tells about itself while it is made.
package enum RenditionEvent: Sendable {
    /// The fMP4 initialisation section.
    case initialization([UInt8])
    case segment(FinishedSegment)
}

/// One segment as it left the muxer.
package struct FinishedSegment: Sendable {
    package var index: Int
    /// Presentation time of its first frame in output time.
    package var start: MediaTime
    package var duration: MediaTime
    package var frames: Int
    package var bytes: [UInt8]
}

/// Where a stream is cut into segments and its pieces begin.
enum SegmentCuts: Sendable {
    /// The encoder was told to place key frames there.
    case grid(SegmentGrid)
    /// Key frames that are there already.
    ///
    /// - Parameters:
    ///   - starts: earliest presentation times of all segments but the first, in ticks of the stream.
    ///   - piece: shortest piece in ticks.
    case keyFrames(starts: [Int64], piece: Int64)
}

/// What to try when a stream's times cannot be made sense of.
package let damagedTimestampsRemedy: Remedy = "its times are damaged: encode it anew with vtx transcode"

/// Cuts one encoded stream into segments.
final class Segmenter {
    private let muxer: FragmentMuxer
    private let type: SegmentType
    private let cuts: SegmentCuts
    private let base: Rational
    private let isVideo: Bool
    private let emit: (RenditionEvent) throws -> Void
    /// Added to all times of transport streams, which have no negative ones.
    private let shift: Int64

    private var index = 0
    private var nextSegment: Int64 = 0
    private var nextGOP: Int64 = 0
    /// How many boundaries have been passed.
    private var boundary = 0
    private var start: Int64?
    private var end: Int64 = 0
    private var frames = 0
    /// The piece that followed the header.
    private var firstPiece: [UInt8] = []
    private var hasInit: Bool

    /// Video is cut at key frames, audio at the packet nearest to a boundary.
    init(
        type: SegmentType, parameters: CodecParameters, base: Rational, cuts: SegmentCuts, isVideo: Bool,
        label: TrackLabel, tag: String?, emit: @escaping (RenditionEvent) throws -> Void
    ) throws {
        muxer = try FragmentMuxer(type, parameters: parameters, timeBase: base, label: label, tag: tag)
        self.type = type
        self.cuts = cuts
        self.base = base
        self.isVideo = isVideo
        self.emit = emit
        shift = type == .ts ? rescale(1, from: transportOrigin, to: base) : 0
        hasInit = type == .ts
        nextSegment = start(ofSegment: 1)
        advanceGOP(past: 0)
        if type == .ts { muxerStarted() }
    }

    private func muxerStarted() {
        // The tables that the header wrote come again with the first packet.
        _ = muxer.takeBytes()
    }

    /// Takes the next packet in decoding order.
    func write(_ packet: consuming Packet) throws {
        guard let time = packet.presentation else { return }
        if isVideo {
            if start != nil, time >= nextGOP, packet.isKey || mustBeKey(time) {
                guard packet.isKey else {
                    throw noKeyFrame()
                }
                try endPiece()
                if time >= nextSegment { try cut(at: time) }
                advanceGOP(past: time)
            }
        } else {
            // The nearest packet, by the packet's middle: no error adds up.
            while start != nil, time + packet.duration / 2 >= nextSegment { try cut(at: time) }
        }
        if start == nil {
            start = isVideo ? time : max(0, time)
            // Audio that is missing for longer than a segment: there is nothing to cut there.
            while nextSegment <= time { passBoundary() }
            try muxer.beginSegment()
        }
        end = max(end, time + packet.duration)
        frames += 1
        packet.shift(by: shift)
        try muxer.write(packet, base: base)
    }

    private func noKeyFrame() -> VTXError {
        let place = MediaTime(nextGOP, base)
        return switch cuts {
        case .grid:
            VTXError(
                .internal, "there is no key frame at \(place)", remedy: .report())
        case .keyFrames:
            VTXError(
                .badMedia, "frames that are shown after the key frame at \(place) come before it in the file",
                remedy: damagedTimestampsRemedy)
        }
    }

    /// Writes the last segment.
    ///
    /// - Parameter end: where it ends, if that is not the latest end of a packet.
    func finish(at end: Int64? = nil) throws {
        if start != nil { try cut(at: end ?? self.end) }
    }

    /// Whether a frame at `time`, which is not before the next piece, has to begin it.
    private func mustBeKey(_ time: Int64) -> Bool {
        switch cuts {
        case .grid: true
        case .keyFrames: time >= nextSegment
        }
    }

    /// Earliest time of a segment; `.max` if there is no such segment.
    private func start(ofSegment index: Int) -> Int64 {
        switch cuts {
        case .grid(let grid): grid.start(ofSegment: index, in: base)
        case .keyFrames(let starts, _): index <= starts.count ? starts[index - 1] : .max
        }
    }

    private func passBoundary() {
        boundary += 1
        nextSegment = start(ofSegment: boundary + 1)
    }

    private func advanceGOP(past time: Int64) {
        switch cuts {
        case .grid(let grid): advance(on: grid, past: time)
        case .keyFrames(_, let piece): nextGOP = min(nextSegment, time + piece)
        }
    }

    private func advance(on grid: SegmentGrid, past time: Int64) {
        var count = nextGOP == 0 ? 0 : rescale(nextGOP, from: base, to: grid.frameRate.inverse) / Int64(grid.gopFrames)
        while nextGOP <= time {
            count += 1
            nextGOP = rescale(count * Int64(grid.gopFrames), from: grid.frameRate.inverse, to: base)
        }
    }

    private func endPiece() throws {
        try muxer.endPiece()
        guard !hasInit else { return }
        var bytes = muxer.takeBytes()
        // With delay_moov the first flush writes the header alone.
        let length = initLength(bytes)
        if length == bytes.count {
            try muxer.endPiece()
            bytes += muxer.takeBytes()
        }
        try emit(.initialization(Array(bytes[..<length])))
        firstPiece = Array(bytes[length...])
        hasInit = true
    }

    /// What has been written since the last segment.
    private func takeSegment() -> [UInt8] {
        let bytes = muxer.takeBytes()
        guard !firstPiece.isEmpty else { return bytes }
        defer { firstPiece = [] }
        return firstPiece + bytes
    }

    private func cut(at time: Int64) throws {
        guard let first = start else { return }
        try endPiece()
        let bytes = takeSegment()
        try emit(
            .segment(
                FinishedSegment(
                    index: index, start: MediaTime(first, base), duration: MediaTime(time - first, base),
                    frames: frames, bytes: bytes)))
        muxer.reuse(consume bytes)
        frames = 0
        start = nil
        index += 1
        passBoundary()
        try muxer.beginSegment()
    }

    /// Bytes before the first `moof`.
    private func initLength(_ bytes: [UInt8]) -> Int {
        var offset = 0
        while offset + 8 <= bytes.count {
            let size = bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
            if bytes[(offset + 4)..<(offset + 8)].elementsEqual("moof".utf8) || size < 8 { return offset }
            offset += size
        }
        return min(offset, bytes.count)
    }
}

/// Presentation time of the first picture in transport streams: ten seconds, so that no time is negative
/// and players see that zero is not assumed.
package let transportOrigin = Rational(10)

/// Encodes a rung, each chunk by an encoder of its own.
struct RungStage: Sendable {
    let name: String
    let plan: VideoEncodePlan
    let needsGlobalHeader: Bool
    let frames: Channel<Frame>
    /// Ticks of the encoder's time base per frame of the grid.
    let ticksPerFrame: Int64
    let divisor: Int
    let store: ChunkStore
    let schedule: ChunkSchedule
    let pass: ChunkSchedule.Pass
    /// Called when a chunk is whole.
    let finished: @Sendable (_ parameters: CodecParameters) throws -> Void
    let progress: Guarded<RenditionProgress>

    func run() throws {
        let length = ticksPerFrame * Int64(divisor)
        let layout = schedule.layout
        var writer: PacketFile.Writer?
        let encoder = ChunkedEncoder(
            overlap: plan.chunkOverlap, length: length,
            client: .init(
                begin: { chunk in
                    // What an earlier run has done is not done again.
                    guard schedule.isOwner(pass, of: chunk), !store.has(name, chunk) else { return nil }
                    writer = try store.writer(name, chunk, buffer: plan.rateBuffer)
                    let plan = chunk == 0 ? plan : plan.ofChunk(schedule.retry(of: name, chunk))
                    return .init(
                        encoder: try Encoder(video: plan, needsGlobalHeader: needsGlobalHeader),
                        overlap: plan.chunkOverlap)
                },
                write: { packet in
                    packet.duration = length
                    let size = Int64(packet.size)
                    progress.with { $0.add(frames: 1, bytes: size, rate: plan.frameRate) }
                    try writer?.write(packet)
                },
                isWhole: { chunk, frames in frames == layout.due(chunk, every: divisor, source: schedule.source) },
                finish: { chunk, _, encoder in
                    guard let encoder, let done = writer.take() else { return }
                    try store.finish(name, chunk, done)
                    try finished(encoder.parameters)
                }))
        while let frame = try frames.receive() {
            let number = frame.time ?? 0
            frame.time = number * ticksPerFrame
            frame.duration = length
            frame.clearFrameType()
            try encoder.encode(frame, chunk: layout.chunk(of: number))
        }
        try encoder.finish()
    }
}

/// Keeps one picture in so many, scaled and as raw samples, until its chunk's turn comes.
struct SampleStage: Sendable {
    let name: String
    let frames: Channel<Frame>
    /// Filters that make the picture what is kept.
    let chain: [String]
    let every: Int
    /// Only the last picture of a chunk is kept, and none after this one.
    let latest: Int64?
    let store: ChunkStore
    let schedule: ChunkSchedule
    let pass: ChunkSchedule.Pass
    let finished: @Sendable () throws -> Void

    func run() throws {
        let layout = schedule.layout
        var graph: FilterGraph?
        var work: (chunk: Int, writer: PacketFile.Writer)?
        var seen = 0
        var last: Frame?

        func keep(_ frame: consuming Frame, _ writer: PacketFile.Writer) throws {
            let number = frame.time ?? 0
            if graph == nil {
                graph = try FilterGraph(
                    video: frame, timeBase: Rational(1, 25), frameRate: nil, chain: chain, threads: 1)
            }
            try graph?.push(frame) { picture in
                let packet = try Packet(picture.imageBytes())
                packet.presentation = number
                try writer.write(packet)
            }
        }
        func finish() throws {
            guard let (chunk, writer) = work else { return }
            guard seen == layout.due(chunk, every: every, source: schedule.source) else { return }
            if let picture = last.take() { try keep(picture, writer) }
            try store.finish(name, chunk, writer)
            try finished()
        }

        while let frame = try frames.receive() {
            let number = frame.time ?? 0
            let chunk = layout.chunk(of: number)
            // Of the chunk where the pass ends it sees a little.
            guard schedule.isOwner(pass, of: chunk) else { continue }
            if work?.chunk != chunk {
                try finish()
                work = (chunk, try store.writer(name, chunk))
                seen = 0
            }
            guard let work, number % Int64(every) == 0 else { continue }
            seen += 1
            if let latest {
                if number <= latest || chunk == 0 && seen == 1 { last = consume frame }
            } else {
                try keep(frame, work.writer)
            }
        }
        try finish()
    }
}

/// Encodes a track of audio and cuts it.
struct AudioRenditionStage: Sendable {
    let encoder: Encoder
    let frames: Channel<Frame>
    let makeSegmenter: @Sendable () throws -> Segmenter
    let progress: Guarded<RenditionProgress>

    func run() throws {
        let segmenter = try makeSegmenter()
        func write(_ packet: consuming Packet) throws {
            if packet.duration <= 0 { packet.duration = Int64(encoder.frameSize) }
            progress.with { $0.add(packet, base: encoder.timeBase) }
            try segmenter.write(packet)
        }
        while let frame = try frames.receive() { try encoder.encode(frame, emit: write) }
        try encoder.drain(emit: write)
        try segmenter.finish()
    }
}
