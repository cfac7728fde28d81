// Files below one directory, and none outside of it: opened name by name, following no links.

import Glibc
import NIOCore
import NIOPosix
import VTXModel
import VTXSystem

/// An open regular file or directory; closed with it.
final class OpenFile: Sendable {
    private let descriptor: Int32
    let isDirectory: Bool
    /// Bytes.
    let size: Int
    let validators: Validators

    /// Takes over the descriptor.
    ///
    /// - Returns: `nil` for what is neither file nor directory.
    fileprivate init?(adopting descriptor: Int32) {
        var status = stat()
        let kind = fstat(descriptor, &status) == 0 ? status.st_mode & S_IFMT : 0
        guard kind == S_IFREG || kind == S_IFDIR else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
        isDirectory = kind == S_IFDIR
        size = Int(status.st_size)
        validators = Validators(
            size: size, seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec,
            inode: UInt64(status.st_ino))
    }

    deinit { close(descriptor) }

    /// A file or directory by its name in this directory.
    ///
    /// - Returns: `nil` if it is not there, may not be read, is a link, or is neither file nor directory.
    fileprivate func open(_ name: String) -> OpenFile? {
        // Without O_NONBLOCK a named pipe would wait for its other end.
        let file = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        return file < 0 ? nil : OpenFile(adopting: file)
    }

    /// Names in a directory that are not hidden, sorted; at most `limit`.
    func names(limit: Int) -> [String] {
        guard var reader = DirectoryReader(descriptor: descriptor) else { return [] }
        var names: [String] = []
        while names.count < limit, let name = reader.next() {
            if !hasDotInFront(name) { names.append(name) }
        }
        return names.sorted()
    }

    /// Bytes of a part of the file; blocks.
    ///
    /// - Throws: if the file has become shorter or cannot be read.
    func read(_ part: Range<Int>) throws -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: part.count)
        while buffer.readableBytes < part.count {
            let offset = part.lowerBound + buffer.readableBytes
            let count = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: part.upperBound - offset) {
                max(0, pread(descriptor, $0.baseAddress, part.upperBound - offset, offset))
            }
            guard count > 0 else { throw ReadFailure(errno: errno) }
        }
        return buffer
    }

    struct ReadFailure: Error { var errno: Int32 }
}

/// The directory that is served.
struct ServedTree: Sendable {
    private let path: String

    /// - Throws: `.noInput` if it is no directory that can be read.
    init(_ path: String) throws(VTXError) {
        self.path = path
        guard root != nil else {
            throw VTXError(
                .noInput, "cannot serve \(path)", cause: String(cString: strerror(errno)),
                remedy: "name a directory that holds packages")
        }
    }

    /// Opened for each request: a re-created package replaces the old one by a rename.
    private var root: OpenFile? {
        let file = VTXSystem.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        return file < 0 ? nil : OpenFile(adopting: file)
    }

    /// The entry of that name, of any kind.
    func open(_ names: [String]) -> OpenFile? {
        guard var file = root else { return nil }
        for name in names {
            guard file.isDirectory, let next = file.open(name) else { return nil }
            file = next
        }
        return file
    }

    /// Whether there is a regular file.
    func hasFile(_ names: [String]) -> Bool { open(names).map { !$0.isDirectory } ?? false }

    /// A small text file: `nil` if there is none, it is no UTF-8, or has more bytes than `limit`.
    func text(_ names: [String], limit: Int) -> String? {
        guard let file = open(names), !file.isDirectory, file.size <= limit,
            let buffer = try? file.read(0..<file.size)
        else { return nil }
        return String(validating: buffer.readableBytesView, as: UTF8.self)
    }
}
