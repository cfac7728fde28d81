// --json: one object a line on standard output, each with a "type" (docs/json-output.md).

#if canImport(FoundationEssentials)
    package import FoundationEssentials
#else
    package import Foundation
#endif
import Glibc
package import VTXKit
package import VTXModel

/// Lines are written whole, from any thread.
package struct JSONLines: Sendable {
    private let writer = WorkerLineWriter { $0.commandLineText }

    package init() {}

    /// The first line: which schema the others follow.
    package func writeHeader(command: String) { write(.header(WorkerHeader(command: command))) }

    /// One object, without a line end; `nil` if the value cannot be written.
    package func line(_ type: String, _ value: some Encodable) -> Data? { writer.line(type, value).map { Data($0) } }

    /// A line of a job.
    package func write(_ event: WorkerEvent) { write(event.type, event.value) }

    /// A line for an error, and for each of the other mistakes that it has.
    ///
    /// - Parameter path: the input; empty if there is none.
    package func write(_ error: VTXError, of path: String) {
        for one in [error] + error.others { write(.error(WorkerFailure(one, path: path) { $0.commandLineText })) }
    }

    /// A line of any type.
    package func write(_ type: String, _ value: some Encodable) {
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
