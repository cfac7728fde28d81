// The colour tags of a video stream.

/// Colour tags in libav's names; `nil` where the file has none.
public struct ColorDescription: Hashable, Codable, Sendable {
    /// `tv` (limited) or `pc` (full).
    public var range: String?
    /// Colour primaries (ITU-T H.273), e.g. `bt709`.
    public var primaries: String?
    /// Transfer characteristics (ITU-T H.273), e.g. `smpte2084`.
    public var transfer: String?
    /// Matrix coefficients (ITU-T H.273), e.g. `bt2020nc`.
    public var matrix: String?
    /// Position of chroma samples, e.g. `left`.
    public var chromaLocation: String?

    /// Tags; `nil` where the file has none.
    public init(
        range: String? = nil, primaries: String? = nil, transfer: String? = nil, matrix: String? = nil,
        chromaLocation: String? = nil
    ) {
        self.range = range
        self.primaries = primaries
        self.transfer = transfer
        self.matrix = matrix
        self.chromaLocation = chromaLocation
    }

    /// Whether the transfer is PQ (SMPTE ST 2084).
    public var isPQ: Bool { transfer == "smpte2084" }
    /// Whether the transfer is HLG (ARIB STD-B67).
    public var isHLG: Bool { transfer == "arib-std-b67" }
    /// Whether the transfer is PQ or HLG.
    public var isHDR: Bool { isPQ || isHLG }
}
