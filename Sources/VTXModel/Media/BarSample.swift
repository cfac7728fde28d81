// What a sample of frames says about black bars.

/// Black bars around the image, as frames from the whole length of a source show them.
public struct BarSample: Hashable, Codable, Sendable {
    /// Frames that were looked at.
    public var frames: Int
    /// What lies within the bars, in stored frames; `nil`: there are no bars.
    public var image: PixelArea?
    /// Whether all frames are dark, so that they prove nothing.
    public var isDark: Bool

    /// The value made of its parts; what is left out is as its declaration says.
    public init(frames: Int, image: PixelArea? = nil, isDark: Bool = false) {
        self.frames = frames
        self.image = image
        self.isDark = isDark
    }
}
