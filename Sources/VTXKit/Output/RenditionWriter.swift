// Writes one rendition's files and remembers what its playlists need, read back from the very bytes.

import LibAV
import VTXModel
import VTXBitstream
import VTXPackaging
import VTXPipeline
import VTXSystem

/// What kind of rendition it is, as far as its files do not tell.
struct RenditionRole: Sendable {
    var isVideo: Bool
    /// Packets of somebody else's making: what is wrong with them is not our fault.
    var isCopied = false
    /// Exact; video only.
    var frameRate: Rational?
    /// Display size, for transport streams; fMP4 tells by itself.
    var size: PixelSize?
    var channels: Int?
    /// For transport streams; fMP4 tells by itself.
    var audioCodec: AudioCodec?
    /// For transport streams, and fMP4 that does not tell by itself.
    var color: ColorDescription?
}

/// One rendition on disk. Used by one stage at a time.
final class RenditionWriter: @unchecked Sendable {
    // @unchecked: events of a rendition come one after another; the rest is read when all have come.
    let name: String
    let role: RenditionRole
    private let directory: String
    private let type: SegmentType
    private let isSingleFile: Bool
    private let encryptor: SegmentEncryptor?

    private(set) var records: [SegmentRecord] = []
    private(set) var frames = 0
    private(set) var codec = ""
    private(set) var resolution: PixelSize?
    private(set) var videoRange = VideoRange.sdr
    private var header: InitSegment?
    private var headerBytes: Int64 = 0
    private var tables: Range<Int>?
    private var fileBytes: Int64 = 0
    private var lastDecodeEnd: MediaTime?
    /// Where key frames are written once more, when parts of segments cannot be read alone.
    private var keyFrameBytes: Int64 = 0
    private var keyFrameCount = 0
    private var encryptedTables: (uri: String, bytes: ByteRange?, size: Int64)?

    init(
        name: String, role: RenditionRole, package: String, type: SegmentType, isSingleFile: Bool,
        encryptor: SegmentEncryptor?
    ) throws(VTXError) {
        self.name = name
        self.role = role
        self.type = type
        self.isSingleFile = isSingleFile
        self.encryptor = encryptor
        directory = "\(package)/\(name)"
        resolution = role.size
        if let color = role.color { videoRange = VideoRange(color) }
        try makeDirectory(directory)
    }

    private var singleName: String { type == .fmp4 ? "media.mp4" : "media.ts" }
    private var extensionName: String { type == .fmp4 ? "m4s" : "ts" }

    func take(_ event: RenditionEvent) throws {
        switch event {
        case .initialization(let bytes): try takeHeader(bytes)
        case .segment(let segment): try takeSegment(segment)
        }
    }

    private func takeHeader(_ bytes: [UInt8]) throws(VTXError) {
        let written = try encryptor?.header(bytes) ?? bytes
        // What players get is read, unless it cannot be read without the key.
        let parsed = try InitSegment(encryptor?.keepsStructure ?? true ? written : bytes)
        guard let track = role.isVideo ? parsed.video : parsed.audio else {
            throw VTXError(.internal, "\(name): the initialization section has no track")
        }
        header = parsed
        codec = track.codec
        if let video = track.video {
            resolution = video.displaySize
            // What it leaves open (2: unspecified) the coded picture may say.
            if let transfer = video.color?.transfer, transfer != 2 { videoRange = video.range }
        }
        headerBytes = Int64(written.count)
        fileBytes = isSingleFile ? headerBytes : 0
        try writeFile(written, to: "\(directory)/\(isSingleFile ? singleName : "init.mp4")")
    }

    private func takeSegment(_ segment: FinishedSegment) throws(VTXError) {
        var segment = segment
        if let encryptor, encryptor.keepsStructure {
            segment.bytes = try encryptor.segment(segment.bytes, number: segment.index)
        }
        var keyFrames: [KeyFrameRecord] = []
        let offset = isSingleFile ? fileBytes : 0
        switch type {
        case .fmp4: keyFrames = try inspectFragments(segment, at: offset)
        case .ts: keyFrames = try inspectTransport(segment, at: offset)
        }
        var bytes = segment.bytes
        if let encryptor = encryptor as? WholeSegmentEncryptor {
            bytes = try encryptor.segment(bytes, number: segment.index)
            keyFrames = try keyFrames.map { frame throws(VTXError) in
                let begin = Int((frame.offset ?? offset) - offset)
                let plain = Array(segment.bytes[begin..<begin + Int(frame.bytes)])
                return try writeKeyFrame(plain, at: frame.time, segment: segment, encryptor)
            }
        }
        let file = isSingleFile ? singleName : "segment-\(padded(Int64(segment.index + 1), 5)).\(extensionName)"
        try writeFile(bytes, to: "\(directory)/\(file)", appending: isSingleFile)
        fileBytes += Int64(bytes.count)
        frames += segment.frames
        records.append(
            SegmentRecord(
                uri: file, start: segment.start, duration: segment.duration, bytes: Int64(bytes.count),
                byteOffset: isSingleFile ? offset : nil, keyFrames: keyFrames))
    }

