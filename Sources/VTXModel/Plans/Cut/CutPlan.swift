// Where the parts of a cut that copies are.

/// Where the output of a cut that copies begins and ends, in time of the source as `--start` counts it.
public struct CutPlan: Hashable, Codable, Sendable {
    /// `keyframe` or `smart`.
    public var mode: CutMode
    /// The start that was asked for; `nil`: the beginning.
    public var askedStart: MediaTime?
    /// Where the output begins.
    public var start: MediaTime
    /// How much earlier than asked that is; 0 or more.
    public var earlier: MediaTime
    /// The end that was asked for; `nil`: the source's.
    public var askedEnd: MediaTime?
    /// Where the output ends; `nil`: with the source.
    public var end: MediaTime?
    /// How much later than asked that is; 0 or more, `nil` where no end was asked for.
    public var later: MediaTime?
    /// Parts of the video in their order.
    public var parts: [CutPart] = []

    /// The value made of its parts; what is left out is as its declaration says.
    public init(
        mode: CutMode, askedStart: MediaTime? = nil, start: MediaTime, earlier: MediaTime = .zero,
        askedEnd: MediaTime? = nil, end: MediaTime? = nil, later: MediaTime? = nil, parts: [CutPart] = []
    ) {
        self.mode = mode
        self.askedStart = askedStart
        self.start = start
        self.earlier = earlier
        self.askedEnd = askedEnd
        self.end = end
        self.later = later
        self.parts = parts
    }
}

/// A part of the video of a cut.
public struct CutPart: Hashable, Codable, Sendable {
    /// Whether its packets are copied; they are encoded otherwise.
    public var isCopied: Bool
    /// Where it begins, in time of the source.
    public var start: MediaTime
    /// Where it ends; `nil`: with the source.
    public var end: MediaTime?
    /// Frames that are encoded; `nil` for copied parts.
    public var frames: Int?

    /// The value made of its parts; what is left out is as its declaration says.
    public init(isCopied: Bool, start: MediaTime, end: MediaTime? = nil, frames: Int? = nil) {
        self.isCopied = isCopied
        self.start = start
        self.end = end
        self.frames = frames
    }
}

/// How the ends of a smart cut are encoded, and where copying begins and ends. Times are those of the file.
public struct SmartCutPlan: Hashable, Codable, Sendable {
    /// How the ends are encoded.
    public var encode: VideoEncodePlan
    /// The keyframe that decoding begins with; `nil`: the first one.
    public var decodeStart: MediaTime?
    /// The keyframe that is the first to be copied; `nil`: copying begins with the source.
    public var copyStart: MediaTime?
    /// The first frame behind the copied ones; `nil`: copying ends with the source, or where the output ends.
    public var copyEnd: MediaTime?
    /// Whether anything is copied.
    public var hasCopy: Bool
    /// The keyframe that decoding of the frames from `copyEnd` on begins with; `nil`: `copyStart`.
    public var tailKey: MediaTime?
    /// Most frames that are decoded before others that are shown first.
    public var reordering: Int
    /// Frames that are encoded before and behind the copied ones.
    public var encodedFrames: Int

    /// The value made of its parts; what is left out is as its declaration says.
    public init(
        encode: VideoEncodePlan, decodeStart: MediaTime? = nil, copyStart: MediaTime? = nil, copyEnd: MediaTime? = nil,
        hasCopy: Bool = true, tailKey: MediaTime? = nil, reordering: Int = 0, encodedFrames: Int = 0
    ) {
        self.encode = encode
        self.decodeStart = decodeStart
        self.copyStart = copyStart
        self.copyEnd = copyEnd
        self.hasCopy = hasCopy
        self.tailKey = tailKey
        self.reordering = reordering
        self.encodedFrames = encodedFrames
    }
}
