// What the plan knows of a rendition and its files do not say.

import VTXModel

/// The kind of a rendition, and what only transport streams leave open.
struct RenditionRole: Sendable {
    var isVideo: Bool
    /// Copied packets: faults are the source's (`.badMedia`), not the program's.
    var isCopied = false
    /// Exact; video only.
    var frameRate: Rational?
    /// Display size, for transport streams; fMP4 carries it in the initialization segment.
    var size: PixelSize?
    var channels: Int?
    /// For transport streams; fMP4 carries it in the initialization segment.
    var audioCodec: AudioCodec?
    /// For transport streams, and for fMP4 without a colour box.
    var color: ColorDescription?
}
