// What a metric says about a whole video.

/// One metric over all frames. Infinite values, of identical frames or planes, are `nil`.
public struct QualityScore: Hashable, Codable, Sendable {
    /// What was measured.
    public var metric: QualityMetric
    /// The model, of metrics that have one.
    public var model: String?
    /// Of all planes, over all frames. XPSNR: (6 Y + U + V) / 8; PSNR and SSIM: all samples alike.
    public var mean: Double?
    /// What 95 % of the frames reach.
    public var percentile5: Double?
    /// Of the worst frame.
    public var minimum: Double?
    /// The worst frame, from 0; `nil` if all are identical.
    public var minimumFrame: Int?
    /// Where it is shown, in the reference.
    public var minimumTime: MediaTime?
    /// Luma alone, over all frames.
    public var y: Double?
    /// The first plane of chroma alone.
    public var u: Double?
    /// The second plane of chroma alone.
    public var v: Double?
    /// Frames without any difference.
    public var identicalFrames: Int

    /// The value made of its parts; what is left out is not known.
    public init(
        _ metric: QualityMetric, model: String? = nil, mean: Double? = nil, percentile5: Double? = nil,
        minimum: Double? = nil, minimumFrame: Int? = nil, minimumTime: MediaTime? = nil, y: Double? = nil,
        u: Double? = nil, v: Double? = nil, identicalFrames: Int = 0
    ) {
        self.metric = metric
        self.model = model
        self.mean = mean
        self.percentile5 = percentile5
        self.minimum = minimum
        self.minimumFrame = minimumFrame
        self.minimumTime = minimumTime
        self.y = y
        self.u = u
        self.v = v
        self.identicalFrames = identicalFrames
    }
}
