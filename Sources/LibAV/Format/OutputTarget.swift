// Where a muxer writes to.

/// A file by its name, or a pipe.
package enum OutputTarget: Sendable {
    /// A file that must not exist yet; what it says at its beginning can be put right in the end.
    case file(String)
    /// What is written cannot be changed any more.
    case pipe(PipeOutput)

    /// The pipe, if it is one.
    package var pipe: PipeOutput? { if case .pipe(let pipe) = self { pipe } else { nil } }
}
