// vtx-server, the program with the libraries for HTTP. It is installed beside vtx.

import Glibc
import VTXCommandLine
import VTXModel
import VTXSystem

/// Where it is, and how it is started.
struct ServerProgram {
    private static let name = "vtx-server"
    let path: String

    /// - Throws: `.unavailable` if it is not installed.
    init() throws(VTXError) {
        let folders = try programPath().split(separator: "/", omittingEmptySubsequences: false).dropLast()
        path = folders.joined(separator: "/") + "/\(Self.name)"
        if access(path, X_OK) != 0 { throw missing(SystemFailure("start")) }
    }

    private func missing(_ failure: SystemFailure) -> VTXError {
        VTXError(
            .unavailable, "cannot start \(path)", cause: failure.words,
            remedy: "\(Self.name) is installed beside vtx: run scripts/install, or `swift build --product \(Self.name)`"
        )
    }

    /// Makes this process run it.
    ///
    /// - Parameter words: its arguments, as they were typed.
    /// - Returns: why it could not.
    func replaceThisProcess(_ words: some Sequence<UnsafePointer<CChar>>) -> VTXError {
        Self.name.withCString { name in missing(VTXSystem.replaceThisProcess(by: path, [name] + words)) }
    }

    /// Starts it beside this process.
    ///
    /// - Throws: `.unavailable`.
    func start(_ words: [String]) throws(VTXError) -> Companion {
        do throws(SystemFailure) { return try Companion(Program(path, words)) } catch { throw missing(error) }
    }
}
