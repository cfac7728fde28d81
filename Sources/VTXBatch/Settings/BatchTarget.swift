// What a batch makes of its sources.

package import VTXKit
package import VTXModel

/// What a batch makes of each source: a file in a container, or a package.
package enum BatchTarget: RawRepresentable, Hashable, Codable, Sendable, CaseIterable {
    case file(Container)
    /// An adaptive package.
    case hls

    /// What is made unless something else is asked for.
    package static let mp4 = BatchTarget.file(.mp4)

    package static let allCases: [BatchTarget] = Container.allCases.map(BatchTarget.file) + [.hls]

    /// The target of a name: that of a container, or `hls`.
    package init?(rawValue: String) {
        if rawValue == "hls" {
            self = .hls
        } else if let container = Container(rawValue: rawValue) {
            self = .file(container)
        } else {
            return nil
        }
    }

    package var rawValue: String {
        switch self {
        case .file(let container): container.rawValue
        case .hls: "hls"
        }
    }

    /// What a worker does to make it.
    package var work: WorkerTask.Work { self == .hls ? .ladder : .transcode }
    /// Name of the subcommand that makes it.
    package var command: String { work.rawValue }
    /// File extension with its dot; empty for a package, which is a folder.
    package var suffix: String { self == .hls ? "" : ".\(rawValue)" }
}
