// What an interrupted job leaves behind, and the next run of the same command takes up.
//
//     .NAME.vtx-chunks/
//     ├── lock      held by the process at work
//     ├── job       what is being made of what: it must be the same to go on
//     ├── output    the file that is being written (a transcode's)
//     └── chunks/   finished pieces (ChunkStore)

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import Glibc
import LibAV
import VTXModel
import VTXPipeline
import VTXSystem

/// What a job found when it began.
public struct Resumption: Hashable, Codable, Sendable {
    /// Why what was there is not used; `nil` if it is.
    public var discarded: String?
    /// Bytes of finished chunks that are used.
    public var bytes: Int64
    /// How much of the work is done, from 0 to 1; `nil` if the source does not say how long it is.
    public var fraction: Double?
}

/// What must be the same for two runs to be parts of one job.
private struct JobIdentity<Plan: Codable & Equatable>: Codable, Equatable {
    /// vtx and the libraries it runs on.
    var version: String
    var source: SourceIdentity
    var plan: Plan
}

/// A file, as far as one can tell without reading all of it.
private struct SourceIdentity: Codable, Equatable {
    var size: Int64
    /// Nanoseconds since 1970.
    var modified: Int64
    /// Checksum of the first and the last 64 KiB.
    var checksum: UInt32

    init(_ path: String) throws(VTXError) {
        let file = try File(path, for: .reading)
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

/// The directory in which a job keeps what it has done; one process at a time works in it.
final class Workspace {
    static let suffix = ".vtx-chunks"
    let path: String
    private let destination: String
    private var lock: FileLock?
    private var isUsed = false
    private(set) var store: ChunkStore?
    private var encoded: [String] = []

    /// Makes the directory, or finds it, and locks it.
    ///
    /// - Parameter destination: what the job makes; resolved, without a slash at its end.
    /// - Throws: `.cannotCreate` if another process works on it.
    init(for destination: String) throws(VTXError) {
        self.destination = destination
        path = hiddenName(beside: destination, ".NAME" + Self.suffix)
        Cleanup.shared.add(path)
        // Whoever held the lock may have removed the directory just now.
        for _ in 0..<10 {
            do throws(VTXError) { try makeDirectory(path, mode: 0o700, mayExist: true) } catch {
                Cleanup.shared.remove(path)
                throw error
            }
            let lock: FileLock
            do throws(SystemFailure) { lock = try FileLock("\(path)/lock", .file(mode: 0o600)) } catch {
                if error.code == ENOENT { continue }
                throw error.writing("\(path)/lock")
            }
            guard (try? lock.take()) ?? false else {
                Cleanup.shared.remove(path)
                throw VTXError(
                    .cannotCreate, "another vtx is making \(destination)",
                    remedy: "wait for it, or choose another name with -o")
            }
            if lock.isCurrent {
                self.lock = lock
                break
            }
        }
        guard lock != nil else { throw VTXError(.cannotCreate, "\(path) does not stay", remedy: "try again") }
        if FileStatus("\(path)/job") != nil { Cleanup.shared.remove(path) }
        removeAbandonedPackages(beside: destination)
    }

    deinit {
        if lock != nil, !isUsed, entries(of: path) == ["lock"] { remove() }
    }

    /// Takes up what an earlier run of the same job has done, or begins anew.
    ///
    /// - Parameters:
    ///   - plan: what is being made of the file `input`.
    ///   - streams: all that is kept of a chunk; `encoded` is what took time.
    ///   - fresh: begins anew in any case.
    ///   - fraction: how much of the work is there, from 0 to 1, if that can be told.
    /// - Returns: what was found; `nil` if there was nothing.
    func open<Plan: Codable & Equatable>(
        _ plan: Plan, of input: String, streams: [String], encoded: [String], fresh: Bool,
        fraction: (ChunkStore) -> Double?
    ) throws -> Resumption? {
        let identity = JobIdentity(version: BuildInfo.banner, source: try SourceIdentity(input), plan: plan)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let found = readFile("\(path)/job")
        let reason = found.map { fresh ? "--fresh was given" : difference($0, identity) } ?? nil
        isUsed = true
        if found == nil || reason != nil {
            removeTree("\(path)/chunks")
            try replaceFile(
                Array(try encoder.encode(identity)), at: "\(path)/job", mode: 0o600, temporary: "\(path)/job.new")
        }
        let store = try ChunkStore(directory: "\(path)/chunks", streams: streams)
        self.store = store
        self.encoded = encoded
        Cleanup.shared.add(path) { encoded.contains { !store.summaries(of: $0).isEmpty } }
        if let reason { return Resumption(discarded: reason, bytes: 0) }
        guard found != nil, hasWork else { return nil }
        return Resumption(bytes: store.bytes, fraction: fraction(store))
    }

    /// Whether something is finished that took time.
    var hasWork: Bool { encoded.contains { !(store?.summaries(of: $0).isEmpty ?? true) } }

    /// What is different; `nil` if nothing is.
    private func difference<Plan>(_ bytes: [UInt8], _ identity: JobIdentity<Plan>) -> String? {
        guard let old = try? JSONDecoder().decode(JobIdentity<Plan>.self, from: Data(bytes)) else {
            return "it was made by another version of vtx"
        }
        if old.version != identity.version { return "it was made by another version of vtx or of its libraries" }
        if old.source != identity.source { return "the source has changed since" }
        return old.plan == identity.plan ? nil : "the options are others"
    }

    /// Leaves the directory to a later run if that has a use for it.
    func keep(after failure: VTXError) {
        guard hasWork, [.interrupted, .terminated, .inputOutput].contains(failure.kind) else { return remove() }
        Cleanup.shared.remove(path)
        Cleanup.shared.kept = path
    }

    func remove() {
        removeTree(path)
        Cleanup.shared.remove(path)
    }
}

/// How much space a job needs, if that is what it lacks.
///
/// - Parameters:
///   - fraction: how much of the work was done when it failed, from 0 to 1.
///   - bytes: of outputs so far.
func spaceRemedy(_ failure: VTXError, workspace: Workspace?, fraction: Double?, bytes: Int64?) -> Remedy? {
    guard failure.cause?.description == SystemFailure("", errno: ENOSPC).words else { return nil }
    let goesOn = workspace?.hasWork ?? false ? "; the same command then goes on from here" : ""
    guard let bytes, let fraction, fraction > 0.02 else {
        return "free space on that disk, or write elsewhere with -o\(goesOn)"
    }
    let whole = Int64(Double(bytes) / fraction)
    guard let store = workspace?.store else { return "about \(megabytes(whole)) are needed" }
    // Chunks and output stand beside each other until the end; the output of this run is gone by then.
    let needed = max(0, whole - store.bytes) + whole
    return "about \(megabytes(needed)) are needed, chunks and output together\(goesOn)"
}

private func megabytes(_ bytes: Int64) -> String { "\((bytes + 999_999) / 1_000_000) MB" }
