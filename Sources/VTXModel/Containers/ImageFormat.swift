// Files of images that vtx writes.

/// A format of still images, or of animations.
public enum ImageFormat: String, Hashable, Codable, Sendable, CaseIterable {
    case png, jpeg, webp, gif

    /// The format of a file name's extension; `nil` for others.
    package init?(fileExtension: String) {
        switch fileExtension.lowercased() {
        case "png": self = .png
        case "jpg", "jpeg": self = .jpeg
        case "webp": self = .webp
        case "gif": self = .gif
        default: return nil
        }
    }

    /// The extension of files that vtx names itself.
    package var fileExtension: String { self == .jpeg ? "jpg" : rawValue }

    /// The name as text for people writes it: `JPEG`.
    package var title: String { self == .webp ? "WebP" : rawValue.uppercased() }

    /// Whether one image can be written: GIF is written as an animation only.
    package var holdsStills: Bool { self != .gif }

    /// libavcodec's encoder of a still image.
    package var stillEncoder: String {
        switch self {
        case .png: "png"
        case .jpeg: "mjpeg"
        case .webp: "libwebp"
        case .gif: "gif"
        }
    }

    /// libavcodec's encoder of animations, and libavformat's muxer; `nil`: the format has none.
    package var animation: (encoder: String, muxer: String)? {
        switch self {
        case .png, .jpeg: nil
        case .webp: ("libwebp_anim", "webp")
        case .gif: ("gif", "gif")
        }
    }

    /// Pixels of a side at most.
    package var longestSide: Int {
        switch self {
        case .webp: 16_383
        case .png, .jpeg, .gif: 65_535
        }
    }
}
