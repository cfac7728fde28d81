// Writes one rendition's files, encrypted if the plan says so, and remembers what manifests say about them.

import VTXBitstream
import VTXModel
import VTXPackaging
import VTXPipeline
import VTXSystem

/// One rendition on disk. Used by one stage at a time.
final class RenditionWriter: @unchecked Sendable {
    // @unchecked: events of a rendition come one after another; the rest is read when all have come.
    let name: String
    private let role: RenditionRole
    private let directory: String
    private let layout: PackageLayout
    private let encryptor: SegmentEncryptor?
    private var inspector: SegmentInspector
    /// `nil` unless parts of segments cannot be read alone.
    private var keyFrameFiles: KeyFrameFiles?

    private(set) var records: [SegmentRecord] = []
    private(set) var frames = 0
    private var captions = CaptionDetector()
    private var initializationBytes: Int64 = 0
    /// Of the one file, if all segments are in one.
    private var fileBytes: Int64 = 0

    /// Makes the directory of the rendition.
    ///
    /// - Parameter package: directory of the package; it exists.
    init(
        name: String, role: RenditionRole, package: String, layout: PackageLayout, encryptor: SegmentEncryptor?
    ) throws(VTXError) {
        self.name = name
        self.role = role
        self.layout = layout
        self.encryptor = encryptor
        directory = "\(package)/\(name)"
        inspector = SegmentInspector(name: name, role: role, type: layout.type)
        if let encryptor = encryptor as? WholeSegmentEncryptor {
            keyFrameFiles = KeyFrameFiles(directory: directory, layout: layout, encryptor: encryptor)
        }
        try makeDirectory(directory)
    }

    func take(_ event: RenditionEvent) throws {
        switch event {
        case .initialization(let bytes): try takeInitialization(bytes)
        case .segment(let segment): try takeSegment(segment)
        }
    }

    private func takeInitialization(_ bytes: [UInt8]) throws(VTXError) {
        let written = try encryptor?.initialization(bytes) ?? bytes
        // What players get is read, unless it cannot be read without the key.
        try inspector.readInitialization(encryptor?.keepsStructure ?? true ? written : bytes)
        initializationBytes = Int64(written.count)
        fileBytes = layout.isSingleFile ? initializationBytes : 0
        try writeFile(written, to: "\(directory)/\(layout.initialization)")
    }

    private func takeSegment(_ segment: FinishedSegment) throws(VTXError) {
        let offset = layout.isSingleFile ? fileBytes : 0
        let (bytes, keyFrames) = try encrypted(segment, at: offset)
        let file = layout.segment(segment.index)
        try writeFile(bytes, to: "\(directory)/\(file)", appending: layout.isSingleFile)
        fileBytes += Int64(bytes.count)
        frames += segment.frames
        captions = segment.captions
        records.append(
            SegmentRecord(
                uri: file, start: segment.start, duration: segment.duration, bytes: Int64(bytes.count),
                byteOffset: layout.isSingleFile ? offset : nil, keyFrames: keyFrames))
    }

    /// The bytes to write, and where key frames can be read. They are looked for in what players get, or before
    /// encryption if it hides them.
    private func encrypted(
        _ segment: FinishedSegment, at offset: Int64
    ) throws(VTXError) -> (bytes: [UInt8], keyFrames: [KeyFrameRecord]) {
        guard let encryptor else { return (segment.bytes, try inspector.read(segment, at: offset)) }
        if encryptor.keepsStructure {
            var segment = segment
            segment.bytes = try encryptor.segment(segment.bytes, number: segment.index)
            return (segment.bytes, try inspector.read(segment, at: offset))
        }
        var keyFrames = try inspector.read(segment, at: offset)
        let bytes = try encryptor.segment(segment.bytes, number: segment.index)
        if let moved = try keyFrameFiles?.write(
            keyFrames, of: segment.bytes, at: offset, segment: segment.index, tables: inspector.tables)
        {
            keyFrames = moved
        }
        return (bytes, keyFrames)
    }

    // MARK: When all segments are there

    /// Channels of closed captions that packets had; `nil` without captions, empty where the channels cannot be told.
    var captionChannels: [CaptionChannel]? { captions.hasContent ? captions.found : nil }

    var duration: MediaTime {
        guard let last = records.last, let first = records.first else { return .zero }
        return last.start + last.duration - first.start
    }

    /// Of all files.
    var bytes: Int64 { records.reduce(initializationBytes + (keyFrameFiles?.bytes ?? 0)) { $0 + $1.bytes } }

    /// What manifests say about the rendition.
    var described: PackagedRendition {
        var rendition = PackagedRendition(
            name: name, codec: inspector.codec,
            segments: records.enumerated().map { .init($1, keys: encryptor?.keys(forSegment: $0) ?? []) })
        rendition.initialization = initialization
        rendition.resolution = inspector.resolution
        guard role.isVideo else {
            rendition.channels = role.channels
            return rendition
        }
        rendition.frameRate = role.frameRate
        rendition.videoRange = inspector.videoRange
        rendition.supplementalCodec = inspector.supplementalCodec
        rendition.captions = captionChannels
        rendition.keyFrameInitialization = layout.type == .ts ? tables : initialization
        rendition.keyFrames = PackagedRendition.keyFrames(of: records) {
            self.encryptor?.keys(forKeyFrame: $0, segment: $1) ?? []
        }
        return rendition
    }

    private var initialization: PackagedRendition.InitializationFile? {
        guard layout.type == .fmp4 else { return nil }
        return .init(
            name: layout.initialization,
            bytes: layout.isSingleFile ? ByteRange(offset: 0, count: initializationBytes) : nil,
            keys: encryptor?.initializationKeys ?? [])
    }

    /// The tables of a transport stream.
    private var tables: PackagedRendition.InitializationFile? {
        if let encrypted = keyFrameFiles?.tables { return encrypted }
        guard let first = records.first, let tables = inspector.tables else { return nil }
        return .init(
            name: first.uri,
            bytes: ByteRange(
                offset: (first.byteOffset ?? 0) + Int64(tables.lowerBound), count: Int64(tables.count)))
    }
}
