// What must be the same for a run to resume an earlier one.

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import LibAV
import VTXModel
import VTXSystem

/// What must be the same for two runs to be parts of one job.
struct JobIdentity<Plan: Codable & Equatable>: Codable, Equatable {
    /// vtx and the libraries it runs on.
    var version: String
    /// The source, then the other files that the outputs are made of.
    var sources: [SourceIdentity]
    var plan: Plan

    /// How an earlier run differs from this one, in words; `nil` if it does not.
    ///
    /// - Parameter bytes: the earlier run's identity, as JSON.
    func difference(from bytes: [UInt8]) -> String? {
        guard let old = try? JSONDecoder().decode(Self.self, from: Data(bytes)) else {
            return "it was made by another version of vtx"
        }
        if old.version != version { return "it was made by another version of vtx or of its libraries" }
        if old.sources.first != sources.first { return "the source has changed" }
        if old.sources != sources { return "another file of the job has changed" }
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
        let file = try File(path, for: .reading, readingFault: .badMedia)
        guard let status = file.status else { throw SystemFailure("open").reading(path) }
        size = status.size
        modified = status.identity.modified
        let length = 1 << 16
        var sum = Checksum()
        for offset in [0, max(0, size - Int64(length))] {
            try file.read(at: offset, count: length).withUnsafeBytes { sum.add($0) }
        }
        checksum = sum.value
    }
}
