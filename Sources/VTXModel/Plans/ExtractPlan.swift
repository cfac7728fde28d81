// The plan of an extraction: one part of a source as a file of its own.

/// From one source to a subtitle file, cover art, images or an animation.
public struct ExtractPlan: Hashable, Codable, Sendable {
    /// What is made.
    public enum Kind: String, Hashable, Codable, Sendable, CaseIterable {
        /// A file of text.
        case subtitles
        /// The attached image, byte by byte.
        case cover
        /// One frame.
        case frame
        /// A frame at every interval, in seconds, in a directory.
        case frames
        /// Small frames side by side in one image.
        case sheet
        /// An animation.
        case clip
    }

    /// Path of the source.
    public var input: String
    /// Path of the file, or of the directory of `frames`.
    public var output: String
    /// What is made.
    public var kind: Kind
    /// Index of the source stream.
    public var stream: Int
    /// The source time that becomes 0: its own start plus what is skipped.
    public var origin: MediaTime
    /// How much of the source is skipped at its start; `nil` if nothing. `origin` includes it.
    public var skipped: MediaTime?
    /// Where the part that is used ends, counted from `origin`; `nil` for the source's end.
    public var limit: MediaTime?
    /// The subtitle track; `nil` for other kinds.
    public var subtitle: SubtitleTrackPlan?
    /// How images are made; `nil` for subtitles and cover art.
    public var images: ImagePlan?
    /// What was decided automatically, and why.
    public var decisions: [Decision]

    /// The value made of its parts; what is left out is as its declaration says.
    public init(
        input: String, output: String, kind: Kind, stream: Int, origin: MediaTime = .zero, skipped: MediaTime? = nil,
        limit: MediaTime? = nil, subtitle: SubtitleTrackPlan? = nil, images: ImagePlan? = nil,
        decisions: [Decision] = []
    ) {
        self.input = input
        self.output = output
        self.kind = kind
        self.stream = stream
        self.origin = origin
        self.skipped = skipped
        self.limit = limit
        self.subtitle = subtitle
        self.images = images
        self.decisions = decisions
    }
}
