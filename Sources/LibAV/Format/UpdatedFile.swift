// A finished file in which a few bytes are replaced.

import CLibAV
import Glibc

/// Reads and replaces bytes in place.
final class UpdatedFile {
    private var io: UnsafeMutablePointer<AVIOContext>?

    init(_ path: String) throws(AVFailure) {
        try check(avio_open2(&io, "file:" + path, AVIO_FLAG_READ_WRITE, nil, nil), "open the file again")
    }

    deinit { avio_closep(&io) }

    func read(at position: Int64, count: Int) throws(AVFailure) -> [UInt8] {
        try seek(to: position)
        var bytes = [UInt8](repeating: 0, count: count)
        let done = bytes.withUnsafeMutableBufferPointer { avio_read(io, $0.baseAddress, Int32(clamping: $0.count)) }
        if done < 0, done != vtx_error_end_of_file { throw AVFailure("read the file again", done) }
        return Array(bytes.prefix(max(0, Int(done))))
    }

    func write(_ bytes: [UInt8], at position: Int64) throws(AVFailure) {
        try seek(to: position)
        bytes.withUnsafeBufferPointer { avio_write(io, $0.baseAddress, Int32(clamping: $0.count)) }
        avio_flush(io)
        if io!.pointee.error < 0 { throw AVFailure("write", io!.pointee.error) }
    }

    private func seek(to position: Int64) throws(AVFailure) {
        let code = avio_seek(io, position, SEEK_SET)
        if code < 0 { throw AVFailure("seek", Int32(clamping: code)) }
    }
}
