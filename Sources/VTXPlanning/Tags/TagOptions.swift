// What is asked of tags, chapters and cover art.

public import VTXModel

/// A change of one tag.
public struct TagChange: Hashable, Sendable {
    /// A track of the output: its kind, and its number among those of its kind, from 1.
    public struct Track: Hashable, Sendable {
        /// Video, audio or subtitle.
        public var kind: StreamDescription.Kind
        /// From 1.
        public var number: Int
    }

    /// `nil`: the file itself.
    public var track: Track?
    /// The tag's name as it is written.
    public var key: String
    /// Empty: the tag is removed.
    public var value: String

    /// - Parameter text: `title=A film`, `comment=`, or of a track `a:2:language=deu`.
    /// - Returns: `nil` if there is no `=`, if the name is not ASCII, or if tracks have no such tag.
    public init?(_ text: String) {
        guard let sign = text.firstIndex(of: "=") else { return nil }
        key = String(text[..<sign])
        value = String(text[text.index(after: sign)...])
        let parts = key.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 3, let number = Int(parts[1]) {
            let kinds: [Substring: StreamDescription.Kind] = ["v": .video, "a": .audio, "s": .subtitle]
            guard let kind = kinds[parts[0]], (1...999).contains(number),
                ["title", "language"].contains(parts[2].lowercased())
            else { return nil }
            if parts[2].lowercased() == "language", !value.isEmpty, LanguageTag(value) == nil { return nil }
            track = Track(kind: kind, number: number)
            key = parts[2].lowercased()
        }
        if key.lowercased() == "creation_time", !value.isEmpty, !Self.isDate(value) { return nil }
        guard !key.isEmpty, key.utf8.allSatisfy({ (0x20...0x7D).contains($0) }), !value.utf8.contains(0) else {
            return nil
        }
    }

    /// Whether text is a date that libavformat reads (`av_parse_time`): `2026-01-31`, or with a time of day
    /// `2026-01-31T12:00:00Z`. Others would be left out by containers that hold dates as numbers.
    private static func isDate(_ text: String) -> Bool {
        let form = /(\d{4})-?(\d\d)-?(\d\d)([T ](\d\d):?(\d\d):?(\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)?)?/
        guard let match = text.wholeMatch(of: form)?.output, let month = Int(match.2), let day = Int(match.3) else {
            return false
        }
        let time = [match.5, match.6, match.7].map { Int($0 ?? "0") ?? 0 }
        return (1...12).contains(month) && (1...31).contains(day) && time[0] < 24 && time[1] < 60 && time[2] < 61
    }
}

/// An image for cover art.
public struct CoverFile: Hashable, Sendable {
    /// Its path.
    public var path: String
    /// By libav's name, `mjpeg` or `png`; `nil`: it has not been read yet.
    public var codec: String?
    /// Columns and rows, once it has been read.
    public var size = PixelSize(0, 0)

    /// The value made of its parts; what is left out is as its declaration says.
    public init(path: String) { self.path = path }
}

/// What is asked of tags, chapters and cover art.
public struct TagOptions: Hashable, Sendable {
    /// Those of tags, in their order; later ones take precedence.
    public var changes: [TagChange] = []
    /// Whether the source's own tags are left out.
    public var strips = false
    /// A file with chapters; `nil`: those of the source.
    public var chapterFile: String?
    /// What is in it, in the source's time; empty and no file: no chapters.
    public var chapters: [Chapter]?
    /// `nil`: that of the source.
    public var cover: CoverFile?
    /// Whether cover art of the source is left out.
    public var dropsCover = false

    /// Nothing is asked.
    public init() {}

    /// Files that are read beside the source.
    public var files: [String] { [chapterFile, cover?.path].compactMap { $0 } }
}
