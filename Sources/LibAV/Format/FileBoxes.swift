// Boxes of an MP4 or MOV file (ISO/IEC 14496-12, 4.2), for what libav does not tell of it.

import VTXSystem

/// Finds boxes by their headers, and reads only the bodies that are asked for.
package struct FileBoxes {
    /// A box in the file.
    package struct Box {
        /// Four characters.
        package let type: String
        /// With the header, in bytes from the beginning of the file.
        package let whole: Range<Int64>
        /// Without the header.
        package let body: Range<Int64>
    }

    private let file: File
    private let size: Int64

    /// - Returns: `nil` if the file cannot be read.
    package init?(path: String) {
        guard let file = try? File(path, for: .reading), let size = file.status?.size else { return nil }
        self.file = file
        self.size = size
    }

    /// All bytes of the file.
    package var everything: Range<Int64> { 0..<size }

    /// The boxes that the file consists of.
    package var topLevel: Boxes { boxes(in: 0..<size) }

    /// The boxes in the body of another; they end where one is damaged.
    package func boxes(in range: Range<Int64>) -> Boxes { Boxes(file: self, range: range) }

    /// The first box of a type among the first 4,096 in the body of another.
    package func first(_ type: String, in range: Range<Int64>) -> Box? {
        boxes(in: range).prefix(4096).first { $0.type == type }
    }

    /// The first bytes of a range, `most` of them.
    ///
    /// - Returns: `nil` if they cannot be read; fewer bytes at the end of the file.
    package func bytes(_ range: Range<Int64>, most: Int) -> [UInt8]? {
        try? file.read(at: range.lowerBound, count: Int(min(Int64(most), range.upperBound - range.lowerBound)))
    }

    /// Boxes side by side, read one by one.
    package struct Boxes: Sequence, IteratorProtocol {
        let file: FileBoxes
        let range: Range<Int64>
        private var position: Int64
        private var count = 0

        init(file: FileBoxes, range: Range<Int64>) {
            self.file = file
            self.range = range
            position = range.lowerBound
        }

        package mutating func next() -> Box? {
            guard position <= range.upperBound - 8, let header = file.bytes(position..<position + 16, most: 16),
                header.count >= 8
            else { return nil }
            var length = Int64(bigEndian(header[0..<4]))
            var body = position + 8
            if length == 1, header.count == 16 {
                length = Int64(clamping: bigEndian(header[8..<16]))
                body += 8
            } else if length == 0 {
                length = range.upperBound - position
            }
            guard length >= body - position, length <= range.upperBound - position else { return nil }
            let whole = position..<position + length
            position = whole.upperBound
            return Box(
                type: String(decoding: header[4..<8], as: UTF8.self), whole: whole, body: body..<whole.upperBound)
        }
    }
}
