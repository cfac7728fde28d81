// The cover art of an output that is not simply copied with the source's own picture stream.

/// An image that is written as cover art.
public struct CoverPlan: Hashable, Codable, Sendable {
    /// The image file; `nil`: it is in the source.
    public var file: String?
    /// The stream of the source that holds the image; `nil`: it is in a file.
    public var stream: Int?
    /// How the output holds it.
    public var form: CoverForm
    /// The image's codec, by libav's name: `mjpeg` or `png`.
    public var codec: String
    /// Columns and rows.
    public var size: PixelSize

    /// The value made of its parts; what is left out is as its declaration says.
    public init(file: String? = nil, stream: Int? = nil, form: CoverForm, codec: String, size: PixelSize) {
        self.file = file
        self.stream = stream
        self.form = form
        self.codec = codec
        self.size = size
    }
}

/// How containers hold cover art.
public enum CoverForm: String, Hashable, Codable, Sendable {
    /// A picture of the container's own, to libav a stream of video.
    case picture
    /// An attached file.
    case attachment
    /// A tag with the image in it (`METADATA_BLOCK_PICTURE`).
    case tag
}
