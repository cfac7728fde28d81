// Filters that can be asked for by name.

public import VTXModel

/// Which part of the image is kept.
public enum CropChoice: Hashable, Sendable {
    /// What lies within black bars.
    case automatic
    /// A part in the source's own pixels, as the frame is shown upright.
    case area(PixelArea)
}

/// What is asked of the filters of one output. Each is applied once, in the order of `VideoFilterChain`, or of
/// `audioFilters`.
public struct FilterOptions: Hashable, Sendable {
    /// Which part of the image is kept; `nil`: all.
    public var crop: CropChoice?
    /// Quarter turns clockwise, of the upright image.
    public var quarterTurns = 0
    /// Mirrors the image, after turning it.
    public var flip: FlipDirection?
    /// Reduces noise.
    public var denoise: FilterStrength?
    /// Reduces banding.
    public var deband = false
    /// Sharpens.
    public var sharpen: FilterStrength?
    /// Lies over the finished frames.
    public var overlay: OverlayImage?
    /// Fades video and audio.
    public var fade: FadeLengths?
    /// Changes the volume of all audio tracks.
    public var volume: VolumeChange?
    /// A chain in libavfilter's words, that keeps size and rate of frames.
    public var custom: String?
    /// A chain for audio in libavfilter's words, that keeps its length.
    public var customAudio: String?

    /// No filter.
    public init() {}

    /// Paths of files that filters read.
    public var inputs: [String] { overlay.map { [$0.path] } ?? [] }
}

extension FilterOptions {
    /// The filters of video alone.
    var ofVideo: [(setting: Setting, isSet: Bool)] {
        [
            (.crop, crop != nil), (.rotate, quarterTurns != 0), (.flip, flip != nil), (.denoise, denoise != nil),
            (.deband, deband), (.sharpen, sharpen != nil), (.overlay, overlay != nil), (.filter, custom != nil),
        ]
    }

    /// The filters of audio alone.
    var ofAudio: [(setting: Setting, isSet: Bool)] { [(.volume, volume != nil), (.audioFilter, customAudio != nil)] }

    /// The filters of both.
    var ofBoth: [(setting: Setting, isSet: Bool)] { [(.fade, fade != nil)] }

    /// Whether frames depend on those before them, however far back.
    var hasMemory: Bool { denoise != nil || custom != nil }
}
