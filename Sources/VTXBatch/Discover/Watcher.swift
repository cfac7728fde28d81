// Learns of files that appear or change, and reports them when they are complete.
//
// A file is complete when nobody has it open for writing and its size and time have stood still for a while. The
// first is asked of the kernel (a read lease); the second also covers file systems that cannot say.

import Glibc
import VTXModel
import VTXSystem

/// Watches the folders of a tree.
final class Watcher {
    private let walk: TreeWalk
    private let file: Int32
    private var folders: [Int32: String] = [:]
    /// Files that something has happened to: what they were then, and when.
    private var pending: [ExactName: (identity: FileIdentity, since: Double)] = [:]
    /// Set if the kernel has lost events, or a folder has come: everything has to be walked.
    private(set) var needsWalk = false
    /// A folder that cannot be watched: the system's limit, or no permission.
    private var problem: Message?
    private var isProblemTold = false

    init(_ walk: TreeWalk, on reactor: Reactor) throws(VTXError) {
        self.walk = walk
        file = inotify_init1(Int32(O_CLOEXEC | O_NONBLOCK))
        guard file >= 0 else {
            throw VTXError(.inputOutput, "cannot watch \(walk.root)", cause: String(cString: strerror(errno)))
        }
        watchFolders()
        reactor.watch(file) { [unowned self] in read() }
    }

    deinit { close(file) }

    private func watchFolders() {
        let mask = UInt32(
            IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_MODIFY | IN_DELETE | IN_MOVED_FROM | IN_ATTRIB | IN_ONLYDIR)
        for folder in walk.run().folders {
            let path = folder.isEmpty ? walk.root : "\(walk.root)/\(folder)"
            let number = inotify_add_watch(file, path, mask)
            if number >= 0 {
                folders[number] = folder
            } else if errno != ENOENT, errno != ENOTDIR {
                problem = "\(path) cannot be watched: \(String(cString: strerror(errno)))"
            }
        }
    }

    private func read() {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let header = MemoryLayout<inotify_event>.size
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            guard count > 0 else { return }
            var offset = 0
            while offset + header <= count {
                let (number, mask, length) = buffer.withUnsafeBytes { bytes in
                    let event = bytes.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
                    return (event.wd, event.mask, Int(event.len))
                }
                let name = buffer[(offset + header)..<(offset + header + length)].prefix { $0 != 0 }
                offset += header + length
                take(number, mask, String(nameBytes: name))
            }
        }
    }

    private func take(_ number: Int32, _ mask: UInt32, _ name: String) {
        if mask & UInt32(IN_Q_OVERFLOW) != 0 || (mask & UInt32(IN_ISDIR) != 0 && !name.hasPrefix(".")) {
            needsWalk = true
            return
        }
        if mask & UInt32(IN_IGNORED) != 0 { folders[number] = nil }
        guard let folder = folders[number], !name.isEmpty else { return }
        let path = folder.isEmpty ? name : "\(folder)/\(name)"
        if mask & UInt32(IN_DELETE | IN_MOVED_FROM) != 0 { pending[path] = nil } else { expect(path) }
    }

    /// Looks at a file until it is complete.
    func expect(_ path: String) {
        guard let candidate = walk.admits(path) else { return }
        pending[path] = (candidate.identity, now())
    }

    /// Whether a file may still be on its way; then it is looked at again.
    func expectIfFresh(_ candidate: Candidate, settling: Double) -> Bool {
        let age = wallTime() - Double(candidate.identity.modified) / 1e9
        guard (0..<settling).contains(age) || isBeingWritten("\(walk.root)/\(candidate.path)") else {
            return false
        }
        expect(candidate.path)
        return true
    }

    /// Walks the whole tree again.
    ///
    /// - Returns: every file there is.
    func walkAgain() -> [Candidate] {
        needsWalk = false
        watchFolders()
        return walk.run().candidates
    }

    /// Files that have become complete.
    ///
    /// - Parameter settling: seconds without a change.
    func complete(settling: Double) -> [Candidate] {
        var found: [Candidate] = []
        for (path, entry) in pending where now() - entry.since >= settling {
            guard let candidate = walk.admits(path.text) else {
                pending[path] = nil
                continue
            }
            if candidate.identity != entry.identity || isBeingWritten("\(walk.root)/\(path.text)") {
                pending[path] = (candidate.identity, now())
            } else {
                pending[path] = nil
                if !walk.isPackaged(path.text) { found.append(candidate) }
            }
        }
        return found.sorted { $0.path < $1.path }
    }

    /// What people should know about folders that cannot be watched; `nil` after the first time.
    func takeProblem() -> Message? {
        defer { isProblemTold = true }
        return isProblemTold ? nil : problem
    }

    /// Files that are not complete.
    var changing: Set<ExactName> { Set(pending.keys) }
}
