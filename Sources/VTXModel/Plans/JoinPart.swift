// What one of several joined files gives.

/// One of the files that are joined.
public struct JoinPart: Hashable, Codable, Sendable {
    /// A stream that becomes a part of an output's audio track.
    public struct Audio: Hashable, Codable, Sendable {
        /// Index of the stream; `nil`: silence.
        public var stream: Int?
        /// How it is brought into the form of the track; `nil`: packets are copied.
        public var encode: AudioEncodePlan?

        /// - Parameters:
        ///   - stream: index of the stream; `nil`: silence.
        ///   - encode: how it is brought into the form of the track.
        public init(stream: Int?, encode: AudioEncodePlan?) {
            self.stream = stream
            self.encode = encode
        }
    }

    /// Path of the file.
    public var input: String
    /// The file's time that becomes `start`.
    public var origin: MediaTime
    /// Where it begins in the output.
    public var start: MediaTime
    /// How long it is there.
    public var duration: MediaTime
    /// Index of the stream of video; `nil`: none.
    public var videoStream: Int?
    /// How its frames are brought into the form of the track; `nil`: packets are copied.
    public var video: VideoEncodePlan?
    /// In the order of the output's tracks.
    public var audio: [Audio]

    /// The value made of its parts; what is left out is as its declaration says.
    public init(
        input: String, origin: MediaTime, start: MediaTime = .zero, duration: MediaTime = .zero,
        videoStream: Int? = nil, video: VideoEncodePlan? = nil, audio: [Audio] = []
    ) {
        self.input = input
        self.origin = origin
        self.start = start
        self.duration = duration
        self.videoStream = videoStream
        self.video = video
        self.audio = audio
    }

    /// Where it ends in the output.
    package var end: MediaTime { start + duration }

    /// Streams of the file that are used.
    package var streams: [Int] { (videoStream.map { [$0] } ?? []) + audio.compactMap(\.stream) }
}
