// A failure as the journal keeps it: in words.

package import VTXKit
package import VTXModel

/// Why an item has no output.
package struct BatchFailure: Hashable, Codable, Sendable {
    /// What sort of failure it is.
    package var kind: VTXError.Kind
    /// What failed: lower case, no full stop.
    package var message: String
    /// libav's or the system's own words.
    package var cause: String?
    /// What to try.
    package var hint: String?

    /// A failure in words.
    package init(_ kind: VTXError.Kind, _ message: String, cause: String? = nil, hint: String? = nil) {
        self.kind = kind
        self.message = message
        self.cause = cause
        self.hint = hint
    }

    /// An error of this process.
    ///
    /// - Parameter render: spells settings as the user knows them.
    package init(_ error: VTXError, render: (Message) -> String) {
        self.init(
            error.kind, render(error.message), cause: error.cause.map(render),
            hint: error.remedy.map { render($0.message) })
    }

    /// A worker's error, which has the user's spelling already.
    package init(_ failure: WorkerFailure) {
        self.init(failure.kind, failure.message, cause: failure.cause, hint: failure.hint)
    }

    /// One line: what failed, and why.
    package var reason: String { cause.map { "\(message): \($0)" } ?? message }
}
