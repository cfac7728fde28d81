// Filters that can be asked for by name.

public import VTXModel

/// Which part of the image is kept.
public enum CropChoice: Hashable, Sendable {
    /// What lies within black bars.
    case automatic
    /// A part in the source's own pixels, as the frame is shown upright.
    case area(PixelArea)
}

/// What is asked of the filters of one output. Each is applied once, in the order of `VideoFilterChain`.
public struct FilterOptions: Hashable, Sendable {
    /// Which part of the image is kept; `nil`: all.
    public var crop: CropChoice?

    /// No filter.
    public init() {}
}

extension FilterOptions {
    /// The filters of the video, which need an encoder.
    var ofVideo: [(setting: Setting, isSet: Bool)] { [(.crop, crop != nil)] }
}
