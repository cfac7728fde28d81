// Bytes that libavformat reads as a file.

import CLibAV
import Glibc

/// Feeds bytes to a demuxer. Must live as long as that does.
final class MemoryInput {
    private let bytes: [UInt8]
    private var position = 0
    private(set) var io: UnsafeMutablePointer<AVIOContext>?

    init(_ bytes: [UInt8]) throws(AVFailure) {
        self.bytes = bytes
        let size = 4096
        guard let buffer = av_malloc(size) else { throw outOfMemory("read text") }
        io = avio_alloc_context(
            buffer.assumingMemoryBound(to: UInt8.self), Int32(size), 0, Unmanaged.passUnretained(self).toOpaque(),
            { input, buffer, size in MemoryInput.of(input).read(into: buffer, Int(size)) }, nil,
            { input, offset, whence in MemoryInput.of(input).seek(to: offset, whence) })
        if io == nil {
            av_free(buffer)
            throw outOfMemory("read text")
        }
    }

    deinit {
        av_freep(&io!.pointee.buffer)
        avio_context_free(&io)
    }

    private static func of(_ pointer: UnsafeMutableRawPointer?) -> MemoryInput {
        Unmanaged<MemoryInput>.fromOpaque(pointer!).takeUnretainedValue()
    }

    private func read(into buffer: UnsafeMutablePointer<UInt8>?, _ size: Int) -> Int32 {
        let count = min(size, bytes.count - position)
        guard count > 0, let buffer else { return vtx_error_end_of_file }
        bytes.withUnsafeBytes {
            UnsafeMutableRawPointer(buffer).copyMemory(from: $0.baseAddress! + position, byteCount: count)
        }
        position += count
        return Int32(count)
    }

    private func seek(to offset: Int64, _ whence: Int32) -> Int64 {
        var place = Int64(position)
        defer { position = Int(place) }
        return seekInput(&place, size: Int64(bytes.count), to: offset, whence)
    }
}

/// What libavformat expects of the seek callback of an input.
///
/// - Parameters:
///   - position: is moved.
///   - size: bytes of the input.
/// - Returns: the new position, the size if that is asked for, or an error.
func seekInput(_ position: inout Int64, size: Int64, to offset: Int64, _ whence: Int32) -> Int64 {
    if whence & AVSEEK_SIZE != 0 { return size }
    let base =
        switch whence & 3 {
        case SEEK_SET: Int64(0)
        case SEEK_CUR: position
        default: size
        }
    let (target, overflow) = base.addingReportingOverflow(offset)
    guard !overflow, (0...size).contains(target) else { return Int64(vtx_error_from_errno(EINVAL)) }
    position = target
    return target
}
