// What mono tracks become when they are joined.

/// Layouts that mono tracks can be joined to, by libav's names.
public enum JoinedLayout: String, Hashable, Codable, Sendable, CaseIterable {
    case stereo
    case surround51 = "5.1"
    case surround71 = "7.1"

    /// The layout with `count` channels; `nil` if there is none.
    public init?(count: Int) {
        guard let layout = Self.allCases.first(where: { $0.speakers.count == count }) else { return nil }
        self = layout
    }

    /// The speakers of the tracks in their order, by libav's names.
    package var speakers: [String] {
        switch self {
        case .stereo: ["FL", "FR"]
        case .surround51: ["FL", "FR", "FC", "LFE", "BL", "BR"]
        case .surround71: ["FL", "FR", "FC", "LFE", "BL", "BR", "SL", "SR"]
        }
    }
}
