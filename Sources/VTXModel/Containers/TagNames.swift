// Names of tags: libav's common ones, those of QuickTime, and which of them a container has a place for.

/// A tag that QuickTime calls by a name of its own.
package struct TagAlias: Hashable, Sendable {
    /// libav's name.
    package let common: String
    /// The key of QuickTime's metadata, as cameras and phones write it.
    package let quickTime: String

    /// What a camera says of a recording.
    package static let all = [
        TagAlias(common: "location", quickTime: "com.apple.quicktime.location.ISO6709"),
        TagAlias(common: "make", quickTime: "com.apple.quicktime.make"),
        TagAlias(common: "model", quickTime: "com.apple.quicktime.model"),
    ]

    /// When something was recorded, in local time with its zone.
    package static let creationDate = TagAlias(common: "date", quickTime: "com.apple.quicktime.creationdate")
}

extension Container {
    /// Whether the container has a place for a tag.
    package func holds(tag: String) -> Bool {
        guard let names = traits.tags else { return true }
        return names.contains(tag.lowercased())
    }
}

extension ContainerTraits {
    /// The tags of RIFF's INFO list that libav writes.
    static let listedTags: Set<String> = [
        "title", "artist", "album", "comment", "copyright", "date", "genre", "track", "encoded_by", "language",
        "timecode",
    ]
}
