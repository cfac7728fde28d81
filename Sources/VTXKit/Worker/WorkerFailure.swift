// An error as a worker reports it.

package import VTXModel

/// An error with its texts as the command line spells them.
package struct WorkerFailure: Hashable, Codable, Sendable {
    /// The input; `nil` for a command line that cannot be parsed.
    package var path: String?
    /// What sort of failure it is.
    package var kind: VTXError.Kind
    /// The exit status of a process that ends with this error.
    package var exitStatus: Int32
    /// What failed, on which file.
    package var message: String
    /// The system's or a library's words.
    package var cause: String?
    /// What to try.
    package var hint: String?

    /// - Parameters:
    ///   - path: the input; empty if there is none.
    ///   - render: spells settings and commands.
    package init(_ error: VTXError, path: String, render: (Message) -> String) {
        self.path = path.isEmpty ? nil : path
        kind = error.kind
        exitStatus = error.kind.exitStatus
        message = render(error.message)
        cause = error.cause.map(render)
        hint = error.remedy.map { render($0.message) }
    }
}
