// The order of fields in interlaced video.

/// Which field of a frame is shown first.
public enum FieldOrder: String, Hashable, Codable, Sendable {
    case unknown, progressive
    case topFirst = "top_first"
    case bottomFirst = "bottom_first"

    /// Whether frames consist of two fields.
    public var isInterlaced: Bool { self == .topFirst || self == .bottomFirst }
}
