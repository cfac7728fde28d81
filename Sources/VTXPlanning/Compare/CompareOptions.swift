// What is asked of a comparison.

public import VTXModel

/// What is asked of a comparison.
public struct CompareOptions: Hashable, Sendable {
    /// What to measure; empty: all that can be measured here.
    public var metrics: [QualityMetric]
    /// Frames by which the others are late; negative if they are early.
    public var shift: Int

    /// - Parameters:
    ///   - metrics: what to measure; empty: all that can be measured here.
    ///   - shift: frames by which the others are late.
    public init(metrics: [QualityMetric] = [], shift: Int = 0) {
        self.metrics = metrics
        self.shift = shift
    }

    /// The largest shift, either way.
    public static let mostShift = 1000
}

/// A file to compare, or a rendition of a package.
public struct CompareSource: Hashable, Sendable {
    /// The path, or the name of the rendition.
    public var name: String
    /// What it is.
    public var description: MediaDescription

    /// A source as it is called in the output.
    public init(name: String, description: MediaDescription) {
        self.name = name
        self.description = description
    }
}
