// A libav call that failed: its code, its words, and what was being done.
//
// Which file, which exit status and what to try is known higher up, where this becomes a VTXError.

import CLibAV
import Glibc
package import VTXModel
import VTXSystem

/// A negative return code of libav.
package struct AVFailure: Error, Hashable, Sendable {
    /// What was attempted: lower case, without the file's name.
    package var operation: String
    package var code: Int32
    /// libav's text for the code, and what it logged just before if that says more.
    package var words: String
    /// What to try, where this is known already here.
    package var remedy: Remedy?
    /// What failed.
    package var origin = Origin.library

    /// What a failure is about.
    package enum Origin: Hashable, Sendable {
        /// libav's own work: reading, decoding, encoding, or making what is written.
        case library
        /// The output's name, which the system does not take.
        case name
        /// The output's bytes, which the system does not take.
        case file
    }

    /// The errno inside the code; 0 for libav's own codes.
    package var errno: Int32 { vtx_errno_of(code) }
    package var isInterrupt: Bool { code == vtx_error_interrupted }
    /// Whether libav does not implement what the file uses; the file itself may be valid.
    package var isNotImplemented: Bool { code == vtx_error_not_implemented }

    /// Whether libav has no place for what it was to write: neither the disk nor the file's name has a part in it.
    private var isRefusal: Bool {
        origin == .library && (errno == EINVAL || isNotImplemented || code == vtx_error_invalid_data)
    }

    init(_ operation: String, _ code: Int32, remedy: Remedy? = nil) {
        self.operation = operation
        self.remedy = remedy
        self.code = code
        let text = errorText(code)
        if let logged = takeLoggedError(), logged != text {
            words = Self.tellLittle.contains(code) ? logged : "\(text) (\(logged))"
        } else {
            words = text
        }
    }

    /// Codes that say less than what libav logs with them.
    private static let tellLittle = [
        vtx_error_external, vtx_error_invalid_data, vtx_error_not_implemented, vtx_error_from_errno(EINVAL),
        vtx_error_from_errno(ENOSYS),
    ]

    /// A failure of the system, which libav logs nothing about.
    init(_ operation: String, _ code: Int32, from origin: Origin) {
        self.operation = operation
        self.code = code
        self.origin = origin
        words = errorText(code)
    }

    package init(operation: String, errno number: Int32, from origin: Origin = .library) {
        self.init(operation, vtx_error_from_errno(number), from: origin)
    }
}

extension AVFailure {
    /// The failure as an error about reading `path`, or about reading anything if `kind` is given.
    package func reading(_ path: String, kind: VTXError.Kind = .badMedia, remedy: Remedy? = nil) -> VTXError {
        // A job that was asked to stop while it opens a file has found no fault in it.
        if isInterrupt { return VTXError(.interrupted, "interrupted while \(path) was read") }
        return .reading(
            path, operation: operation, errno: errno, words: words,
            kind: isNotImplemented ? .unavailable : kind, remedy: self.remedy ?? remedy)
    }

    /// The failure as an error about writing `path`.
    package func writing(_ path: String) -> VTXError {
        if origin == .name, errno == EINVAL {
            return VTXError(
                .cannotCreate, "cannot create \(path)", cause: words,
                remedy: "choose another name: that file system does not take every character")
        }
        guard isRefusal else { return .writing(path, operation: operation, errno: errno, words: words) }
        return VTXError(
            .unavailable, "\(path): cannot \(operation)", cause: words,
            remedy: "choose another container; what was copied may have to be encoded")
    }
}

/// Throws if `code` is negative.
@discardableResult
func check(_ code: Int32, _ operation: @autoclosure () -> String) throws(AVFailure) -> Int32 {
    if code < 0 { throw AVFailure(operation(), code) }
    return code
}

/// An allocation that libav could not make.
func outOfMemory(_ operation: String) -> AVFailure { AVFailure(operation, vtx_error_no_memory) }

private func errorText(_ code: Int32) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
        guard av_strerror(code, buffer.baseAddress!, buffer.count) >= 0 else { return "libav gives no reason" }
        return String(cString: buffer.baseAddress!)
    }
}

private func takeLoggedError() -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1024) { buffer in
        guard vtx_log_take_error(buffer.baseAddress!, Int32(buffer.count)) > 0 else { return nil }
        let line = String(cString: buffer.baseAddress!)
        // "[mov,mp4 @ 0x55d5] moov atom not found": the address says nothing to anybody.
        guard line.hasPrefix("["), let end = line.firstIndex(of: "]") else { return line }
        return String(line[line.index(after: end)...].drop(while: { $0 == " " }))
    }
}
