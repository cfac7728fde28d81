// A finished file in which a few bytes are replaced.

import Glibc
import VTXSystem

/// Reads and replaces bytes in place.
final class UpdatedFile {
    private let descriptor: Int32

    init(_ path: String) throws(AVFailure) {
        descriptor = open(path, O_RDWR | O_CLOEXEC)
        if descriptor < 0 { throw AVFailure(operation: "open the file again", errno: errno) }
    }

    deinit { close(descriptor) }

    /// At most `count` bytes; fewer at the end of the file.
    func read(at position: Int64, count: Int) throws(AVFailure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let more = bytes.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress! + done, count - done, Int(position) + done)
            }
            if more == 0 { break }
            if more < 0, errno != EINTR { throw AVFailure(operation: "read the file again", errno: errno) }
            done += max(0, more)
        }
        return Array(bytes.prefix(done))
    }

    func write(_ bytes: [UInt8], at position: Int64) throws(AVFailure) {
        var done = 0
        while done < bytes.count {
            let more = bytes.withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress! + done, bytes.count - done, Int(position) + done)
            }
            if more < 0, errno != EINTR { throw AVFailure(operation: "write", errno: errno) }
            done += max(0, more)
        }
    }
}
