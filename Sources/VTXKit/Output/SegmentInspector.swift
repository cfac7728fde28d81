// Reads segments back as they were written: manifests describe what is there, not what was meant.

import VTXBitstream
import VTXModel
import VTXPackaging
import VTXPipeline

/// What the segments of one rendition turn out to be. Used by one stage at a time.
struct SegmentInspector {
    private let name: String
    private let role: RenditionRole
    private let type: SegmentType

    /// RFC 6381; empty before anything was read.
    private(set) var codec = ""
    /// The whole of which `codec` is the base layer, as a SUPPLEMENTAL-CODECS attribute wants it.
    private(set) var supplementalCodec: String?
    private(set) var resolution: PixelSize?
    private(set) var videoRange = VideoRange.sdr
    /// Where the tables of a transport stream are in its first segment.
    private(set) var tables: Range<Int>?
    private var initialization: InitSegment?
    private var lastDecodeEnd: MediaTime?

    init(name: String, role: RenditionRole, type: SegmentType) {
        self.name = name
        self.role = role
        self.type = type
        resolution = role.size
        if let color = role.color { videoRange = VideoRange(color) }
    }

    /// - Throws: `.badMedia` or `.internal` if it has no track of the rendition's kind.
    mutating func readInitialization(_ bytes: [UInt8]) throws(VTXError) {
        let parsed = try InitSegment(bytes)
        guard let track = role.isVideo ? parsed.video : parsed.audio else {
            throw VTXError(.internal, "\(name): the initialization segment has no track")
        }
        initialization = parsed
        codec = track.codec
        supplementalCodec = track.supplementalCodec
        guard let video = track.video else { return }
        resolution = video.displaySize
        // What it leaves open (2: unspecified) the video itself may say.
        if let transfer = video.color?.transfer, transfer != 2 { videoRange = video.range }
    }

    /// The key frames of a segment of video, which must begin with one.
    ///
    /// - Parameters:
    ///   - segment: with bytes whose boxes or packets can be read; samples may be encrypted.
    ///   - offset: where it begins in its file.
    /// - Throws: `.badMedia` for copied renditions, `.internal` for others, if it begins elsewhere than announced or does
    ///   not follow the segment before.
    mutating func read(_ segment: FinishedSegment, at offset: Int64) throws(VTXError) -> [KeyFrameRecord] {
        switch type {
        case .fmp4: try readFragments(segment, at: offset)
        case .ts: try readTransport(segment, at: offset)
        }
    }

    private mutating func readFragments(
        _ segment: FinishedSegment, at offset: Int64
    ) throws(VTXError) -> [KeyFrameRecord] {
        guard let initialization, let track = role.isVideo ? initialization.video : initialization.audio,
            let content = try initialization.content(of: segment.bytes, track: track, at: offset)
        else { throw faulty(segment, "has no frame") }
        if role.isVideo {
            guard content.startsWithKeyFrame else { throw faulty(segment, "does not begin with a key frame") }
            guard abs(content.start.seconds - segment.start.seconds) < 0.001 else {
                throw faulty(segment, "begins at \(content.start) instead of \(segment.start)")
            }
        }
        if let last = lastDecodeEnd, abs(last.seconds - content.decodeStart.seconds) > 0.0005 {
            throw faulty(segment, "does not begin where the one before ended")
        }
        lastDecodeEnd = content.decodeEnd
        return content.keyFrames
    }

    private mutating func readTransport(
        _ segment: FinishedSegment, at offset: Int64
    ) throws(VTXError) -> [KeyFrameRecord] {
        let content = try TransportSegment(segment.bytes)
        if codec.isEmpty {
            tables = content.tables
            if role.isVideo {
                codec = try CodecString.avc(content.video?.firstFrame ?? [])
            } else {
                codec = try audioCodec(content.audio?.firstFrame ?? [])
            }
        }
        guard role.isVideo else { return [] }
        guard content.video?.startsWithKeyFrame == true else {
            throw faulty(segment, "does not begin with a key frame")
        }
        let origin = rescale(1, from: transportOrigin, to: Rational(1, 90_000))
        return content.keyFrameRecords(origin: origin, at: offset)
    }

    private func audioCodec(_ frame: [UInt8]) throws(VTXError) -> String {
        if let codec = role.audioCodec, let fixed = CodecString.fixed(codec) { return fixed }
        return try CodecString.adts(frame)
    }

    private func faulty(_ segment: FinishedSegment, _ what: String) -> VTXError {
        VTXError(
            role.isCopied ? .badMedia : .internal, "\(name): segment \(segment.index + 1) \(what)",
            remedy: role.isCopied ? damagedTimestampsRemedy : .report())
    }
}
