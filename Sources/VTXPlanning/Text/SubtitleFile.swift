// A subtitle file beside the source.

public import VTXModel

/// A subtitle file beside the source, opened and described by the caller.
public struct SubtitleFile: Hashable, Sendable {
    /// Path of the file.
    public var path: String
    /// Language to label it with; `nil`: that of the file.
    public var language: String?
    /// Its streams, described; filled in when the file is opened.
    public var streams: [StreamDescription]

    /// The value made of its parts; what is left out is as its declaration says.
    public init(path: String, language: String? = nil, streams: [StreamDescription] = []) {
        self.path = path
        self.language = language
        self.streams = streams
    }
}
