// Photographs that are taken for something else: libav reads the first as a pattern of names, the others as broken MP4.

import Glibc
import VTXSystem
import VTXModel

/// The error about an image that is not read; `format`: its name, if it is known.
func stillImage(_ format: String?, _ path: String) -> VTXError {
    VTXError(
        .unavailable, "cannot read \(path)",
        cause: "it is a still image\(format.map { " (\($0))" } ?? ""), which vtx does not read",
        remedy: "give a video or an audio file")
}

/// The name of an image format that has the boxes of MP4 but none of its tracks; `nil` if the file has another brand.
func imageFormat(of path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var head = [UInt8](repeating: 0, count: 12)
    guard read(descriptor, &head, head.count) == head.count else { return nil }
    return imageFormat(head: head)
}

/// As `imageFormat(of:)`, from the first twelve bytes.
func imageFormat(head: [UInt8]) -> String? {
    guard head.count >= 12, head[4..<8].elementsEqual("ftyp".utf8) else { return nil }
    return switch String(decoding: head[8..<12], as: UTF8.self) {
    case "heic", "heix", "heim", "heis", "hevc", "hevx": "HEIC"
    case "avif", "avis": "AVIF"
    case "mif1", "msf1": "HEIF"
    default: nil
    }
}
