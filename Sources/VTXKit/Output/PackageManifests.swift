// Writes the manifests of a package whose media is finished.

import VTXModel
import VTXSystem
import VTXPackaging

/// Writes the files of all manifest formats into a package, making directories as they are needed.
///
/// - Parameter directory: of the package.
func writeManifests(
    of package: PackageDescription, layout: PackageLayout, to directory: String
) throws(VTXError) {
    for writer in manifestWriters {
        for file in try writer.files(for: package, layout: layout) {
            if let end = file.path.lastIndex(of: "/") {
                let folder = "\(directory)/\(file.path[..<end])"
                if FileStatus(folder) == nil { try makeDirectory(folder) }
            }
            try writeFile(Array(file.text.utf8), to: "\(directory)/\(file.path)")
        }
    }
}
