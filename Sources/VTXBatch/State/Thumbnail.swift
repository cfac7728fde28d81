// Thumbnails for the report.

/// A thumbnail that the report should have.
package struct Thumbnail: Hashable, Sendable {
    /// Relative to the output directory.
    package var output: String
    /// Relative to the source directory.
    package var source: String
    /// File name without extension; changes with plan and output.
    package var name: String
}

/// A thumbnail that has to be made.
package struct ThumbnailTask: Hashable, Sendable {
    /// Relative to the output directory.
    package var output: String
    /// Absolute path of the media file to show.
    package var source: String
    /// Absolute path of the JPEG file.
    package var image: String

    /// A thumbnail with its files.
    package init(output: String, source: String, image: String) {
        self.output = output
        self.source = source
        self.image = image
    }
}
