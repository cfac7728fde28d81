// What must be the same for a run to resume an earlier one.

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import Glibc
import LibAV
import VTXModel
import VTXPipeline

/// What must be the same for two runs to be parts of one job.
struct JobIdentity<Plan: Codable & Equatable>: Codable, Equatable {
    /// vtx and the libraries it runs on.
    var version: String
    var source: SourceIdentity
    var plan: Plan

    /// How an earlier run differs from this one, in words; `nil` if it does not.
    ///
    /// - Parameter bytes: the earlier run's identity, as JSON.
    func difference(from bytes: [UInt8]) -> String? {
        guard let old = try? JSONDecoder().decode(Self.self, from: Data(bytes)) else {
            return "it was made by another version of vtx"
        }
        if old.version != version { return "it was made by another version of vtx or of its libraries" }
        if old.source != source { return "the source has changed" }
        return old.plan == plan ? nil : "the options have changed"
    }
}

/// What identifies a source without reading all of it.
struct SourceIdentity: Codable, Equatable {
    var size: Int64
    /// Nanoseconds since 1970.
    var modified: Int64
    /// Checksum of the first and the last 64 KiB.
    var checksum: UInt32

    init(_ path: String) throws(VTXError) {
        var status = stat()
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0, fstat(file, &status) == 0 else {
            throw AVFailure(operation: "open", errno: errno).reading(path)
        }
        defer { close(file) }
        size = Int64(status.st_size)
        modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        let length = 1 << 16
        var sum = Checksum()
        for offset in [0, max(0, size - Int64(length))] {
            var bytes = [UInt8](repeating: 0, count: length)
            let count = bytes.withUnsafeMutableBytes { pread(file, $0.baseAddress!, length, off_t(offset)) }
            if count < 0 { throw AVFailure(operation: "read", errno: errno).reading(path) }
            bytes.withUnsafeBytes { sum.add(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
        checksum = sum.value
    }
}
