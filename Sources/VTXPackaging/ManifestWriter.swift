// Where manifest formats plug in: a format is a folder here, a type that conforms, and an entry in ManifestWriters.

package import VTXModel

/// Turns the description of a package into files.
package protocol ManifestWriter: Sendable {
    /// The files of this format, in the order they should be written: what others point to comes first.
    ///
    /// - Parameters:
    ///   - package: what was written; its media is finished.
    ///   - layout: what the media files are called.
    /// - Throws: `.internal` if the description breaks a rule of the format.
    func files(for package: PackageDescription, layout: PackageLayout) throws(VTXError) -> [ManifestFile]
}

/// A text file of a package.
package struct ManifestFile: Hashable, Sendable {
    /// From the top of the package.
    package var path: String
    /// As it is written, in UTF-8.
    package var text: String

    /// - Parameters:
    ///   - path: from the top of the package.
    ///   - text: as it is written, in UTF-8.
    package init(_ path: String, _ text: String) {
        self.path = path
        self.text = text
    }
}