    private func writeKeyFrame(
        _ bytes: [UInt8], at time: MediaTime, segment: FinishedSegment, _ encryptor: WholeSegmentEncryptor
    ) throws(VTXError) -> KeyFrameRecord {
        if keyFrameCount == 0, let tables {
            encryptedTables = try writeIFrameMessage(
                try encryptor.tables(Array(segment.bytes[tables])), to: "tables.\(extensionName)")
        }
        let place = try writeIFrameMessage(
            try encryptor.keyFrame(bytes, number: keyFrameCount, segment: segment.index),
            to: "iframe-\(padded(Int64(keyFrameCount + 1), 5)).\(extensionName)")
        keyFrameCount += 1
        return KeyFrameRecord(time: time, uri: place.uri, offset: place.bytes?.offset, bytes: place.size)
    }

    /// Adds a message for the I-frame playlist: to the one file there is, or as a file of its own.
    private func writeIFrameMessage(
        _ bytes: [UInt8], to file: String
    ) throws(VTXError) -> (uri: String, bytes: ByteRange?, size: Int64) {
        let size = Int64(bytes.count)
        defer { keyFrameBytes += size }
        guard isSingleFile else {
            try writeFile(bytes, to: "\(directory)/\(file)")
            return (file, nil, size)
        }
        let name = "iframes.\(type == .fmp4 ? "mp4" : "ts")"
        try writeFile(bytes, to: "\(directory)/\(name)", appending: keyFrameBytes > 0)
        return (name, ByteRange(offset: keyFrameBytes, count: size), size)
    }

    /// Reads the segment back: it must begin with a key frame, when it should, and go on where the last ended.
    private func inspectFragments(_ segment: FinishedSegment, at offset: Int64) throws(VTXError) -> [KeyFrameRecord] {
        guard let header, let track = role.isVideo ? header.video : header.audio,
            let content = try header.content(of: segment.bytes, track: track, at: offset)
        else { throw faulty(segment, "holds no frame") }
        if role.isVideo {
            guard content.startsWithKeyFrame else { throw faulty(segment, "does not begin with a key frame") }
            guard abs(content.start.seconds - segment.start.seconds) < 0.001 else {
                throw faulty(segment, "begins at \(content.start) instead of \(segment.start)")
            }
        }
        if let last = lastDecodeEnd, abs(last.seconds - content.decodeStart.seconds) > 0.0005 {
            throw faulty(segment, "does not go on where the last one ended")
        }
        lastDecodeEnd = content.decodeEnd
        return content.keyFrames
    }

    private func inspectTransport(_ segment: FinishedSegment, at offset: Int64) throws(VTXError) -> [KeyFrameRecord] {
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
            remedy: role.isCopied ? damagedTimestampsRemedy : "please report this with the command line")
    }

    // MARK: Playlists

    var map: InitializationMap? {
        guard type == .fmp4 else { return nil }
        return isSingleFile
            ? InitializationMap(
                uri: singleName, bytes: ByteRange(offset: 0, count: headerBytes), keys: encryptor?.headerKeys ?? [])
            : InitializationMap(uri: "init.mp4", keys: encryptor?.headerKeys ?? [])
    }

    func playlist(minimumTargetDuration: Int64) -> MediaPlaylist {
        MediaPlaylist(
            of: records, map: map, minimumTargetDuration: minimumTargetDuration,
            keys: { self.encryptor?.keys(forSegment: $0) ?? [] })
    }

    /// `nil` for audio.
    var iFramePlaylist: MediaPlaylist? {
        guard role.isVideo else { return nil }
        return MediaPlaylist.iFrames(of: records, map: type == .ts ? tablesMap : map) {
            self.encryptor?.keys(forKeyFrame: $0, segment: $1) ?? []
        }
    }

    /// The tables of a transport stream.
    private var tablesMap: InitializationMap? {
        guard let first = records.first, let tables else { return nil }
        if let encryptor = encryptor as? WholeSegmentEncryptor, let written = encryptedTables {
            return InitializationMap(uri: written.uri, bytes: written.bytes, keys: encryptor.tablesKeys)
        }
        return InitializationMap(
            uri: first.uri,
            bytes: ByteRange(
                offset: (first.byteOffset ?? 0) + Int64(tables.lowerBound), count: Int64(tables.count)))
    }

    var duration: MediaTime {
        guard let last = records.last, let first = records.first else { return .zero }
        return last.start + last.duration - first.start
    }

    var bytes: Int64 { records.reduce(headerBytes + keyFrameBytes) { $0 + $1.bytes } }
}
