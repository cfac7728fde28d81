// The kinds of output a batch can make.

/// What a batch makes of each file.
package enum BatchTarget: String, Hashable, Codable, Sendable, CaseIterable {
    case mp4, webm, mkv, avi
    /// An adaptive package.
    case hls

    /// Name of the subcommand that makes it.
    package var command: String { self == .hls ? "ladder" : "transcode" }
    /// File extension with its dot; empty for a package, which is a folder.
    package var suffix: String { self == .hls ? "" : ".\(rawValue)" }
}
