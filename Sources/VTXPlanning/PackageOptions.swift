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

    public init(output: String) { self.output = output }
}
