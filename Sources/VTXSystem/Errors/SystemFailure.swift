// A system call that failed: its errno, and what was being done.

import Glibc
package import VTXModel

/// An errno together with what was attempted.
package struct SystemFailure: Error, Hashable, Sendable {
    /// What was attempted: lower case, without the file's name, as in "cannot OPERATION".
    package var operation: String
    /// The errno.
    package var code: Int32

    /// - Parameter code: an errno; without it, the one that the last call on this thread has left.
    package init(_ operation: String, errno code: Int32 = errno) {
        self.operation = operation
        self.code = code
    }

    /// The system's text for the errno.
    package var words: String { String(cString: strerror(code)) }

    /// The failure as an error about reading `path`.
    ///
    /// - Parameter kind: what it is called where the errno says nothing about the file as a whole.
    package func reading(_ path: String, kind: VTXError.Kind = .badMedia, remedy: Remedy? = nil) -> VTXError {
        .reading(path, operation: operation, errno: code, words: words, kind: kind, remedy: remedy)
    }

    /// The failure as an error about writing `path`.
    package func writing(_ path: String) -> VTXError {
        .writing(path, operation: operation, errno: code, words: words)
    }
}

extension VTXError {
    /// The error about reading a file that an errno stands for.
    ///
    /// - Parameters:
    ///   - operation: what was attempted.
    ///   - errno: 0 if the system had no part in it.
    ///   - words: the system's or a library's own words.
    ///   - kind: for failures that are not about the file as a whole.
    package static func reading(
        _ path: String, operation: String, errno: Int32, words: String, kind: Kind, remedy: Remedy?
    ) -> VTXError {
        switch errno {
        case ENOENT, ENOTDIR: VTXError(.noInput, "cannot open \(path)", cause: words, remedy: "check the name")
        case ELOOP, ENAMETOOLONG:
            VTXError(.noInput, "cannot open \(path)", cause: words, remedy: "check the name and where links lead")
        case EACCES: VTXError(.noInput, "cannot open \(path)", cause: words, remedy: "check its permissions")
        case EIO: VTXError(.inputOutput, "cannot read \(path)", cause: words, remedy: remedy)
        case ENOMEM: VTXError(.inputOutput, "\(path): cannot \(operation)", cause: words, remedy: remedy)
        default: VTXError(kind, "\(path): cannot \(operation)", cause: words, remedy: remedy)
        }
    }

    /// The error about writing a file that an errno stands for; parameters as in `reading`.
    package static func writing(_ path: String, operation: String, errno: Int32, words: String) -> VTXError {
        switch errno {
        case ENOSPC:
            VTXError(
                .inputOutput, "cannot write \(path)", cause: words,
                remedy: "free space on that disk, or choose another output")
        case EIO, EDQUOT, EFBIG:
            VTXError(
                .inputOutput, "cannot write \(path)", cause: words,
                remedy: "check the disk, or choose another output")
        case EPIPE:
            VTXError(
                .inputOutput, "cannot write to \(path)", cause: words,
                remedy: "the program that was reading it has ended")
        case EPERM, ENOENT, EACCES, EEXIST, ENOTDIR, EISDIR, EROFS, ENAMETOOLONG:
            VTXError(
                .cannotCreate, "cannot create \(path)", cause: words,
                remedy: "check that its folder exists and can be written to")
        default: VTXError(.inputOutput, "\(path): cannot \(operation)", cause: words)
        }
    }
}
