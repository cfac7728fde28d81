// Parts of files that libavformat reads as one file: the segments of a rendition.

import CLibAV
import Glibc
import VTXModel
import VTXSystem

/// A part of a file.
package struct FilePart: Hashable, Sendable {
    /// Path of the file.
    package var path: String
    /// Where the part begins.
    package var offset: Int64
    /// Bytes of the part.
    package var length: Int64

    /// `length` bytes of a file, from `offset` on.
    package init(path: String, offset: Int64, length: Int64) {
        self.path = path
        self.offset = offset
        self.length = length
    }
}

/// Feeds parts of files to a demuxer, one after the other. Must live as long as that does.
final class SegmentedInput {
    private let parts: [FilePart]
    /// Where each part begins in the whole.
    private let starts: [Int64]
    private let size: Int64
    private var position: Int64 = 0
    /// The file that was read last.
    private var open: File?
    private(set) var io: UnsafeMutablePointer<AVIOContext>?

    init(_ parts: [FilePart]) throws(AVFailure) {
        self.parts = parts
        var starts: [Int64] = []
        var end: Int64 = 0
        for part in parts {
            starts.append(end)
            end += part.length
        }
        self.starts = starts
        size = end
        let room = 1 << 15
        guard let buffer = av_malloc(room) else { throw outOfMemory("read segments") }
        io = avio_alloc_context(
            buffer.assumingMemoryBound(to: UInt8.self), Int32(room), 0, Unmanaged.passUnretained(self).toOpaque(),
            { input, buffer, size in SegmentedInput.of(input).read(into: buffer, Int(size)) }, nil,
            { input, offset, whence in SegmentedInput.of(input).seek(to: offset, whence) })
        if io == nil {
            av_free(buffer)
            throw outOfMemory("read segments")
        }
    }

    deinit {
        av_freep(&io!.pointee.buffer)
        avio_context_free(&io)
    }

    private static func of(_ pointer: UnsafeMutableRawPointer?) -> SegmentedInput {
        Unmanaged<SegmentedInput>.fromOpaque(pointer!).takeUnretainedValue()
    }

    private func read(into buffer: UnsafeMutablePointer<UInt8>?, _ wanted: Int) -> Int32 {
        guard let buffer, position < size else { return vtx_error_end_of_file }
        // The last part that begins at or before the position and is not empty.
        var (low, high) = (0, parts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= position { low = middle } else { high = middle }
        }
        let part = parts[low]
        let within = position - starts[low]
        let count = min(Int64(wanted), part.length - within)
        guard count > 0 else { return vtx_error_end_of_file }
        do {
            if open?.path != part.path { open = try File(part.path, for: .reading) }
            let bytes = try open?.read(at: part.offset + within, count: Int(count)) ?? []
            guard !bytes.isEmpty else { return vtx_error_end_of_file }
            buffer.update(from: bytes, count: bytes.count)
            position += Int64(bytes.count)
            return Int32(bytes.count)
        } catch {
            return vtx_error_from_errno(EIO)
        }
    }

    private func seek(to offset: Int64, _ whence: Int32) -> Int64 {
        seekInput(&position, size: size, to: offset, whence)
    }
}
