// The form of a subtitle stream.

/// What kind of subtitles a stream holds.
public struct SubtitleDescription: Hashable, Codable, Sendable {
    /// Forms of subtitles.
    public enum Form: String, Hashable, Codable, Sendable { case text, bitmap, unknown }

    /// Text or bitmaps.
    public var form: Form
    /// The canvas of a bitmap subtitle.
    public var size: PixelSize?

    /// A description.
    public init(form: Form, size: PixelSize? = nil) {
        self.form = form
        self.size = size
    }
}
