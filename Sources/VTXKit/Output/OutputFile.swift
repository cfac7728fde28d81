// A finished output or none: written beside its destination, renamed when it is complete.

import Glibc
import LibAV
import VTXModel
import VTXPipeline
import VTXSystem

/// An output that is not there yet.
final class OutputFile: TranscodeOutput {
    let path: String
    var name: String { path }
    var target: OutputTarget { .file(temporary) }
    var size: Int64 { FileStatus(temporary)?.size ?? 0 }
    /// Where it is written meanwhile: hidden, in the same folder, so that renaming is one step.
    private(set) var temporary: String
    /// Further files of the job that must not stay.
    private var scratch: [String] = []
    private let mayReplace: Bool
    private let cleanup: Cleanup
    private var isPublished = false

    /// - Parameters:
    ///   - inputs: all files that the job reads.
    ///   - cleanup: what the process removes if it has to end at once.
    /// - Throws: `.cannotCreate` if it exists and may not be replaced, if it is an input, or if its folder
    ///   cannot be written to.
    init(_ path: String, inputs: [String], mayReplace: Bool, cleanup: Cleanup) throws(VTXError) {
        self.cleanup = cleanup
        self.path = path
        self.mayReplace = mayReplace
        let place = SplitPath(path)
        temporary = unfinishedName(of: path)
        if let existing = FileStatus(path) {
            if let same = inputs.firstIndex(where: { FileStatus($0)?.isSameFile(as: existing) ?? false }) {
                throw VTXError(
                    .cannotCreate, "cannot write \(path)",
                    cause: same == 0 ? "it is the input" : "it is a file that is read",
                    remedy: "choose another name with -o")
            }
            if existing.kind == .directory {
                throw VTXError(
                    .cannotCreate, "cannot write \(path)", cause: "it is a directory", remedy: "add a file name")
            }
            if existing.kind == .other {
                throw VTXError(.cannotCreate, "cannot write \(path)", cause: "it is not a regular file")
            }
            if !mayReplace {
                throw VTXError(
                    .cannotCreate, "\(path) exists", remedy: .overwrite)
            }
        }
        // The system's limit; renaming would fail after all the work.
        if place.name.utf8.count > 255 { throw SystemFailure("create", errno: ENAMETOOLONG).writing(path) }
        guard let status = FileStatus(place.directory) else {
            throw SystemFailure("create").writing(path)
        }
        if status.kind != .directory { throw SystemFailure("create", errno: ENOTDIR).writing(path) }
        if access(place.directory, W_OK | X_OK) != 0 {
            throw SystemFailure("create").writing(path)
        }
        cleanup.add(temporary)
    }

    deinit { discard() }

    /// Has it written in a directory of the job's own instead, which stands on the same disk.
    func move(into directory: String) {
        cleanup.remove(temporary)
        temporary = directory + "/output"
        unlink(temporary)
        cleanup.add(temporary)
    }

    /// A name for a file of the job's own, removed with it.
    func scratchFile(_ suffix: String) -> String {
        let name = temporary + suffix
        scratch.append(name)
        cleanup.add(name)
        return name
    }

    /// Removes everything that has not been published.
    func discard() {
        for name in scratch + (isPublished ? [] : [temporary]) {
            unlink(name)
            cleanup.remove(name)
        }
        scratch = []
    }

    /// Gives the file its name, in one step.
    func publish() throws(VTXError) {
        if !mayReplace {
            // link fails if the name has been taken meanwhile; not every file system has it.
            if link(temporary, path) == 0 {
                unlink(temporary)
                return finish()
            }
            if errno == EEXIST {
                throw VTXError(.cannotCreate, "\(path) exists", remedy: .overwrite)
            }
        }
        try renameFile(temporary, to: path)
        finish()
    }

    private func finish() {
        isPublished = true
        cleanup.remove(temporary)
    }
}
