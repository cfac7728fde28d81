// Files of chapters and cover art, read before planning.

import VTXBitstream
import VTXModel
import VTXPlanning
import VTXSystem

extension SourceFile {
    /// The largest file of chapters, and of cover art (FLAC counts its length in 24 bits).
    private static let most = (chapters: 4_000_000, cover: 15_000_000)

    /// Reads what options name.
    ///
    /// - Throws: `.noInput` for a file that is not there, `.usage` for one that is not what it should be.
    static func read(_ tags: inout TagOptions) throws(VTXError) {
        if let path = tags.chapterFile {
            try checkSize(of: path, most: most.chapters, "a file of chapters")
            guard let text = readText(path) else { throw SystemFailure("read").reading(path) }
            tags.chapters = try chapters(in: text, of: path)
        }
        guard let path = tags.cover?.path else { return }
        try checkSize(of: path, most: most.cover, "cover art")
        guard let image = readFile(path) else { throw SystemFailure("read").reading(path) }
        guard let header = PictureHeader(image) else {
            throw VTXError(
                .usage, "'\(path)' is not a JPEG or PNG image", remedy: "convert it to one of them for \(.cover)")
        }
        tags.cover?.codec = header.codec.name
        tags.cover?.size = header.size
    }

    private static func checkSize(of path: String, most: Int, _ what: String) throws(VTXError) {
        try check(path)
        guard let size = FileStatus(path)?.size, size > most else { return }
        throw VTXError(.usage, "'\(path)' is too large for \(what)", remedy: "it may have \(most / 1_000_000) MB")
    }
}
