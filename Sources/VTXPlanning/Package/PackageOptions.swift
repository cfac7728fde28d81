// What the user asked of a package, before anything is known about the renditions.

public import VTXModel

/// Options of one package.
public struct PackageOptions: Hashable, Sendable {
    /// Directory of the package.
    public var output: String
    /// Seconds.
    public var segmentDuration = Rational(6)
    public var segments: SegmentType = .fmp4
    public var isSingleFile = false
    public var audioTracks: TrackSelection = .automatic
    public var subtitleTracks: TrackSelection = .automatic
    public var subtitleFiles: [SubtitleFile] = []
    public var encryption: EncryptionOptions?
    public var player: PlayerPlan?

    /// Paths of the files that are read beside the media.
    public var otherInputs: [String] { subtitleFiles.map(\.path) + (player?.script.map { [$0] } ?? []) }

    public init(output: String) { self.output = output }
}
