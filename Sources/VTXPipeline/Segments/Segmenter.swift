// Cuts one encoded stream into segments, each muxed on its own.

import LibAV
import VTXBitstream
package import VTXModel

/// What to try when a stream's timestamps contradict each other.
package let damagedTimestampsRemedy: Remedy =
    "its timestamps are damaged: re-encode it with \(command: .transcode)"

/// Cuts one encoded stream into segments.
final class Segmenter {
    private let muxer: FragmentMuxer
    private let type: SegmentType
    private let cuts: SegmentCuts
    private let base: Rational
    private let isVideo: Bool
    private let emit: (RenditionEvent) throws -> Void
    /// Added to all timestamps of transport streams, where none may be negative.
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
    private let captionCarrier: CaptionCarrier?
    private var captions = CaptionDetector()

    /// Video is cut at key frames, audio at the packet nearest to a boundary.
    init(
        type: SegmentType, parameters: CodecParameters, base: Rational, cuts: SegmentCuts,
        isVideo: Bool,
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
        captionCarrier = isVideo ? CaptionCarrier(codec: parameters.codec, header: parameters.header) : nil
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
        if let captionCarrier { captions.note(packet.withBytes { captionCarrier.captions(in: $0) }) }
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
                .badMedia,
                "frames that are shown after the key frame at \(place) come before it in the file",
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
        var count =
            nextGOP == 0
            ? 0 : rescale(nextGOP, from: base, to: grid.frameRate.inverse) / Int64(grid.gopFrames)
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
        try emit(.initialization(branded(Array(bytes[..<length]))))
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
                    frames: frames, bytes: bytes, captions: captions)))
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
