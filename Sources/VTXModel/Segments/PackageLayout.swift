// What the files and directories of a package are called: the only place that spells them.

/// The names of a package's files.
///
/// Names of renditions come from the plan; each is a directory in the package. Names that depend on nothing are static
/// members. All are plain ASCII, so they are URIs as they stand.
package struct PackageLayout: Hashable, Sendable {
    /// The format of media segments.
    package var type: SegmentType
    /// Whether a rendition is one file, in which segments are byte ranges.
    package var isSingleFile: Bool

    /// - Parameters:
    ///   - type: the format of media segments.
    ///   - isSingleFile: whether a rendition is one file.
    package init(type: SegmentType, isSingleFile: Bool) {
        self.type = type
        self.isSingleFile = isSingleFile
    }

    // MARK: In the directory of a rendition

    /// The initialization segment of fMP4, or the file that begins with it.
    package var initialization: String { isSingleFile ? media : "init.mp4" }

    /// The file of all segments, if there is one.
    package var media: String { type == .fmp4 ? "media.mp4" : "media.ts" }

    /// The file of a media segment.
    ///
    /// - Parameter index: counted from 0; names count from 1.
    package func segment(_ index: Int) -> String {
        isSingleFile ? media : "segment-\(padded(Int64(index + 1), 5)).\(fileExtension)"
    }

    /// Tables of a transport stream, encrypted for the I-frame playlist.
    package var encryptedTables: String { isSingleFile ? encryptedKeyFrames : "tables.\(fileExtension)" }

    /// A key frame that is encrypted again, because it cannot be read out of its encrypted segment.
    ///
    /// - Parameter index: counted through the rendition from 0; names count from 1.
    package func encryptedKeyFrame(_ index: Int) -> String {
        isSingleFile ? encryptedKeyFrames : "iframe-\(padded(Int64(index + 1), 5)).\(fileExtension)"
    }

    private var encryptedKeyFrames: String { type == .fmp4 ? "iframes.mp4" : "iframes.ts" }

    private var fileExtension: String { type == .fmp4 ? "m4s" : "ts" }

    /// A segment of subtitles.
    ///
    /// - Parameter index: counted from 0; names count from 1.
    package static func subtitleSegment(_ index: Int) -> String { "segment-\(padded(Int64(index + 1), 5)).vtt" }

    // MARK: In the package

    /// The image shown before playback.
    package static let poster = "poster.jpg"

    /// The directory of thumbnails.
    package static let thumbnails = "thumbnails"

    /// Lists the thumbnails (WebVTT), in the directory of thumbnails.
    package static let thumbnailIndex = "thumbnails.vtt"

    /// A sprite sheet, in the directory of thumbnails.
    ///
    /// - Parameter index: counted from 0; names count from 1.
    package static func spriteSheet(_ index: Int) -> String { "sheet-\(padded(Int64(index + 1), 3)).jpg" }

    // MARK: HLS

    /// The playlist that players open.
    package static let multivariantPlaylist = "master.m3u8"

    /// The playlist of a rendition, in its directory.
    package static let mediaPlaylist = "index.m3u8"

    /// The I-frame playlist of a rendition of video, in its directory.
    package static let iFramePlaylist = "iframes.m3u8"
}
