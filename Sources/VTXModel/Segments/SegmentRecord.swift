// What the writer announces of each finished segment: all that playlists are made from.

/// One finished media segment.
///
/// Times are presentation times of the output. Segments of a playlist follow each other without gap: the
/// duration of one ends where the next one starts.
public struct SegmentRecord: Hashable, Codable, Sendable {
    /// File name, relative to the playlist, as it is called on disk.
    public var uri: String
    /// Presentation time of the first frame.
    public var start: MediaTime
    /// Up to the start of the next segment, or to the end of the last frame.
    public var duration: MediaTime
    /// Size as it is delivered: after encryption.
    public var bytes: Int64
    /// Where the segment begins in its file; `nil` if it is the whole file.
    public var byteOffset: Int64?
    /// The key frames, in order of presentation, that an I-frame playlist can point to; video only.
    public var keyFrames: [KeyFrameRecord]

    /// The value made of its parts; what is left out is as its declaration says.
    public init(
        uri: String, start: MediaTime, duration: MediaTime, bytes: Int64, byteOffset: Int64? = nil,
        keyFrames: [KeyFrameRecord] = []
    ) {
        self.uri = uri
        self.start = start
        self.duration = duration
        self.bytes = bytes
        self.byteOffset = byteOffset
        self.keyFrames = keyFrames
    }
}

/// One key frame and the bytes it can be read from without its neighbours.
///
/// In fMP4 the bytes run from the `moof` box that the frame is the first of to the end of the frame; in a
/// transport stream from the packet that starts the frame to the last one that carries a part of it.
public struct KeyFrameRecord: Hashable, Codable, Sendable {
    /// Presentation time.
    public var time: MediaTime
    /// The file, called as on disk; `nil`: the segment's own.
    public var uri: String?
    /// Counted from the start of the file; `nil` if the frame is the whole file.
    public var offset: Int64?
    /// Size of the keyframe in bytes.
    public var bytes: Int64

    /// The value made of its parts; what is left out is as its declaration says.
    public init(time: MediaTime, uri: String? = nil, offset: Int64?, bytes: Int64) {
        self.time = time
        self.uri = uri
        self.offset = offset
        self.bytes = bytes
    }
}
