// Tags that are not UTF-8: ID3v1, AVI and old programs write them in whatever their system used.

import Glibc
import VTXSystem

/// The bytes of a tag's value, which end at a 0.
func tagBytes(_ text: UnsafePointer<CChar>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: text, count: strlen(text))
}

/// What short text that is not UTF-8 is in.
///
/// A detector needs many letters, or letters of another script. A few accents among letters of ASCII are Western.
func likeliestEncoding(ofTags bytes: [UInt8]) -> TextEncoding? {
    let letters = bytes.count { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20 }
    let others = bytes.count { $0 >= 0x80 }
    let western = TextEncoding(named: "WINDOWS-1252")
    guard others >= 8 && others > letters || others >= 40, case .found(let encoding) = TextEncoding.detect(bytes),
        (try? encoding.decode(bytes)) != nil
    else { return western }
    return encoding
}

/// The text of a tag: UTF-8 if it is that, else in `encoding`, else with what cannot be read replaced.
func tagValue(_ text: UnsafePointer<CChar>, encoding: TextEncoding?) -> String {
    let bytes = tagBytes(text)
    guard let encoding, firstInvalidUTF8(bytes) != nil else { return String(cString: text) }
    if let decoded = try? encoding.decode(Array(bytes)) { return String(decoding: decoded, as: UTF8.self) }
    // Five bytes of Windows-1252 mean nothing.
    return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
}
