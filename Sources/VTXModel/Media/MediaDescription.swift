// What a file is: the value that `vtx probe` prints and that plans are made from.
//
// Names of codecs, colours, layouts and pixel formats are libav's own (`h264`, `smpte2084`, `5.1(side)`).

/// A media file and its streams.
public struct MediaDescription: Hashable, Codable, Sendable {
    public var path: String
    /// libav's demuxer name, e.g. `mov,mp4,m4a,3gp,3g2,mj2`.
    public var format: String
    public var formatLongName: String
    /// Length of the whole file; `durationSource` says where it is from. `nil` if nothing tells.
    public var duration: MediaTime?
    public var durationSource: DurationSource
    /// Presentation time of the earliest stream.
    public var start: MediaTime?
    /// Size in bytes.
    public var size: Int64
    /// Bits per second, of the whole file.
    public var bitRate: Int64?
    public var metadata: [String: String]
    public var chapters: [Chapter]
    public var streams: [StreamDescription]
    /// Bytes that the file's index refers to beyond its end; `nil` if there are none, or no index to compare.
    public var missingBytes: Int64?
    /// What a scan of all packets found; only with `--deep`.
    public var scan: PacketScan?

    public init(
        path: String, format: String, formatLongName: String, duration: MediaTime? = nil,
        durationSource: DurationSource = .unknown, start: MediaTime? = nil, size: Int64 = 0,
        bitRate: Int64? = nil, metadata: [String: String] = [:], chapters: [Chapter] = [],
        streams: [StreamDescription] = [], missingBytes: Int64? = nil, scan: PacketScan? = nil
    ) {
        self.path = path
        self.format = format
        self.formatLongName = formatLongName
        self.duration = duration
        self.durationSource = durationSource
        self.start = start
        self.size = size
        self.bitRate = bitRate
        self.metadata = metadata
        self.chapters = chapters
        self.streams = streams
        self.missingBytes = missingBytes
        self.scan = scan
    }
}

/// Where a duration comes from, and so how far it can be trusted.
public enum DurationSource: String, Hashable, Codable, Sendable {
    /// The header or the index says so.
    case header
    /// First and last timestamps of the file, read from its packets.
    case timestamps
    /// File size over bit rate: a guess.
    case bitRate = "bit_rate"
    case unknown
}

/// A named part of the timeline.
public struct Chapter: Hashable, Codable, Sendable {
    public var start: MediaTime
    public var end: MediaTime
    public var title: String?

    public init(start: MediaTime, end: MediaTime, title: String? = nil) {
        self.start = start
        self.end = end
        self.title = title
    }
}

/// What reading every packet found.
public struct PacketScan: Hashable, Codable, Sendable {
    /// End of the last packet of any audio or video stream, relative to the start.
    public var end: MediaTime?
    public var streams: [StreamScan]
    /// The error that stopped reading before the end of the file.
    public var error: String?

    public init(end: MediaTime? = nil, streams: [StreamScan] = [], error: String? = nil) {
        self.end = end
        self.streams = streams
        self.error = error
    }

    public struct StreamScan: Hashable, Codable, Sendable {
        public var index: Int
        public var packets: Int
        public var corruptPackets: Int
        /// End of the last packet, relative to the start of the file.
        public var end: MediaTime?
        /// Shortest and longest distance between neighbouring frames in presentation order; video only.
        public var shortestFrame: MediaTime?
        public var longestFrame: MediaTime?

        public init(
            index: Int, packets: Int = 0, corruptPackets: Int = 0, end: MediaTime? = nil,
            shortestFrame: MediaTime? = nil, longestFrame: MediaTime? = nil
        ) {
            self.index = index
            self.packets = packets
            self.corruptPackets = corruptPackets
            self.end = end
            self.shortestFrame = shortestFrame
            self.longestFrame = longestFrame
        }

        /// Whether frame lengths differ by more than a tenth; two ticks are rounding. `nil` without video.
        public var hasVariableFrameRate: Bool? {
            guard let shortestFrame, let longestFrame else { return nil }
            return longestFrame.ticks - shortestFrame.ticks > max(2, shortestFrame.ticks / 10)
        }
    }
}

/// One stream of a file.
public struct StreamDescription: Hashable, Codable, Sendable {
    public enum Kind: String, Hashable, Codable, Sendable {
        case video, audio, subtitle, data, attachment, unknown
    }

