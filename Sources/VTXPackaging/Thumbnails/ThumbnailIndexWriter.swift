// The list of thumbnails that web players read: which tile of which sprite sheet stands for which time.

package import VTXModel

/// Writes thumbnails.vtt.
package struct ThumbnailIndexWriter: ManifestWriter {
    package init() {}

    /// One file; none if the package has no thumbnails.
    package func files(for package: PackageDescription, layout: PackageLayout) throws(VTXError) -> [ManifestFile] {
        guard let thumbnails = package.thumbnails else { return [] }
        let cues = thumbnails.cues(duration: package.duration, sheet: PackageLayout.spriteSheet)
        return [
            ManifestFile("\(PackageLayout.thumbnails)/\(PackageLayout.thumbnailIndex)", try thumbnailsWebVTT(cues))
        ]
    }
}
