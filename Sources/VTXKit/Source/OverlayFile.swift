// The image that is laid over the video.

import LibAV
import VTXModel
import VTXPlanning

extension SourceFile {
    /// Checks the image that is laid over the video.
    ///
    /// - Throws: `.noInput` if there is none, `.badMedia` if it is not an image, `.usage` if it is a video.
    static func check(overlay image: OverlayImage?) throws(VTXError) {
        guard let path = image?.path else { return }
        try check(path)
        let file: MediaDescription
        do throws(VTXError) { file = try Demuxer(opening: path).describe() } catch { throw unreadable(path) }
        guard let video = file.streams.first(where: { $0.video != nil }), video.isDecodable,
            (video.video?.size.area ?? 0) > 0
        else { throw unreadable(path) }
        guard file.format.hasSuffix("_pipe") || file.format == "image2" else {
            throw VTXError(
                .usage, "cannot overlay \(path)", cause: "it is not a still image", remedy: "use a PNG file")
        }
    }

    private static func unreadable(_ path: String) -> VTXError {
        VTXError(
            .badMedia, "cannot overlay \(path)", cause: "it is not an image that this libav reads",
            remedy: "use a PNG file")
    }
}
