// Values of filters that are asked for by name.

/// How strongly a filter works.
public enum FilterStrength: String, Hashable, Codable, Sendable, CaseIterable {
    case light, medium, strong
}

/// A change of volume.
public enum VolumeChange: Hashable, Codable, Sendable {
    /// dB, from -90 to 60.
    case decibels(Double)
    /// Times the amplitude, from 0 to 1000.
    case factor(Double)

    /// Reads `+6dB`, `-3dB`, `0.5`; `nil` for anything else and what is out of range.
    public init?(_ text: String) {
        let isDecibels = text.lowercased().hasSuffix("db")
        guard let value = Double(isDecibels ? text.dropLast(2) : text[...]), value.isFinite else { return nil }
        guard isDecibels ? (-90...60).contains(value) : (0...1000).contains(value) && !text.hasPrefix("-") else {
            return nil
        }
        let rounded = value.rounded(places: 6)
        self = isDecibels ? .decibels(rounded) : .factor(rounded)
    }
}

/// Seconds that a fade from black and one to black take, with silence; 0: none.
public struct FadeLengths: Hashable, Codable, Sendable {
    /// At the beginning.
    public var start: Double
    /// At the end.
    public var end: Double

    /// The value made of its parts.
    public init(start: Double, end: Double) {
        self.start = start
        self.end = end
    }

    /// Reads `1:2`, or `1` for both; `nil` for anything else, and for no fade at all.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Double($0) }
        guard (1...2).contains(parts.count), let start = parts[0], let end = parts[parts.count - 1],
            (0...3600).contains(start), (0...3600).contains(end), start + end > 0
        else { return nil }
        self.init(start: start.rounded(places: 3), end: end.rounded(places: 3))
    }
}
