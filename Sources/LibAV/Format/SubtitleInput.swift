// Subtitle files beside the source: text in any encoding, or a container.

package import VTXModel
package import VTXSystem

/// A subtitle file that is open, and how its text was read.
package struct SubtitleInput {
    package let demuxer: Demuxer
    /// `nil` for containers and for text in UTF-8.
    package private(set) var encoding: TextEncoding?
    /// Whether nobody has said which encoding it is.
    package private(set) var isDetected = false
    /// Cues that the text has; `nil` if that is not known before they are read.
    package private(set) var cues: Int?
    /// Whether it has styles that are left out.
    package private(set) var hasStyles = false

    /// Text files larger than this are none.
    private static let most = 1 << 26

    /// Opens a file.
    ///
    /// - Parameter given: what text that is not UTF-8 is in; `nil`: what is detected.
    /// - Throws: as `Demuxer`; also `.badMedia`, with the line, for text in an unknown encoding.
    package init(opening path: String, encoding given: TextEncoding?, interrupt: Interrupt? = nil) throws(VTXError) {
        guard let bytes = try Self.text(of: path) else {
            demuxer = try Demuxer(opening: path, interrupt: interrupt)
            for stream in 0..<demuxer.streamCount { demuxer.setTextEncoding(given, of: stream) }
            return
        }
        let decoded = try DecodedText(bytes, path: path, given: given)
        let prepared = SubtitleText(decoded.text)
        demuxer = try Demuxer(path: path, text: Array(prepared.text.utf8), interrupt: interrupt)
        if decoded.evidence != .utf8, decoded.encoding != .utf8 { encoding = decoded.encoding }
        isDetected = decoded.evidence == .detected
        cues = prepared.cues
        hasStyles = prepared.hasStyles
    }

    /// The bytes of a file of text; `nil` for anything else, and for what cannot be read, which libav says better.
    private static func text(of path: String) throws(VTXError) -> [UInt8]? {
        guard let status = FileStatus(path), status.kind == .regular, status.size <= most,
            let start = readFile(path, limit: 1 << 16), !start.isEmpty
        else { return nil }
        guard
            TextEncoding.byteOrderMark(start) != nil || !start.contains(0) || TextEncoding.wide(start) != nil
                || hasStrayZeros(start)
        else { return nil }
        return readFile(path, limit: most)
    }

    /// Whether bytes are text of cues in which a few zeros were left behind, as a damaged disk does.
    private static func hasStrayZeros(_ start: [UInt8]) -> Bool {
        let zeros = start.count { $0 == 0 }
        guard zeros <= 8, start.allSatisfy({ $0 == 0 || $0 >= 0x20 || 9...13 ~= $0 }) else { return false }
        return start.indices.dropLast(4).contains { start[$0...].starts(with: "-->".utf8) }
    }
}
