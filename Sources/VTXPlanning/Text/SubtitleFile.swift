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
    /// What its text is in, if that is not UTF-8; filled in when the file is opened.
    public var encoding: String?
    /// Whether nobody has said so.
    public var isEncodingDetected = false
    /// Whether it has styles of WebVTT, which are left out.
    public var hasStyles = false

    /// The value made of its parts; what is left out is as its declaration says.
    public init(path: String, language: String? = nil, streams: [StreamDescription] = []) {
        self.path = path
        self.language = language
        self.streams = streams
    }
}

extension SubtitleFile {
    /// How it was read, where that is not plain.
    var decisions: [Decision] {
        var decisions: [OutputDecision] = []
        if let encoding {
            decisions.append(.decodedText(path: path, encoding: encoding, isDetected: isEncodingDetected))
        }
        if hasStyles { decisions.append(.droppedStyles(path: path)) }
        return decisions.map(Decision.output)
    }
}
