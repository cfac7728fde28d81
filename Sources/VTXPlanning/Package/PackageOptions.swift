// What the user asked of a package, before anything is known about the renditions.

public import VTXModel

/// Options of one package.
public struct PackageOptions: Hashable, Sendable {
    /// Directory of the package.
    public var output: String
    /// Program of a transport stream (`program_number`); `nil`: the first one with video, or else audio.
    public var program: Int?
    /// Seconds.
    public var segmentDuration = Rational(6)
    /// Format of the segments.
    public var segments: SegmentType = .fmp4
    /// One file per rendition, using byte ranges.
    public var isSingleFile = false
    /// Audio tracks to take.
    public var audioTracks: TrackSelection = .automatic
    /// Subtitle tracks to take.
    public var subtitleTracks: TrackSelection = .automatic
    /// Subtitle files to add.
    public var subtitleFiles: [SubtitleFile] = []
    /// What subtitles that are not UTF-8 are in, by iconv's name; `nil`: what is detected.
    public var subtitleEncoding: String?
    /// What happens to closed captions inside the video; copied video keeps them.
    public var captions: CaptionChoice = .keep
    /// How segments are encrypted; `nil`: not at all.
    public var encryption: EncryptionOptions?
    /// The player page in the package; `nil`: none.
    public var player: PlayerPlan?

    /// Paths of the files that are read beside the media.
    public var otherInputs: [String] { subtitleFiles.map(\.path) + (player?.script.map { [$0] } ?? []) }

    /// The value made of its parts; what is left out is as its declaration says.
    public init(output: String) { self.output = output }
}
