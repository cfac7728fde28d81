// A chapter of a file.

/// A named part of the timeline.
public struct Chapter: Hashable, Codable, Sendable {
    /// Start on the timeline of the file.
    public var start: MediaTime
    /// End on the timeline of the file, not before `start`.
    public var end: MediaTime
    /// Title, if it has one.
    public var title: String?

    /// A chapter from `start` to `end`.
    public init(start: MediaTime, end: MediaTime, title: String? = nil) {
        self.start = start
        self.end = end
        self.title = title
    }
}
