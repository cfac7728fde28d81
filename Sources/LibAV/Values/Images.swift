// The samples of a frame: read, compared, put back.

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
    /// Filters and encoders may expect that rows begin where vector instructions can read them: copies an image whose
    /// rows do not, because columns on its left were cropped.
    func align() throws(AVFailure) {
        let frame = pointer.pointee
        let planes = [frame.data.0, frame.data.1, frame.data.2, frame.data.3]
        guard frame.width > 0, frame.hw_frames_ctx == nil,
            planes.contains(where: { $0.map { UInt(bitPattern: $0) % 16 != 0 } ?? false })
        else { return }
        let copy = Frame()
        copy.pointer.pointee.format = frame.format
        copy.pointer.pointee.width = frame.width
        copy.pointer.pointee.height = frame.height
        try check(av_frame_get_buffer(copy.pointer, 0), "allocate a frame")
        try check(av_frame_copy(copy.pointer, pointer), "copy a frame")
        try check(av_frame_copy_props(copy.pointer, pointer), "copy a frame")
        av_frame_unref(pointer)
        av_frame_move_ref(pointer, copy.pointer)
    }

    /// Of all visible samples of a frame.
    package func imageChecksum() throws(AVFailure) -> UInt32 {
        var sum = Checksum()
        for row in try imageRows() { sum.add(row) }
        return sum.value
    }

    /// The samples of a frame, plane by plane and row by row, without padding.
    package func imageBytes() throws(AVFailure) -> [UInt8] { try imageRows().flatMap { $0 } }

    /// Rows of all planes. Valid as long as the frame.
    private func imageRows() throws(AVFailure) -> [UnsafeRawBufferPointer] {
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
        let frame = pointer.pointee
        guard let description = av_pix_fmt_desc_get(AVPixelFormat(frame.format)) else {
            throw AVFailure("read a frame", vtx_error_invalid_data)
        }
        let data = [frame.data.0, frame.data.1, frame.data.2, frame.data.3]
        let strides = [frame.linesize.0, frame.linesize.1, frame.linesize.2, frame.linesize.3]
        var planes: [Plane] = []
        for index in data.indices {
            guard let start = data[index] else { break }
            let length = try check(
                av_image_get_linesize(AVPixelFormat(frame.format), frame.width, Int32(index)), "read a frame")
            let shift = index == 1 || index == 2 ? Int(description.pointee.log2_chroma_h) : 0
            planes.append(
                Plane(
                    start: start, rows: (Int(frame.height) + (1 << shift) - 1) >> shift, length: Int(length),
                    stride: Int(strides[index])))
        }
        return planes
    }

    /// The frame whose `imageBytes` these are.
    package init(image bytes: [UInt8], size: PixelSize, format: String) throws(AVFailure) {
        self.init()
        pointer.pointee.format = try PixelFormat.named(format).rawValue
        pointer.pointee.width = Int32(size.width)
        pointer.pointee.height = Int32(size.height)
        try check(av_frame_get_buffer(pointer, 0), "allocate a frame")
        var rest = bytes[...]
        for row in try imageRows() {
            guard rest.count >= row.count else { throw AVFailure("read a frame", vtx_error_invalid_data) }
            UnsafeMutableRawBufferPointer(mutating: row).copyBytes(from: rest.prefix(row.count))
            rest = rest.dropFirst(row.count)
        }
    }
}

/// One plane of a frame, as it lies in memory. Valid as long as the frame.
package struct FramePlane {
    /// Left sample of the top row.
    package let start: UnsafeRawPointer
    /// Bytes from one row to the next.
    package let stride: Int
    /// Bytes of a row that can be seen.
    package let length: Int
    /// Rows.
    package let rows: Int
}

extension Frame {
    /// The planes of a frame of video.
    package func planes() throws(AVFailure) -> [FramePlane] {
        try imagePlanes().map {
            FramePlane(start: UnsafeRawPointer($0.start), stride: $0.stride, length: $0.length, rows: $0.rows)
        }
    }
}