    /// Position in the file, from 0.
    public var index: Int
    public var kind: Kind
    /// libav's codec name; `none` where it knows none.
    public var codec: String
    public var codecLongName: String
    /// Four characters from the container, e.g. `avc1`.
    public var codecTag: String?
    public var profile: String?
    /// As people write it: `4.1`.
    public var level: String?
    /// Whether this libav has a decoder for it.
    public var isDecodable: Bool
    public var timeBase: Rational
    /// Presentation time of the first frame.
    public var start: MediaTime?
    public var duration: MediaTime?
    public var bitRate: Int64?
    /// As the header or index says; `nil` where neither does.
    public var frameCount: Int64?
    /// As the file says: ISO 639-2 or BCP 47. `nil` for `und`.
    public var language: String?
    public var title: String?
    public var metadata: [String: String]
    /// `default`, `forced`, `attached_pic`, ...
    public var disposition: [String]
    public var video: VideoDescription?
    public var audio: AudioDescription?
    public var subtitle: SubtitleDescription?

    public init(
        index: Int, kind: Kind, codec: String, codecLongName: String = "", codecTag: String? = nil,
        profile: String? = nil, level: String? = nil, isDecodable: Bool = true,
        timeBase: Rational = Rational(1, 90_000), start: MediaTime? = nil, duration: MediaTime? = nil,
        bitRate: Int64? = nil, frameCount: Int64? = nil, language: String? = nil, title: String? = nil,
        metadata: [String: String] = [:], disposition: [String] = [], video: VideoDescription? = nil,
        audio: AudioDescription? = nil, subtitle: SubtitleDescription? = nil
    ) {
        self.index = index
        self.kind = kind
        self.codec = codec
        self.codecLongName = codecLongName
        self.codecTag = codecTag
        self.profile = profile
        self.level = level
        self.isDecodable = isDecodable
        self.timeBase = timeBase
        self.start = start
        self.duration = duration
        self.bitRate = bitRate
        self.frameCount = frameCount
        self.language = language
        self.title = title
        self.metadata = metadata
        self.disposition = disposition
        self.video = video
        self.audio = audio
        self.subtitle = subtitle
    }

    /// A still picture attached to the file (album art), not something to play.
    public var isCoverArt: Bool { kind == .video && disposition.contains("attached_pic") }
    public var isDefault: Bool { disposition.contains("default") }
    public var isForced: Bool { disposition.contains("forced") }
}

/// What a stream of pictures looks like.
public struct VideoDescription: Hashable, Codable, Sendable {
    /// What the decoder holds, e.g. 1920 × 1088, for H.264 and HEVC; for others the same as `size`.
    public var codedSize: PixelSize
    /// What is meant to be seen, before pixel shape and orientation.
    public var size: PixelSize
    /// Width over height of one pixel; `nil` if the file does not say.
    public var sampleAspectRatio: Rational?
    /// Turns the stored picture upright.
    public var orientation: Orientation
    /// The file has a display matrix that is no quarter turn, or nonsense; it is ignored.
    public var hasOddMatrix: Bool
    public var pixelFormat: String
    /// Bits per component.
    public var bitDepth: Int
    /// `4:2:0`, `4:2:2`, `4:4:4`, `4:1:1`, `rgb`, `gray`, ...
    public var sampling: String
    public var hasAlpha: Bool
    /// Frames over duration.
    public var averageFrameRate: Rational?
    /// The lowest rate that can express all timestamps exactly.
    public var nominalFrameRate: Rational?
    /// Whether the index shows frames of different lengths; `nil` where there is no index.
    public var hasVariableFrameRate: Bool?
    public var fieldOrder: FieldOrder
    public var color: ColorDescription
    public var hdr: HDRDescription?
    /// What decoding a few frames showed; `nil` where none were.
    public var interlaceSample: InterlaceSample?

