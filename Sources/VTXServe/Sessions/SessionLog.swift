// The session log: a file of lines that grows, one write for each report of a page.

import Glibc
import VTXModel
import VTXSystem

/// Appends to the log; several servers may share one file.
final class SessionLog: Sendable {
    private let descriptor: Int32

    /// Bytes after which nothing more is written: pages may come from anywhere.
    private static let limit = 1 << 30

    /// - Throws: `.cannotCreate`.
    init(_ path: String) throws(VTXError) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw VTXError(
                .cannotCreate, "cannot write the session log \(path)", cause: String(cString: strerror(errno)))
        }
    }

    deinit { close(descriptor) }

    /// Lines that belong together stay together.
    ///
    /// - Returns: whether they were written.
    func append(_ lines: [UInt8]) -> Bool {
        guard let size = FileStatus(descriptor: descriptor)?.size, Int(size) + lines.count <= Self.limit else {
            return false
        }
        return lines.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) } == lines.count
    }
}

/// UTC to milliseconds: `2026-01-31T12:00:00.000Z`.
func timestamp() -> String {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    var parts = tm()
    gmtime_r(&now.tv_sec, &parts)
    var buffer = [CChar](repeating: 0, count: 32)
    let count = strftime(&buffer, buffer.count, "%Y-%m-%dT%H:%M:%S", &parts)
    let date = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let fraction = String(now.tv_nsec / 1_000_000 + 1000).dropFirst()
    return "\(date).\(fraction)Z"
}
