// The plan of a ladder: one source, several renditions of its video, one of each audio track.

/// The common grid of key frames and segments, in frames of the ladder's constant rate.
public struct SegmentGrid: Hashable, Codable, Sendable {
    /// Frames per second, exact.
    public var frameRate: Rational
    /// Frames from one IDR frame to the next.
    public var gopFrames: Int
    /// Frames per segment: a whole number of GOPs.
    public var segmentFrames: Int

    /// The value made of its parts; what is left out is as its declaration says.
    public init(frameRate: Rational, gopFrames: Int, segmentFrames: Int) {
        self.frameRate = frameRate
        self.gopFrames = gopFrames
        self.segmentFrames = segmentFrames
    }

    /// The grid whose GOPs and segments come nearest to the wanted lengths.
    ///
    /// - Parameters:
    ///   - frameRate: frames per second.
    ///   - gop: seconds between IDR frames.
    ///   - segment: seconds per segment.
    ///   - divisor: GOPs have a multiple of so many frames, so that renditions at a fraction of the rate
    ///     have their key frames at the same times.
    public init(frameRate: Rational, gop: Rational, segment: Rational, divisor: Int = 1) {
        let wanted = (frameRate * gop).value / Double(divisor)
        let gopFrames = max(1, Int(wanted.rounded())) * divisor
        let count = max(1, Int(((frameRate * segment).value / Double(gopFrames)).rounded()))
        self.init(frameRate: frameRate, gopFrames: gopFrames, segmentFrames: gopFrames * count)
    }

    /// Length of a segment.
    public var segmentDuration: Rational { Rational(Int64(segmentFrames)) / frameRate }
    /// Seconds from one keyframe to the next.
    public var gopDuration: Rational { Rational(Int64(gopFrames)) / frameRate }

    /// Start of segment `index` in ticks of `base`, rounded to the nearest.
    public func start(ofSegment index: Int, in base: Rational) -> Int64 {
        rescale(Int64(index * segmentFrames), from: frameRate.inverse, to: base)
    }
}

/// One source to one adaptive package.
public struct LadderPlan: Hashable, Codable, Sendable {
    /// Path of the source.
    public var input: String
    /// Directory of the package.
    public var output: String
    /// Format of the segments.
    public var segments: SegmentType
    /// One file a rendition, addressed by byte ranges.
    public var isSingleFile: Bool
    /// Where keyframes and segments begin.
    public var grid: SegmentGrid
    /// Segments per chunk. Encoders are restarted for each chunk, so that chunks can be encoded independently.
    public var chunkSegments: Int
    /// The source time that becomes 0.
    public var origin: MediaTime
    /// Duration the output should have; `nil` if the source does not say.
    public var expectedDuration: MediaTime?
    /// What happens to the video; `nil`: an audio-only package.
    public var video: LadderVideoPlan?
    /// Audio renditions.
    public var audio: [AudioRenditionPlan]
    /// Subtitle renditions.
    public var subtitles: [SubtitleRenditionPlan]
    /// Thumbnails for seeking; `nil`: none.
    public var thumbnails: ThumbnailPlan?
    /// How segments are encrypted; `nil`: not at all.
    public var encryption: EncryptionPlan?
    /// The player page in the package; `nil`: none.
    public var player: PlayerPlan?
    /// What the media is called, one line; `nil`: nobody says.
    public var title: String?
    /// What was decided automatically, and why.
    public var decisions: [Decision]

    /// The value made of its parts; what is left out is as its declaration says.
    public init(
        input: String, output: String, segments: SegmentType, isSingleFile: Bool = false, grid: SegmentGrid,
        chunkSegments: Int = 1, origin: MediaTime, expectedDuration: MediaTime?, video: LadderVideoPlan? = nil,
        audio: [AudioRenditionPlan] = [], subtitles: [SubtitleRenditionPlan] = [],
        thumbnails: ThumbnailPlan? = nil, decisions: [Decision] = []
    ) {
        self.input = input
        self.output = output
        self.segments = segments
        self.isSingleFile = isSingleFile
        self.grid = grid
        self.chunkSegments = chunkSegments
        self.origin = origin
        self.expectedDuration = expectedDuration
        self.video = video
        self.audio = audio
        self.subtitles = subtitles
        self.thumbnails = thumbnails
        self.decisions = decisions
    }