    public init(
        codedSize: PixelSize, size: PixelSize? = nil, sampleAspectRatio: Rational? = nil,
        orientation: Orientation = .upright, hasOddMatrix: Bool = false, pixelFormat: String = "yuv420p",
        bitDepth: Int = 8, sampling: String = "4:2:0", hasAlpha: Bool = false,
        averageFrameRate: Rational? = nil, nominalFrameRate: Rational? = nil,
        hasVariableFrameRate: Bool? = nil, fieldOrder: FieldOrder = .unknown,
        color: ColorDescription = ColorDescription(), hdr: HDRDescription? = nil,
        interlaceSample: InterlaceSample? = nil
    ) {
        self.codedSize = codedSize
        self.size = size ?? codedSize
        self.sampleAspectRatio = sampleAspectRatio
        self.orientation = orientation
        self.hasOddMatrix = hasOddMatrix
        self.pixelFormat = pixelFormat
        self.bitDepth = bitDepth
        self.sampling = sampling
        self.hasAlpha = hasAlpha
        self.averageFrameRate = averageFrameRate
        self.nominalFrameRate = nominalFrameRate
        self.hasVariableFrameRate = hasVariableFrameRate
        self.fieldOrder = fieldOrder
        self.color = color
        self.hdr = hdr
        self.interlaceSample = interlaceSample
    }

    /// The size in square pixels, upright; a wide pixel widens the picture, so no rows are lost.
    public var displaySize: PixelSize {
        var shown = size
        if let sar = sampleAspectRatio, sar.isPositive {
            shown.width = max(1, Int((Double(size.width) * sar.value).rounded()))
        }
        return orientation.exchangesSides ? shown.transposed : shown
    }

    /// Width over height of the upright picture, as the file's numbers give it.
    public var displayAspectRatio: Rational? {
        guard size.width > 0, size.height > 0 else { return nil }
        let stored = Rational(Int64(size.width), Int64(size.height))
        let shaped = (sampleAspectRatio.flatMap { $0.isPositive ? $0 : nil } ?? Rational(1)) * stored
        return orientation.exchangesSides ? shaped.inverse : shaped
    }
}

extension VideoDescription {
    /// What follows from the rest, for readers of the JSON.
    private enum DerivedKey: String, CodingKey { case displaySize, displayAspectRatio, rotation }

    /// Writes, beside the stored values, `displaySize`, `displayAspectRatio` and `rotation` (degrees clockwise).
    public func encode(to encoder: any Encoder) throws {
        var stored = encoder.container(keyedBy: CodingKeys.self)
        try stored.encode(codedSize, forKey: .codedSize)
        try stored.encode(size, forKey: .size)
        try stored.encodeIfPresent(sampleAspectRatio, forKey: .sampleAspectRatio)
        try stored.encode(orientation, forKey: .orientation)
        try stored.encode(hasOddMatrix, forKey: .hasOddMatrix)
        try stored.encode(pixelFormat, forKey: .pixelFormat)
        try stored.encode(bitDepth, forKey: .bitDepth)
        try stored.encode(sampling, forKey: .sampling)
        try stored.encode(hasAlpha, forKey: .hasAlpha)
        try stored.encodeIfPresent(averageFrameRate, forKey: .averageFrameRate)
        try stored.encodeIfPresent(nominalFrameRate, forKey: .nominalFrameRate)
        try stored.encodeIfPresent(hasVariableFrameRate, forKey: .hasVariableFrameRate)
        try stored.encode(fieldOrder, forKey: .fieldOrder)
        try stored.encode(color, forKey: .color)
        try stored.encodeIfPresent(hdr, forKey: .hdr)
        try stored.encodeIfPresent(interlaceSample, forKey: .interlaceSample)
        var derived = encoder.container(keyedBy: DerivedKey.self)
        try derived.encode(displaySize, forKey: .displaySize)
        try derived.encodeIfPresent(displayAspectRatio, forKey: .displayAspectRatio)
        try derived.encode(orientation.quarterTurns * 90, forKey: .rotation)
    }
}

/// Which field of a frame is shown first.
public enum FieldOrder: String, Hashable, Codable, Sendable {
    case unknown, progressive
    case topFirst = "top_first"
    case bottomFirst = "bottom_first"

    public var isInterlaced: Bool { self == .topFirst || self == .bottomFirst }
}

/// Colour tags in libav's names; `nil` where the file has none.
public struct ColorDescription: Hashable, Codable, Sendable {
    /// `tv` (limited) or `pc` (full).
    public var range: String?
    public var primaries: String?
    public var transfer: String?
    public var matrix: String?
    public var chromaLocation: String?

    public init(
        range: String? = nil, primaries: String? = nil, transfer: String? = nil, matrix: String? = nil,
        chromaLocation: String? = nil
    ) {
        self.range = range
        self.primaries = primaries
        self.transfer = transfer
        self.matrix = matrix
        self.chromaLocation = chromaLocation
    }

