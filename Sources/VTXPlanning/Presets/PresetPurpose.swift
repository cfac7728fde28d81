// What a preset is made for: which containers and codecs, how large at most.

public import VTXModel

/// The choices of a preset that has a purpose. What is asked for explicitly takes precedence.
public struct PresetPurpose: Hashable, Sendable {
    /// The built-in preset that has it: `web`.
    public var preset: String
    /// What it is for, for people.
    public var summary: String
    /// Containers that serve the purpose, the usual one first.
    public var containers: [Container]
    /// Video codecs that do, the usual one first. The first that the container holds is used.
    public var videoCodecs: [VideoCodec]
    /// Audio codecs that do, chosen in the same way.
    public var audioCodecs: [AudioCodec]
    /// The largest frame, for landscape video; for portrait video its sides change places. Larger ones are scaled down.
    public var largestFrame: PixelSize?
    /// Whether more than two channels are mixed down to stereo.
    public var isStereo = false
    /// Hz; `nil`: that of the source.
    public var sampleRate: Int?
    /// Seconds between keyframes; `nil`: the encoder's choice.
    public var gopDuration: Rational?
    /// Whether high dynamic range is kept.
    public var keepsHDR = false
    /// Whether variable frame rates are made constant.
    public var isConstantRate = false
    /// Bytes that the output may have at most; `nil`: any.
    public var mostBytes: Int64?
}

extension PresetPurpose {
    /// The codec of video in a container; `nil` if it holds none of them.
    public func videoCodec(in container: Container) -> VideoCodec? {
        videoCodecs.first { container.videoCodecs.contains($0) }
    }

    /// The codec of audio in a container; `nil` if it holds none of them.
    public func audioCodec(in container: Container) -> AudioCodec? {
        audioCodecs.first { container.audioCodecs.contains($0) }
    }
}
