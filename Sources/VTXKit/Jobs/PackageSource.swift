// The files of a package, opened and described.

import LibAV
import VTXModel
import VTXSystem

/// A file that is packaged.
struct PackageSource {
    var demuxer: Demuxer
    var description: MediaDescription
}

/// Opens and describes the files of a package.
///
/// - Throws: `.usage` if there is none or one is given twice, `.noInput` and `.badMedia` as `SourceFile.open`.
func openPackageSources(_ inputs: [String], interrupt: Interrupt) throws(VTXError) -> [PackageSource] {
    guard !inputs.isEmpty else { throw VTXError(.usage, "there are no files to package") }
    var seen: [(path: String, status: FileStatus)] = []
    var sources: [PackageSource] = []
    for path in inputs {
        let demuxer = try SourceFile.open(path, interrupt: interrupt)
        if let status = FileStatus(path) {
            if let other = seen.first(where: { $0.status.isSameFile(as: status) }) {
                throw VTXError(
                    .usage, "\(path) is given twice", cause: other.path == path ? nil : "it is \(other.path)",
                    remedy: "give each rendition once")
            }
            seen.append((path, status))
        }
        sources.append(PackageSource(demuxer: demuxer, description: SourceFile.describe(demuxer, .brief)))
    }
    return sources
}
