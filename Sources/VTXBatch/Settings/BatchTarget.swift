// The kinds of output a batch can make.

package import VTXKit

/// What a batch makes of each file.
package enum BatchTarget: String, Hashable, Codable, Sendable, CaseIterable {
    case mp4, webm, mkv, avi
    /// An adaptive package.
    case hls

    /// What a worker does to make it.
    package var work: WorkerTask.Work { self == .hls ? .ladder : .transcode }
    /// Name of the subcommand that makes it.
    package var command: String { work.rawValue }
    /// File extension with its dot; empty for a package, which is a folder.
    package var suffix: String { self == .hls ? "" : ".\(rawValue)" }
}
