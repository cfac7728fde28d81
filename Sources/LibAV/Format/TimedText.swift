// Timed text in XML (TTML and its profiles, such as IMSC and EBU-TT-D), which libav writes, but does not read.

import VTXModel
import VTXSystem

/// The error about a file of TTML.
func unreadTimedText(_ path: String) -> VTXError {
    VTXError(
        .unavailable, "cannot read \(path)", cause: "this build of libav does not read TTML",
        remedy: "convert it to WebVTT or SubRip")
}

/// Whether a file is XML whose outermost element is `tt`.
func isTimedText(_ path: String) -> Bool { readFile(path, limit: 1 << 14).map { isTimedText($0) } ?? false }

/// As `isTimedText`, from the first bytes.
func isTimedText(_ start: some Sequence<UInt8>) -> Bool {
    // UTF-16 has a zero beside each character of ASCII.
    var rest = String(decoding: start.filter { $0 != 0 }, as: UTF8.self)[...]
    while let tag = rest.firstIndex(of: "<") {
        rest = rest[rest.index(after: tag)...]
        if rest.hasPrefix("!--") {
            guard let end = rest.firstRange(of: "-->") else { return false }
            rest = rest[end.upperBound...]
        } else if rest.first != "?", rest.first != "!" {
            let name = rest.prefix { !$0.isWhitespace && $0 != ">" && $0 != "/" }
            return name.split(separator: ":", omittingEmptySubsequences: false).last == "tt"
        }
    }
    return false
}
