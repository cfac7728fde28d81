// The samples of a picture: read, compared, put back.

import CLibAV
package import VTXModel

/// CRC-32 (IEEE 802.3), piece by piece.
package struct Checksum: Hashable, Sendable {
    package private(set) var value: UInt32 = .max

    package init() {}

    package mutating func add(_ bytes: UnsafeRawBufferPointer) {
        guard let from = bytes.baseAddress else { return }
        value = av_crc(
            av_crc_get_table(AV_CRC_32_IEEE_LE), value, from.assumingMemoryBound(to: UInt8.self), bytes.count)
    }
}

extension Frame {
    /// Of all that can be seen of a picture.
    package func imageChecksum() throws(AVFailure) -> UInt32 {
        var sum = Checksum()
        for row in try pictureRows() { sum.add(row) }
        return sum.value
    }

    /// The samples of a picture, plane by plane and row by row, without padding.
    package func imageBytes() throws(AVFailure) -> [UInt8] { try pictureRows().flatMap { $0 } }

    /// Rows of all planes. Valid as long as the frame.
    private func pictureRows() throws(AVFailure) -> [UnsafeRawBufferPointer] {
        try imagePlanes().flatMap { plane in
            (0..<plane.rows).map {
                UnsafeRawBufferPointer(start: plane.start + $0 * plane.stride, count: plane.length)
            }
        }
    }

    private struct Plane {
        var start: UnsafeMutablePointer<UInt8>
        var rows: Int
        /// Bytes of a row that can be seen.
        var length: Int
        /// Bytes from one row to the next.
        var stride: Int
    }

    private func imagePlanes() throws(AVFailure) -> [Plane] {
        let picture = pointer.pointee
        guard let description = av_pix_fmt_desc_get(AVPixelFormat(picture.format)) else {
            throw AVFailure("read a picture", vtx_error_invalid_data)
        }
        let data = [picture.data.0, picture.data.1, picture.data.2, picture.data.3]
        let strides = [picture.linesize.0, picture.linesize.1, picture.linesize.2, picture.linesize.3]
        var planes: [Plane] = []
        for index in data.indices {
            guard let start = data[index] else { break }
            let length = try check(
                av_image_get_linesize(AVPixelFormat(picture.format), picture.width, Int32(index)), "read a picture")
            let shift = index == 1 || index == 2 ? Int(description.pointee.log2_chroma_h) : 0
            planes.append(
                Plane(
                    start: start, rows: (Int(picture.height) + (1 << shift) - 1) >> shift, length: Int(length),
                    stride: Int(strides[index])))
        }
        return planes
    }

    /// The picture whose `imageBytes` these are.
    package init(picture bytes: [UInt8], size: PixelSize, format: String) throws(AVFailure) {
        self.init()
        pointer.pointee.format = try PixelFormat.named(format).rawValue
        pointer.pointee.width = Int32(size.width)
        pointer.pointee.height = Int32(size.height)
        try check(av_frame_get_buffer(pointer, 0), "allocate a picture")
        var rest = bytes[...]
        for row in try pictureRows() {
            guard rest.count >= row.count else { throw AVFailure("read a picture", vtx_error_invalid_data) }
            UnsafeMutableRawBufferPointer(mutating: row).copyBytes(from: rest.prefix(row.count))
            rest = rest.dropFirst(row.count)
        }
    }
}