    public var isPQ: Bool { transfer == "smpte2084" }
    public var isHLG: Bool { transfer == "arib-std-b67" }
    public var isHDR: Bool { isPQ || isHLG }
}

/// High dynamic range and what the file says about it.
public struct HDRDescription: Hashable, Codable, Sendable {
    public enum Format: String, Hashable, Codable, Sendable {
        case hdr10, pq, hlg
        case dolbyVision = "dolby_vision"
    }

    public var format: Format
    public var mastering: MasteringDisplay?
    public var contentLight: ContentLight?
    /// Dolby Vision profile, e.g. 5 or 8.
    public var dolbyVisionProfile: Int?
    /// What a decoder without Dolby Vision sees: 0 nothing usable, 1 HDR10, 2 SDR, 4 HLG.
    public var dolbyVisionCompatibility: Int?

    public init(
        format: Format, mastering: MasteringDisplay? = nil, contentLight: ContentLight? = nil,
        dolbyVisionProfile: Int? = nil, dolbyVisionCompatibility: Int? = nil
    ) {
        self.format = format
        self.mastering = mastering
        self.contentLight = contentLight
        self.dolbyVisionProfile = dolbyVisionProfile
        self.dolbyVisionCompatibility = dolbyVisionCompatibility
    }
}

/// The screen the source was graded on (SMPTE ST 2086).
public struct MasteringDisplay: Hashable, Codable, Sendable {
    /// Chromaticities x, y of red, green, blue and white, in that order: eight numbers from 0 to 1.
    public var chromaticities: [Rational]
    /// cd/m².
    public var minimumLuminance: Rational
    public var maximumLuminance: Rational

    public init(chromaticities: [Rational], minimumLuminance: Rational, maximumLuminance: Rational) {
        self.chromaticities = chromaticities
        self.minimumLuminance = minimumLuminance
        self.maximumLuminance = maximumLuminance
    }
}

/// Content light levels (CTA-861.3), cd/m².
public struct ContentLight: Hashable, Codable, Sendable {
    public var maximum: Int
    public var frameAverage: Int

    public init(maximum: Int, frameAverage: Int) {
        self.maximum = maximum
        self.frameAverage = frameAverage
    }
}

/// What libavfilter's `idet` and the decoder's own flags say of a sample of frames.
public struct InterlaceSample: Hashable, Codable, Sendable {
    public var frames: Int
    /// Frames that the decoder flags as interlaced, and of those, top field first.
    public var flaggedInterlaced: Int
    public var flaggedTopFirst: Int
    /// Frames whose picture looks so (`idet`, single-frame detection).
    public var topFirst: Int
    public var bottomFirst: Int
    public var progressive: Int
    public var undetermined: Int

    public init(
        frames: Int, flaggedInterlaced: Int = 0, flaggedTopFirst: Int = 0, topFirst: Int = 0,
        bottomFirst: Int = 0, progressive: Int = 0, undetermined: Int = 0
    ) {
        self.frames = frames
        self.flaggedInterlaced = flaggedInterlaced
        self.flaggedTopFirst = flaggedTopFirst
        self.topFirst = topFirst
        self.bottomFirst = bottomFirst
        self.progressive = progressive
        self.undetermined = undetermined
    }
}

/// What a stream of audio is made of.
public struct AudioDescription: Hashable, Codable, Sendable {
    /// Hz.
    public var sampleRate: Int
    public var channels: Int
    /// libav's layout name, e.g. `stereo`, `5.1(side)`; `N channels` where the file names no speakers.
    public var layout: String
    public var sampleFormat: String
    /// Bits per sample of lossless codecs; `nil` where it means nothing.
    public var bitsPerSample: Int?

    public init(
        sampleRate: Int, channels: Int, layout: String, sampleFormat: String = "fltp",
        bitsPerSample: Int? = nil
    ) {
        self.sampleRate = sampleRate
        self.channels = channels
        self.layout = layout
        self.sampleFormat = sampleFormat
        self.bitsPerSample = bitsPerSample
    }
}

/// What kind of subtitles a stream holds.
public struct SubtitleDescription: Hashable, Codable, Sendable {
    public enum Form: String, Hashable, Codable, Sendable { case text, bitmap, unknown }

    public var form: Form
    /// The canvas of a bitmap subtitle.
    public var size: PixelSize?

    public init(form: Form, size: PixelSize? = nil) {
        self.form = form
        self.size = size
    }
}
