// What a file is: the value that `vtx probe` prints and that plans are made from.
//
// Names of codecs, colours, layouts and pixel formats are libav's own (`h264`, `smpte2084`, `5.1(side)`).

/// A media file and its streams.
public struct MediaDescription: Hashable, Codable, Sendable {
    /// Path as given.
    public var path: String
    /// libav's demuxer name, e.g. `mov,mp4,m4a,3gp,3g2,mj2`.
    public var format: String
    /// libav's name of the format for people.
    public var formatLongName: String
    /// Length of the whole file; `durationSource` says where it is from. `nil` if nothing tells.
    public var duration: MediaTime?
    /// Where `duration` comes from.
    public var durationSource: DurationSource
    /// Presentation time of the earliest stream.
    public var start: MediaTime?
    /// Size in bytes.
    public var size: Int64
    /// Bits per second, of the whole file.
    public var bitRate: Int64?
    /// Tags of the file, keys as in the file.
    public var metadata: [String: String]
    /// What tags are read as that are not UTF-8: `WINDOWS-1252`. `nil` if all are UTF-8.
    public var tagEncoding: String?
    /// Chapters in order.
    public var chapters: [Chapter]
    /// Streams in the order of the file; `streams[i].index` is `i`.
    public var streams: [StreamDescription]
    /// Programs that have streams, in the order of the file; `nil` if it has fewer than two.
    public var programs: [ProgramDescription]?
    /// Number of the program whose streams are used; `nil` if none was chosen.
    public var program: Int?
    /// Bytes that the file's index refers to beyond its end; `nil` if there are none, or no index to compare.
    public var missingBytes: Int64?
    /// What a scan of all packets found; only with `--deep`.
    public var scan: PacketScan?

    /// A description; what is left out is unknown.
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
