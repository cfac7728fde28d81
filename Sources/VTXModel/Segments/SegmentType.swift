// The formats of a package's segments.

/// The format of a package's segments.
public enum SegmentType: String, Hashable, Codable, Sendable, CaseIterable {
    /// Fragmented MP4 (CMAF).
    case fmp4
    /// MPEG-2 transport stream.
    case ts
}
