// The image that is laid over the video.

import VTXBitstream
import VTXModel
import VTXPlanning
import VTXSystem

extension SourceFile {
    /// Checks the image that is laid over the video.
    ///
    /// - Throws: `.noInput` if there is none, `.usage` if it is not a PNG image.
    static func check(overlay image: OverlayImage?) throws(VTXError) {
        guard let path = image?.path else { return }
        try check(path)
        guard let head = readFile(path, limit: 64), PictureHeader(head)?.codec == .png else {
            throw VTXError(
                .usage, "cannot overlay \(path)", cause: "it is not a PNG image",
                remedy: "convert it: `\(command: .extract)` writes a frame as PNG")
        }
    }
}
