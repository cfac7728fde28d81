// What a JPEG or PNG image says of itself, and the block that FLAC and Ogg keep it in.

package import VTXModel

/// The header of an image.
package struct PictureHeader: Hashable, Sendable {
    /// Codecs that are read.
    package enum Codec: String, Hashable, Sendable {
        case jpeg, png

        /// libav's name.
        package var name: String { self == .jpeg ? "mjpeg" : "png" }
        /// The media type.
        package var mediaType: String { "image/\(rawValue)" }
        /// Of a file's name.
        package var fileExtension: String { self == .jpeg ? "jpg" : "png" }
    }

    package var codec: Codec
    /// Columns and rows.
    package var size: PixelSize
    /// Bits of a sample.
    package var depth: Int
    /// 1: grey, 2: grey with alpha, 3: colour (PNG with a palette as well), 4: with alpha.
    package var channels: Int

    /// - Returns: `nil` if the bytes are neither a JPEG nor a PNG image, or have no size.
    package init?(_ bytes: [UInt8]) {
        guard let found = Self.png(bytes) ?? Self.jpeg(bytes), found.size.width > 0, found.size.height > 0 else {
            return nil
        }
        self = found
    }

    private init(_ codec: Codec, _ size: PixelSize, depth: Int, channels: Int) {
        self.codec = codec
        self.size = size
        self.depth = depth
        self.channels = channels
    }

    private static func png(_ bytes: [UInt8]) -> PictureHeader? {
        let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        guard bytes.count >= 33, bytes.starts(with: signature), bytes[12..<16].elementsEqual("IHDR".utf8) else {
            return nil
        }
        func number(_ place: Int) -> Int { bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
        guard let channels = [0: 1, 2: 3, 3: 3, 4: 2, 6: 4][bytes[25]] else { return nil }
        let (width, height) = (number(16), number(20))
        guard width <= 1 << 20, height <= 1 << 20 else { return nil }
        return PictureHeader(.png, PixelSize(width, height), depth: Int(bytes[24]), channels: channels)
    }

    /// The first frame header (SOF0 to SOF15 without the tables DHT, JPG and DAC).
    private static func jpeg(_ bytes: [UInt8]) -> PictureHeader? {
        guard bytes.count > 4, bytes.starts(with: [0xFF, 0xD8, 0xFF]) else { return nil }
        var place = 2
        while place + 9 < bytes.count, bytes[place] == 0xFF {
            let marker = bytes[place + 1]
            if marker == 0xFF {
                place += 1
                continue
            }
            let length = Int(bytes[place + 2]) << 8 | Int(bytes[place + 3])
            if (0xC0...0xCF).contains(marker), ![0xC4, 0xC8, 0xCC].contains(marker) {
                let height = Int(bytes[place + 5]) << 8 | Int(bytes[place + 6])
                let width = Int(bytes[place + 7]) << 8 | Int(bytes[place + 8])
                return PictureHeader(
                    .jpeg, PixelSize(width, height), depth: Int(bytes[place + 4]), channels: Int(bytes[place + 9]))
            }
            // The image's data comes without a frame header.
            guard marker != 0xDA, length >= 2 else { return nil }
            place += 2 + length
        }
        return nil
    }

    /// FLAC's picture block, as Ogg's tag `METADATA_BLOCK_PICTURE` has it in base 64.
    ///
    /// - Parameter image: the bytes of this image.
    package func block(_ image: [UInt8]) -> [UInt8] {
        func number(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }
        let type = Array(codec.mediaType.utf8)
        // 3: the front cover; then the media type, no description, the size, bits of a pixel, no palette.
        return number(3) + number(type.count) + type + number(0) + number(size.width) + number(size.height)
            + number(depth * channels) + number(0) + number(image.count) + image
    }
}

/// Bytes as text of 64 letters.
package func base64(_ bytes: [UInt8]) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var place = 0
    while place < bytes.count {
        let part = bytes[place..<min(place + 3, bytes.count)]
        let bits = part.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - part.count))
        for index in 0..<4 {
            text.append(index <= part.count ? letters[bits >> (18 - 6 * index) & 63] : UInt8(ascii: "="))
        }
        place += 3
    }
    return String(decoding: text, as: UTF8.self)
}
