// The plan of joining files: what is written, and what each of them gives.

/// From several files to one, one after the other.
public struct JoinPlan: Hashable, Codable, Sendable {
    /// The files, in the order in which they are shown.
    public var parts: [JoinPart]
    /// Path of the output.
    public var output: String
    /// Format of the output.
    public var container: Container
    /// Length of the output.
    public var duration: MediaTime
    /// The video track; `nil`: none.
    public var video: VideoTrackPlan?
    /// The audio tracks, in output order.
    public var audio: [AudioTrackPlan]
    /// One for each part.
    public var chapters: [Chapter]
    /// Tags of the output.
    public var metadata: [String: String]
    /// Options of libavformat's muxer.
    public var muxerOptions: [String: String]
    /// What was decided automatically, and why.
    public var decisions: [Decision]

    /// The value made of its parts; what is left out is as its declaration says.
    public init(
        parts: [JoinPart] = [], output: String, container: Container, duration: MediaTime = .zero,
        video: VideoTrackPlan? = nil, audio: [AudioTrackPlan] = [], chapters: [Chapter] = [],
        metadata: [String: String] = [:], muxerOptions: [String: String] = [:], decisions: [Decision] = []
    ) {
        self.parts = parts
        self.output = output
        self.container = container
        self.duration = duration
        self.video = video
        self.audio = audio
        self.chapters = chapters
        self.metadata = metadata
        self.muxerOptions = muxerOptions
        self.decisions = decisions
    }
}
