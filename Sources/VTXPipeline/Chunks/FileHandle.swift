// Files of chunks: opened, written and read whole.

import Glibc
import LibAV
import VTXModel

/// An open file.
final class FileHandle {
    let path: String
    private let descriptor: Int32

    init(_ path: String, _ flags: Int32) throws(VTXError) {
        self.path = path
        descriptor = open(path, flags | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let failure = AVFailure(operation: "open", errno: errno)
            throw flags & O_ACCMODE == O_RDONLY
                ? failure.reading(path, kind: .inputOutput) : failure.writing(path)
        }
    }

    deinit { close(descriptor) }

    func write(_ bytes: [UInt8]) throws(VTXError) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress! + sent, $0.count - sent)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw AVFailure(operation: "write", errno: errno).writing(path)
            }
            sent += count
        }
    }

    /// - Returns: whether there was that much.
    func read(into bytes: Slice<UnsafeMutableRawBufferPointer>) throws(VTXError) -> Bool {
        let bytes = UnsafeMutableRawBufferPointer(rebasing: bytes)
        var got = 0
        while got < bytes.count {
            let count = Glibc.read(descriptor, bytes.baseAddress! + got, bytes.count - got)
            if count < 0 {
                if errno == EINTR { continue }
                throw AVFailure(operation: "read", errno: errno).reading(path, kind: .inputOutput)
            }
            if count == 0 { return false }
            got += count
        }
        return true
    }

    func readAll() throws(VTXError) -> [UInt8] {
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = piece.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress!, $0.count) }
            if count < 0 {
                throw AVFailure(operation: "read", errno: errno).reading(path, kind: .inputOutput)
            }
            if count == 0 { return all }
            all += piece[..<count]
        }
    }
}
