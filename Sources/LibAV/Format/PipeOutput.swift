// The bytes of a muxer on their way into a pipe: nothing that was written can be changed any more.
//
// What is put right in finished files is put right here before it is written: the beginning is held until the header is
// whole, and edited in memory.

import CLibAV
import Glibc
import VTXSystem

/// An open file that is written from its beginning to its end, such as standard output.
package final class PipeOutput: @unchecked Sendable {
    // @unchecked: used by one stage at a time; what others look at is guarded.
    private let descriptor: Int32?
    private let written = Guarded<Int64>(0)
    /// What comes before the end of the header; `nil`: bytes are passed on.
    private var held: [UInt8]?
    /// Edits the beginning of the file; returns `nil` until the header is whole.
    private var edit: ([UInt8]) -> [UInt8]? = { $0 }

    /// Bytes between two calls of the system.
    private static let capacity = 1 << 16

    /// - Parameter descriptor: open for writing as long as this object lives; it is not closed. `nil`: bytes are dropped.
    package init(descriptor: Int32?) { self.descriptor = descriptor }

    /// Bytes that the reader has got, or that wait for it in the pipe.
    package var bytes: Int64 { written.with { $0 } }

    /// Whether the header is not whole yet.
    var isHolding: Bool { held != nil }

    /// Holds what is written until it can be edited.
    ///
    /// - Parameter edit: gets all that was written; returns what to write in its place, or `nil` if it needs more.
    func hold(until edit: @escaping ([UInt8]) -> [UInt8]?) {
        held = []
        self.edit = edit
    }

    /// Writes what is still held, as it is.
    func release() throws(AVFailure) {
        guard let bytes = held else { return }
        held = nil
        let code = bytes.withUnsafeBytes(write)
        if code < 0 { throw AVFailure("write", code, from: .file) }
    }

    /// Something for a muxer to write to, which cannot seek. Has to be closed with `close`.
    func open() throws(AVFailure) -> UnsafeMutablePointer<AVIOContext> {
        guard let buffer = av_malloc(Self.capacity) else { throw outOfMemory("make the writer") }
        let io = avio_alloc_context(
            buffer.assumingMemoryBound(to: UInt8.self), Int32(Self.capacity), 1,
            Unmanaged.passUnretained(self).toOpaque(), nil,
            { opaque, bytes, count in
                guard let opaque, let bytes, count > 0 else { return 0 }
                let output = Unmanaged<PipeOutput>.fromOpaque(opaque).takeUnretainedValue()
                return output.take(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
            }, nil)
        guard let io else {
            av_free(buffer)
            throw outOfMemory("make the writer")
        }
        io.pointee.seekable = 0
        return io
    }

    /// Frees what `open` has made.
    static func close(_ io: inout UnsafeMutablePointer<AVIOContext>?) {
        guard let context = io else { return }
        av_freep(&context.pointee.buffer)
        avio_context_free(&io)
    }

    /// - Returns: the number of bytes, or an error of libav.
    private func take(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        guard held != nil else { return write(bytes) }
        held!.append(contentsOf: bytes)
        guard let edited = edit(held!) else { return Int32(bytes.count) }
        held = nil
        let code = edited.withUnsafeBytes(write)
        return code < 0 ? code : Int32(bytes.count)
    }

    private func write(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        guard let descriptor else { return Int32(bytes.count) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = UnsafeRawBufferPointer(rebasing: rest)
            let count = Glibc.write(descriptor, piece.baseAddress, piece.count)
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN {
                // Whoever gave us the pipe does not want to wait when writing to it; here there is nothing else to do.
                var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&ready, 1, -1)
                continue
            }
            if count < 0 { return vtx_error_from_errno(errno) }
            rest = rest.dropFirst(count)
            written.with { $0 += Int64(count) }
        }
        return Int32(bytes.count)
    }
}
