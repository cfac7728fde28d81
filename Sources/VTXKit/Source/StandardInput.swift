// Standard input as a source.
//
// Planning and passes open a source several times and seek in it, so what comes through a pipe is kept in a file without a
// name. That file takes the place of standard input in this process: everybody opens it by the path of standard input,
// and nothing is left of it, however the process ends.

import Glibc
import LibAV
public import VTXModel
import VTXSystem

/// What comes in at standard input, as a file that jobs can read.
public final class StandardInput: Sendable {
    /// The path for jobs.
    public static let path = "/dev/stdin"
    /// What stands for standard input on a command line.
    public static let names: Set = ["-", path]

    /// Where bytes come from; `nil`: standard input is a file, which is read where it is.
    private let pipe: Int32?
    private let isRead = Guarded(false)

    /// Bytes of one read.
    private static let piece = 1 << 18

    /// Prepares standard input, without reading from it. To be called before the process is confined, which would keep it
    /// from making the file.
    ///
    /// - Throws: `.noInput` if nothing can come in, as from a terminal; `.cannotCreate` if there is no place for the file.
    public init() throws(VTXError) {
        guard let status = FileStatus(descriptor: STDIN_FILENO) else {
            throw Self.unreadable("it is closed", remedy: "pipe a file into it, or name a file")
        }
        if isatty(STDIN_FILENO) != 0 {
            throw Self.unreadable("it is a terminal", remedy: "pipe a file into it, or name a file")
        }
        if status.kind == .directory { throw Self.unreadable("it is a directory", remedy: "name a file inside it") }
        if status.kind == .regular, lseek(STDIN_FILENO, 0, SEEK_CUR) == 0, access(Self.path, R_OK) == 0 {
            pipe = nil
            return
        }
        let pipe = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
        guard pipe >= 0 else { throw SystemFailure("open").reading("standard input") }
        self.pipe = pipe
        let file = try openNamelessFile()
        defer { close(file) }
        guard dup2(file, STDIN_FILENO) >= 0 else { throw SystemFailure("open").reading("standard input") }
    }

    deinit { if let pipe { close(pipe) } }

    private static func unreadable(_ cause: Message, remedy: Remedy) -> VTXError {
        VTXError(.noInput, "cannot read standard input", cause: cause, remedy: remedy)
    }

    /// Reads to the end, so that jobs can begin. Does nothing the second time.
    ///
    /// - Parameters:
    ///   - interval: seconds between calls of `progress`.
    ///   - interrupt: ends the reading.
    ///   - progress: gets the number of bytes so far, and the seconds since the beginning.
    /// - Throws: `.badMedia` if nothing comes, `.inputOutput` if the disk is full, `.interrupted`.
    func read(
        every interval: Double, interrupt: Interrupt, progress: (Int64, Double) -> Void
    ) throws(VTXError) {
        let wasRead = isRead.with { isRead in
            defer { isRead = true }
            return isRead
        }
        guard !wasRead else { return }
        if let pipe { try copy(pipe, every: interval, interrupt, progress) }
        guard let size = FileStatus(descriptor: STDIN_FILENO)?.size, size > 0 else {
            throw VTXError(
                .badMedia, "cannot read standard input", cause: "nothing came in",
                remedy: "check the program before the pipe")
        }
    }

    private func copy(
        _ pipe: Int32, every interval: Double, _ interrupt: Interrupt, _ progress: (Int64, Double) -> Void
    ) throws(VTXError) {
        let began = now()
        var (shown, count) = (0.0, Int64(0))
        var checksum = Checksum()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.piece, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            if interrupt.isSet { throw VTXError(.interrupted, "interrupted while standard input was read") }
            if now() - began - shown >= interval {
                shown = now() - began
                progress(count, shown)
            }
            guard let piece = try next(of: pipe, into: buffer, within: interval) else { continue }
            if piece.isEmpty { break }
            checksum.add(piece)
            count += Int64(piece.count)
            try keep(piece)
        }
        // The same bytes are the same source to a run that resumes another, which goes by the time of the last change.
        let time = timespec(tv_sec: Int(checksum.value), tv_nsec: 0)
        _ = [time, time].withUnsafeBufferPointer { futimens(STDIN_FILENO, $0.baseAddress) }
    }

    /// What has come; empty at the end, `nil` if nothing has come yet.
    private func next(
        of pipe: Int32, into buffer: UnsafeMutableRawBufferPointer, within seconds: Double
    ) throws(VTXError) -> UnsafeRawBufferPointer? {
        var ready = pollfd(fd: pipe, events: Int16(POLLIN), revents: 0)
        guard poll(&ready, 1, Int32(seconds * 1000)) > 0 else { return nil }
        let count = Glibc.read(pipe, buffer.baseAddress, buffer.count)
        if count < 0 {
            if errno == EINTR || errno == EAGAIN { return nil }
            throw SystemFailure("read").reading("standard input", kind: .inputOutput)
        }
        return UnsafeRawBufferPointer(rebasing: buffer[..<count])
    }

    private func keep(_ bytes: UnsafeRawBufferPointer) throws(VTXError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = UnsafeRawBufferPointer(rebasing: rest)
            let count = write(STDIN_FILENO, piece.baseAddress, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                var error = SystemFailure("write").writing("a copy of standard input in \(temporaryDirectory)")
                error.remedy = "set TMPDIR to a directory with more space, or name the file: it is read where it is"
                throw error
            }
            rest = rest.dropFirst(count)
        }
    }
}
