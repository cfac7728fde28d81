// Where a stream of video can be cut without encoding, near the places that were asked for.

/// Places at which a stream of video can be cut. All times are those of the file.
public struct CutPoints: Hashable, Sendable {
    /// Start that was asked for, moved to a keyframe that rounding missed; `nil`: the beginning.
    package var start: MediaTime?
    /// The latest keyframe at or before `start`, or the first one behind it.
    package var key: MediaTime?
    /// The latest keyframe at or before `start` that needs nothing before it.
    package var decodeStart: MediaTime?
    /// The first keyframe from `start` on that copying can begin with; `nil`: there is none before `end`.
    package var resume: MediaTime?
    /// Frames from `start` to `resume`.
    package var headFrames = 0
    /// End that was asked for, moved to a frame that rounding missed; `nil`: the end of the source.
    package var end: MediaTime?
    /// The first frame that cannot be copied if nothing from `end` on may be; at `end` or later: all can.
    package var copyEnd: MediaTime?
    /// The latest keyframe at or before `copyEnd` that needs nothing before it; `nil`: none was found nearby.
    package var tailKey: MediaTime?
    /// Frames from `copyEnd` to `end`.
    package var tailFrames = 0
    /// The first place at or behind `end` where frames can be separated; `nil`: the end of the source.
    package var nextEnd: MediaTime?
    /// Most frames that are decoded before others that are shown first.
    package var reordering = 0
    /// Whether a frame has no timestamp.
    package var isUntimed = false
    /// What the stream is coded like; `nil` if nobody looked, or it cannot be told.
    package var coding: VideoCoding?

    package init() {}
}

/// What an encoder needs to know to continue a stream of H.264.
public struct VideoCoding: Hashable, Sendable {
    /// Size of decoded frames.
    package var size: PixelSize
    /// libav's pixel format.
    package var pixelFormat: String
    /// Width over height of a pixel as the stream itself says it; `nil` if it does not.
    package var sampleAspectRatio: Rational?
    /// As the stream itself says it.
    package var color: ColorDescription
    /// `profile_idc` and `level_idc` of all sequence parameter sets.
    package var profiles: Set<Int> = []
    package var levels: Set<Int> = []
    /// Numbers of parameter sets of both kinds that are in use.
    package var parameterSets: Set<Int> = []
    /// Whether all frames are coded as frames (`frame_mbs_only_flag`).
    package var isFrameOnly = true

    package init(size: PixelSize, pixelFormat: String, sampleAspectRatio: Rational? = nil, color: ColorDescription) {
        self.size = size
        self.pixelFormat = pixelFormat
        self.sampleAspectRatio = sampleAspectRatio
        self.color = color
    }
}
