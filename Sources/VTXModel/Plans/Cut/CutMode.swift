// How a part of a source is cut out.

/// How a part of a source is cut out.
public enum CutMode: String, Hashable, Codable, Sendable, CaseIterable {
    /// To the frame and the sample, by encoding.
    case exact
    /// At keyframes, by copying: the output may begin earlier and end later than asked.
    case keyframe
    /// To the frame: what does not begin at a keyframe is encoded, the rest is copied.
    case smart
}
