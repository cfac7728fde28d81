// A file that is to be joined, and what reading it told.

public import VTXModel

/// One of the files that are joined.
public struct JoinSource: Hashable, Sendable {
    /// What the file says of itself.
    public var description: MediaDescription
    /// What its packets say, by stream.
    public var extents: [Int: TrackExtent]

    /// - Parameters:
    ///   - description: what the file says of itself.
    ///   - extents: what its packets say, by stream.
    public init(description: MediaDescription, extents: [Int: TrackExtent]) {
        self.description = description
        self.extents = extents
    }
}

extension JoinSource {
    var path: String { description.path }

    /// The file's name without folder and extension.
    var title: String {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return name }
        return String(name[..<dot])
    }
}
