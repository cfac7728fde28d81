// What an interrupted job leaves behind, and the next run of the same job resumes from.
//
//     .NAME.vtx-chunks/
//     ├── lock      held by the process at work
//     ├── job       what is being made of what: must be the same to resume
//     ├── output    the file that is being written (of a transcode)
//     └── chunks/   finished chunks (ChunkStore)

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

/// The directory in which a job keeps what it has done; one process at a time works in it.
final class Workspace {
    let path: String
    private let destination: String
    private let cleanup: Cleanup
    private var lock: FileLock?
    private var isUsed = false
    private(set) var store: ChunkStore?
    private var encoded: [String] = []

    /// Makes the directory, or finds it, and locks it.
    ///
    /// - Parameter destination: what the job makes; resolved, without a slash at its end.
    /// - Throws: `.cannotCreate` if another process works on it.
    init(for destination: String, cleanup: Cleanup) throws(VTXError) {
        self.cleanup = cleanup
        self.destination = destination
        path = hiddenName(beside: destination, ".NAME" + workspaceSuffix)
        cleanup.add(path)
        // Whoever held the lock may have removed the directory just now.
        for _ in 0..<10 {
            do throws(VTXError) { try makeDirectory(path, mode: 0o700, mayExist: true) } catch {
                cleanup.remove(path)
                throw error
            }
            let lock: FileLock
            do throws(SystemFailure) { lock = try FileLock("\(path)/lock", .file(mode: 0o600)) } catch {
                if error.code == ENOENT { continue }
                throw error.writing("\(path)/lock")
            }
            guard (try? lock.take()) ?? false else {
                cleanup.remove(path)
                throw VTXError(
                    .cannotCreate, "another vtx is making \(destination)",
                    remedy: "wait for it, or choose another name for the output")
            }
            if lock.isCurrent {
                self.lock = lock
                break
            }
        }
        guard lock != nil else {
            throw VTXError(.cannotCreate, "\(path) is removed again and again", remedy: "try again")
        }
        if FileStatus("\(path)/job") != nil { cleanup.remove(path) }
        removeAbandonedPackages(beside: destination)
    }

    deinit {
        if lock != nil, !isUsed, entries(of: path) == ["lock"] { remove() }
    }

    /// Resumes what an earlier run of the same job has done, or starts over.
    ///
    /// - Parameters:
    ///   - plan: what is being made of the files `sources`, of which the first is the video's.
    ///   - streams: all that is kept of a chunk; `encoded` is what took time.
    ///   - startsOver: whether the earlier run's work is discarded in any case.
    ///   - fraction: how much of the work is done, from 0 to 1; `nil` if it is not known.
    /// - Returns: what was found; `nil` if there was nothing.
    func open<Plan: Codable & Equatable>(
        _ plan: Plan, of sources: [String], streams: [String], encoded: [String], startsOver: Bool,
        fraction: (ChunkStore) -> Double?
    ) throws -> Resumption? {
        let identities = try sources.map { path throws(VTXError) in try SourceIdentity(path) }
        let identity = JobIdentity(version: BuildInfo.banner, sources: identities, plan: plan)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let found = readFile("\(path)/job")
        let reason = found.map { startsOver ? "starting over was asked for" : identity.difference(from: $0) } ?? nil
        isUsed = true
        if found == nil || reason != nil {
            removeTree("\(path)/chunks")
            try replaceFile(
                Array(try encoder.encode(identity)), at: "\(path)/job", mode: 0o600, temporary: "\(path)/job.new")
        }
        let store = try ChunkStore(directory: "\(path)/chunks", streams: streams)
        self.store = store
        self.encoded = encoded
        cleanup.add(path) { encoded.contains { !store.summaries(of: $0).isEmpty } }
        if let reason { return Resumption(discarded: reason, bytes: 0) }
        guard found != nil, hasWork else { return nil }
        return Resumption(bytes: store.bytes, fraction: fraction(store)?.rounded(places: 5))
    }

    /// Whether something is finished that took time.
    var hasWork: Bool { encoded.contains { !(store?.summaries(of: $0).isEmpty ?? true) } }

    /// Leaves the directory to a later run if that has a use for it.
    func keep(after failure: VTXError) {
        guard hasWork, [.interrupted, .terminated, .inputOutput].contains(failure.kind) else { return remove() }
        cleanup.remove(path)
        cleanup.kept = path
    }

    func remove() {
        removeTree(path)
        cleanup.remove(path)
    }
}
