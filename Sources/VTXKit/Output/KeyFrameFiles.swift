// Key frames written a second time, for I-frame playlists of segments that are encrypted as a whole.

import VTXModel
import VTXSystem
import VTXPackaging

/// The key frames of one rendition, each encrypted alone. Used by one stage at a time.
struct KeyFrameFiles {
    private let directory: String
    private let layout: PackageLayout
    private let encryptor: WholeSegmentEncryptor
    private var count = 0
    /// Of all that was written.
    private(set) var bytes: Int64 = 0
    /// The tables of a transport stream, once they are written.
    private(set) var tables: PackagedRendition.InitializationFile?

    /// - Parameter directory: of the rendition; it exists.
    init(directory: String, layout: PackageLayout, encryptor: WholeSegmentEncryptor) {
        self.directory = directory
        self.layout = layout
        self.encryptor = encryptor
    }

    /// Writes the key frames of a segment.
    ///
    /// - Parameters:
    ///   - frames: where they are, in a file in which the segment begins at `offset`.
    ///   - plain: the segment before encryption.
    ///   - segment: its number, from 0.
    ///   - tables: of the transport stream, in the first segment.
    /// - Returns: where they are now.
    mutating func write(
        _ frames: [KeyFrameRecord], of plain: [UInt8], at offset: Int64, segment: Int, tables: Range<Int>?
    ) throws(VTXError) -> [KeyFrameRecord] {
        var written: [KeyFrameRecord] = []
        for frame in frames {
            if count == 0, let tables {
                let message = try encryptor.tables(Array(plain[tables]))
                let place = try append(message, to: layout.encryptedTables)
                self.tables = .init(name: layout.encryptedTables, bytes: place, keys: encryptor.tablesKeys)
            }
            let begin = Int((frame.offset ?? offset) - offset)
            let message = try encryptor.keyFrame(
                Array(plain[begin..<begin + Int(frame.bytes)]), number: count, segment: segment)
            let file = layout.encryptedKeyFrame(count)
            let place = try append(message, to: file)
            count += 1
            written.append(
                KeyFrameRecord(time: frame.time, uri: file, offset: place?.offset, bytes: Int64(message.count)))
        }
        return written
    }

    /// - Returns: `nil` if the message is the whole file.
    private mutating func append(_ message: [UInt8], to file: String) throws(VTXError) -> ByteRange? {
        let size = Int64(message.count)
        defer { bytes += size }
        try writeFile(message, to: "\(directory)/\(file)", appending: layout.isSingleFile && bytes > 0)
        return layout.isSingleFile ? ByteRange(offset: bytes, count: size) : nil
    }
}
