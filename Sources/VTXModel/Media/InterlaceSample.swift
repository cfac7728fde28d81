// What decoding a few frames says about interlacing.

/// What libavfilter's `idet` and the decoder's own flags say of a sample of frames.
public struct InterlaceSample: Hashable, Codable, Sendable {
    /// Frames that were decoded.
    public var frames: Int
    /// Frames that the decoder flags as interlaced.
    public var flaggedInterlaced: Int
    /// Frames flagged as interlaced, top field first.
    public var flaggedTopFirst: Int
    /// Frames that `idet` (single-frame detection) finds interlaced, top field first.
    public var topFirst: Int
    /// Frames that `idet` finds interlaced, bottom field first.
    public var bottomFirst: Int
    /// Frames that `idet` finds progressive.
    public var progressive: Int
    /// Frames that `idet` cannot classify.
    public var undetermined: Int
    /// 3:2 pulldown at all places that were looked at; `nil`: none.
    public var pulldown: Pulldown?

    /// Counts of frames.
    public init(
        frames: Int, flaggedInterlaced: Int = 0, flaggedTopFirst: Int = 0, topFirst: Int = 0,
        bottomFirst: Int = 0, progressive: Int = 0, undetermined: Int = 0, pulldown: Pulldown? = nil
    ) {
        self.frames = frames
        self.flaggedInterlaced = flaggedInterlaced
        self.flaggedTopFirst = flaggedTopFirst
        self.topFirst = topFirst
        self.bottomFirst = bottomFirst
        self.progressive = progressive
        self.undetermined = undetermined
        self.pulldown = pulldown
    }
}