    /// Frames of the grid, if the source says how long it is.
    public var expectedFrames: Int64? {
        expectedDuration.map { rescale($0.ticks, from: $0.base, to: grid.frameRate.inverse) }
    }
}

/// What happens to the video before it is split into rungs, and the rungs.
public struct LadderVideoPlan: Hashable, Codable, Sendable {
    /// Index of the source stream.
    public var stream: Int
    /// Shape of the frames that the filters give out.
    public var expected: FrameShape
    /// From the decoder's frames to upright square pixels of the largest rung's size.
    public var filters: [String]
    /// Filters instead of `filters` when the source changes midway.
    public var refit: [String]
    /// Threads of the decoder.
    public var decoderThreads: Int
    /// Threads of the filters.
    public var filterThreads: Int
    /// Whether the source can be entered midway: its index or its time stamps lead to a key frame, and frames have
    /// times of their own.
    public var maySeek: Bool
    /// Largest first; each is scaled from the one before that is larger.
    public var rungs: [RungPlan]

    /// The value made of its parts; what is left out is as its declaration says.
    public init(
        stream: Int, expected: FrameShape, filters: [String], refit: [String], decoderThreads: Int,
        filterThreads: Int, maySeek: Bool = false, rungs: [RungPlan]
    ) {
        self.stream = stream
        self.expected = expected
        self.filters = filters
        self.refit = refit
        self.decoderThreads = decoderThreads
        self.filterThreads = filterThreads
        self.maySeek = maySeek
        self.rungs = rungs
    }
}

/// One rendition of the video.
public struct RungPlan: Hashable, Codable, Sendable {
    /// Also the name of its folder: `720p`, `720p-hevc`.
    public var name: String
    /// Its filters are empty: frames come in its size.
    public var encode: VideoEncodePlan
    /// Every so many frames of the grid are encoded: 2 halves the rate.
    public var frameDivisor: Int
    /// Four-character code in MP4 and MOV; `nil` for the muxer's own.
    public var tag: String?

    /// The value made of its parts; what is left out is as its declaration says.
    public init(name: String, encode: VideoEncodePlan, frameDivisor: Int = 1, tag: String? = nil) {
        self.name = name
        self.encode = encode
        self.frameDivisor = frameDivisor
        self.tag = tag
    }
}

/// One rendition of a audio track.
public struct AudioRenditionPlan: Hashable, Codable, Sendable {
    /// Also the name of its folder: `audio-eng`.
    public var name: String
    /// Renditions of one group differ in language; groups differ in codec and channels.
    public var group: String
    /// The track that is made.
    public var track: AudioTrackPlan

    /// The value made of its parts; what is left out is as its declaration says.
    public init(name: String, group: String, track: AudioTrackPlan) {
        self.name = name
        self.group = group
        self.track = track
    }
}

/// One subtitle rendition.
public struct SubtitleRenditionPlan: Hashable, Codable, Sendable {
    /// Name of its directory in the package.
    public var name: String
    /// The track that is made.
    public var track: SubtitleTrackPlan

    /// The value made of its parts; what is left out is as its declaration says.
    public init(name: String, track: SubtitleTrackPlan) {
        self.name = name
        self.track = track
    }
}

/// Thumbnails for seeking, and the poster.
public struct ThumbnailPlan: Hashable, Codable, Sendable {
    /// Size of one tile in pixels.
    public var size: PixelSize
    /// Thumbnails in a row and in a column of a sprite sheet.
    public var columns: Int
    /// Rows of tiles in a sprite sheet.
    public var rows: Int
    /// Frames of the grid from one thumbnail to the next.
    public var everyFrames: Int

    /// The value made of its parts; what is left out is as its declaration says.
    public init(size: PixelSize, columns: Int, rows: Int, everyFrames: Int) {
        self.size = size
        self.columns = columns
        self.rows = rows
        self.everyFrames = everyFrames
    }
}
