// An open file: reading and writing that go on after a signal, and name the file when they fail.

import Glibc
import Synchronization
import SystemPackage
package import VTXModel

/// An open file; closed with its last owner.
package final class File: Sendable {
    /// What the file is opened for.
    package enum Purpose: Sendable {
        case reading
        /// Begins an empty file, or empties one.
        case writing
        /// Adds to the end of a file, which is made if need be.
        case appending
    }

    /// Its name in messages.
    package let path: String
    private let file: FileDescriptor
    private let readingFault: VTXError.Kind
    private let isClosed = Atomic(false)

    /// Linux gives one write as large a piece of memory as fits, which is new to the processor's caches. Small pieces
    /// get what was in use just now: `vtx package` of a gigabyte takes 1.45 s of CPU in place of 2.6 s.
    private static let piece = 1 << 15

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - mode: permissions of a new file, before the process's mask.
    ///   - shown: its name in messages, if that is not `path`.
    ///   - fault: what a failure to read is where its errno says nothing about the file as a whole.
    /// - Throws: for reading, what `SystemFailure.reading` makes of it; else `.writing`.
    package init(
        _ path: String, for purpose: Purpose, mode: UInt32 = 0o666, shownAs shown: String? = nil,
        readingFault fault: VTXError.Kind = .inputOutput
    ) throws(VTXError) {
        self.path = shown ?? path
        readingFault = fault
        do {
            let permissions = FilePermissions(rawValue: mode)
            file =
                try path.withCName { path in
                    switch purpose {
                    case .reading: try .open(path, .readOnly, options: .closeOnExec)
                    case .writing:
                        try .open(
                            path, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: permissions)
                    case .appending:
                        try .open(
                            path, .writeOnly, options: [.create, .append, .closeOnExec], permissions: permissions)
                    }
                }
        } catch {
            throw purpose == .reading
                ? Self.failure("open", error).reading(self.path, kind: fault)
                : Self.failure("create", error).writing(self.path)
        }
    }

    deinit { try? close() }

    /// Closes it, so that a last failure is heard of: some file systems write only then. Nothing may be done with it
    /// afterwards.
    package func close() throws(VTXError) {
        guard !isClosed.exchange(true, ordering: .relaxed) else { return }
        do { try file.close() } catch { throw Self.failure("close", error).writing(path) }
    }

    /// Its number in this process, valid as long as this object lives.
    package var descriptor: Int32 { file.rawValue }

    /// What the system knows of it.
    package var status: FileStatus? { FileStatus(descriptor: descriptor) }

    /// Writes all bytes, where the last write ended.
    ///
    /// - Throws: as `SystemFailure.writing`.
    package func write(_ bytes: UnsafeRawBufferPointer) throws(VTXError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            do {
                rest = rest.dropFirst(
                    try file.write(UnsafeRawBufferPointer(rebasing: rest.prefix(Self.piece)), retryOnInterrupt: true))
            } catch {
                throw Self.failure("write", error).writing(path)
            }
        }
    }

    /// Writes all bytes, where the last write ended.
    package func write(_ bytes: [UInt8]) throws(VTXError) {
        // withUnsafeBytes loses the type of an error, a result keeps it.
        try bytes.withUnsafeBytes { bytes in Result { () throws(VTXError) in try write(bytes) } }.get()
    }

    /// Fills a buffer from where the last read ended.
    ///
    /// - Returns: how much was read: less than asked for only at the end of the file.
    /// - Throws: as `SystemFailure.reading`.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(VTXError) -> Int {
        var rest = buffer[...]
        while !rest.isEmpty {
            do {
                let count = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: rest), retryOnInterrupt: true)
                if count == 0 { break }
                rest = rest.dropFirst(count)
            } catch {
                throw Self.failure("read", error).reading(path, kind: readingFault)
            }
        }
        return buffer.count - rest.count
    }

    /// Reads at most `count` bytes that begin at `offset`; fewer only at the end of the file.
    ///
    /// - Throws: as `SystemFailure.reading`.
    package func read(at offset: Int64, count: Int) throws(VTXError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var read = 0
        while read < count {
            do {
                let more = try bytes.withUnsafeMutableBytes {
                    try file.read(
                        fromAbsoluteOffset: offset + Int64(read),
                        into: UnsafeMutableRawBufferPointer(rebasing: $0[read...]))
                }
                if more == 0 { break }
                read += more
            } catch {
                throw Self.failure("read", error).reading(path, kind: readingFault)
            }
        }
        return read == count ? bytes : Array(bytes[..<read])
    }

    /// Reads what is left, up to a limit of bytes.
    package func readAll(limit: Int = .max) throws(VTXError) -> [UInt8] {
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while all.count < limit {
            let wanted = min(piece.count, limit - all.count)
            let count = try piece.withUnsafeMutableBytes { bytes in
                Result { () throws(VTXError) in
                    try read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[..<wanted]))
                }
            }.get()
            all += piece[..<count]
            if count < wanted { break }
        }
        return all
    }

    /// Waits until the disk has everything that was written, the file's name perhaps not (fdatasync).
    package func synchronize() throws(VTXError) {
        guard fdatasync(descriptor) == 0 else { throw SystemFailure("write").writing(path) }
    }

    private static func failure(_ operation: String, _ error: any Error) -> SystemFailure {
        SystemFailure(operation, errno: (error as? Errno)?.rawValue ?? EIO)
    }
}
