// One rendition of a finished package.

public import VTXModel

/// One rendition of a finished package, as measured.
public struct RenditionReport: Hashable, Codable, Sendable {
    /// Name of the rendition's files or directory.
    public var name: String
    /// Of video, as coded; `nil` for audio.
    public var size: PixelSize?
    /// The codec's name in playlists (RFC 6381).
    public var codec: String
    /// Bits per second over the whole rendition.
    public var averageBitRate: Int64
    /// Bits per second of the segments with the most.
    public var peakBitRate: Int64
    /// Bytes of all segments.
    public var bytes: Int64
}
