// --json: one object a line on standard output, each with a "type" (docs/json-output.md).

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import Glibc
import VTXKit
import VTXModel

/// Lines are written whole, from any thread.
struct JSONLines: Sendable {
    private let writer = WorkerLineWriter { $0.commandLineText }

    /// The first line: which schema the others follow.
    func writeHeader(command: String) { write(.header(WorkerHeader(command: command))) }

    /// One object, without a line end; `nil` if the value cannot be written.
    func line(_ type: String, _ value: some Encodable) -> Data? { writer.line(type, value).map { Data($0) } }

    /// A line of a job.
    func write(_ event: WorkerEvent) { write(event.type, event.value) }

    /// A line for an error.
    ///
    /// - Parameter path: the input; empty if there is none.
    func write(_ error: VTXError, of path: String) {
        write(.error(WorkerFailure(error, path: path) { $0.commandLineText }))
    }

    /// A line of any type.
    func write(_ type: String, _ value: some Encodable) {
        guard var bytes = writer.line(type, value) else {
            Terminal.warn("a JSON line of type \(type) could not be written")
            return
        }
        bytes.append(UInt8(ascii: "\n"))
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress! + sent, $0.count - sent) }
            if count < 0 && errno == EINTR { continue }
            if count <= 0 { return }
            sent += count
        }
    }
}
