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

/// The directory in which a job keeps what it has done; one process at a time works in it.
final class Workspace {
    let path: String
    private let destination: String
    private let cleanup: Cleanup
    private var lock: Int32 = -1
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
            guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
                let failure = AVFailure(operation: "create", errno: errno)
                cleanup.remove(path)
                throw failure.writing(path)
            }
            let file = Glibc.open("\(path)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            if file < 0 {
                if errno == ENOENT { continue }
                throw AVFailure(operation: "create", errno: errno).writing("\(path)/lock")
            }
            guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
                close(file)
                cleanup.remove(path)
                throw VTXError(
                    .cannotCreate, "another vtx is making \(destination)",
                    remedy: "wait for it, or choose another name for the output")
            }
            if let held = FileStatus(descriptor: file), let found = FileStatus("\(path)/lock"),
                held.isSameFile(as: found)
            {
                lock = file
                break
            }
            close(file)
        }
        guard lock >= 0 else {
            throw VTXError(.cannotCreate, "\(path) is removed again and again", remedy: "try again")
        }
        if FileStatus("\(path)/job") != nil { cleanup.remove(path) }
        removeAbandonedPackages(beside: destination)
    }

    deinit {
        guard lock >= 0 else { return }
        if !isUsed, entries(of: path) == ["lock"] { remove() }
        close(lock)
    }

    /// Resumes what an earlier run of the same job has done, or starts over.
    ///
    /// - Parameters:
    ///   - plan: what is being made of the file `input`.
    ///   - streams: all that is kept of a chunk; `encoded` is what took time.
    ///   - startsOver: whether the earlier run's work is discarded in any case.
    ///   - fraction: how much of the work is done, from 0 to 1; `nil` if it is not known.
    /// - Returns: what was found; `nil` if there was nothing.
    func open<Plan: Codable & Equatable>(
        _ plan: Plan, of input: String, streams: [String], encoded: [String], startsOver: Bool,
        fraction: (ChunkStore) -> Double?
    ) throws -> Resumption? {
        let identity = JobIdentity(version: BuildInfo.banner, source: try SourceIdentity(input), plan: plan)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let found = readFile("\(path)/job")
        let reason = found.map { startsOver ? "starting over was asked for" : identity.difference(from: $0) } ?? nil
        isUsed = true
        if found == nil || reason != nil {
            removeTree("\(path)/chunks")
            try writeFile(Array(try encoder.encode(identity)), to: "\(path)/job.new", mode: 0o600)
            guard rename("\(path)/job.new", "\(path)/job") == 0 else {
                throw AVFailure(operation: "rename", errno: errno).writing("\(path)/job")
            }
        }
        let store = try ChunkStore(directory: "\(path)/chunks", streams: streams)
        self.store = store
        self.encoded = encoded
        cleanup.add(path) { encoded.contains { !store.summaries(of: $0).isEmpty } }
        if let reason { return Resumption(discarded: reason, bytes: 0) }
        guard found != nil, hasWork else { return nil }
        return Resumption(bytes: store.bytes, fraction: fraction(store))
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
