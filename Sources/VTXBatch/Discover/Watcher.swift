// --watch: learns of files that appear, and takes them when they are complete.
//
// A file is complete when nobody has it open for writing and its size and time have stood still for a while. The
// first is asked of the kernel (a read lease); the second also covers file systems that cannot say.

import Glibc
import VTXKit
import VTXSystem
import VTXModel
import VTXSystem

/// Watches the folders of a tree.
final class Watcher {
    private let walk: TreeWalk
    private let file: Int32
    private var folders: [Int32: String] = [:]
    /// Files that something has happened to: what they were then, and when.
    private var pending: [String: (identity: FileIdentity, since: Double)] = [:]
    /// Set if the kernel has lost events, or a folder has come: everything has to be looked at.
    private(set) var needsWalk = false
    /// Folders that cannot be watched: the system's limit, or no permission.
    private(set) var problem: String?

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
                take(number, mask, String(validating: name, as: UTF8.self) ?? "")
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

    /// Discovery at a file until it is complete.
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

    /// Discovery at the whole tree again.
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
            guard let candidate = walk.admits(path) else {
                pending[path] = nil
                continue
            }
            if candidate.identity != entry.identity || isBeingWritten("\(walk.root)/\(path)") {
                pending[path] = (candidate.identity, now())
            } else {
                pending[path] = nil
                found.append(candidate)
            }
        }
        return found.sorted { $0.path < $1.path }
    }

    func isExpected(_ path: String) -> Bool { pending[path] != nil }

    var isWaiting: Bool { !pending.isEmpty }
}

extension Coordinator {
    /// Takes what appears until a signal comes.
    ///
    /// - Throws: `.interrupted` and `.terminated`: how a watch usually ends.
    func keepWatching(_ watcher: Watcher) throws(VTXError) {
        if let problem = watcher.problem { tell(.warning(problem)) }
        var wasIdle = false
        while !isStopping {
            turn(atMost: 0.25)
            if watcher.needsWalk {
                for candidate in watcher.walkAgain() where isNews(candidate) { watcher.expect(candidate.path) }
            }
            let news = watcher.complete(settling: options.settling).filter(isNews)
            take(news.filter { !isUnderWay($0, watcher) }, watcher)
            let isIdle = running.isEmpty && queue.isEmpty && looks.isEmpty && runningProbes == 0 && !watcher.isWaiting
            if isIdle, !wasIdle { tell(.idle) }
            wasIdle = isIdle
        }
        finish()
        try checkEnd()
    }

    /// Whether a file is not what it was when it was last dealt with.
    private func isNews(_ candidate: Candidate) -> Bool {
        dealtWith[candidate.path].map { !$0.hasSameContents(as: candidate.identity) } ?? true
    }

    /// Whether a worker is still busy with what the file was before. Two on one output would meet, so it is expected
    /// again.
    private func isUnderWay(_ candidate: Candidate, _ watcher: Watcher) -> Bool {
        guard running.values.contains(where: { $0.item.source.path == candidate.path }) else { return false }
        watcher.expect(candidate.path)
        return true
    }

    /// Takes items out of the queue whose files are being changed. They come back when they are complete.
    func dropUnsettledItems() {
        guard let watcher, watcher.isWaiting else { return }
        for item in queue.remove(where: { watcher.isExpected($0.source.path) }) {
            dealtWith[item.source.path] = nil
        }
    }

    private func take(_ candidates: [Candidate], _ watcher: Watcher) {
        for candidate in candidates { dealtWith[candidate.path] = candidate.identity }
        let wanted = candidates.filter { !settings.settings(for: splitPath($0.path).folder).isSkipped }
        let paths = Set(wanted.map(\.path))
        rows.removeAll { paths.contains($0.source) }
        probe(wanted) { [unowned self] probed in
            let settings = settings.settings(for: splitPath(probed.source.path).folder)
            if let failure = probed.failure {
                add(row(probed.source, failure: failure, duration: nil, isOld: probed.isOld))
            } else if settings.name.needsPlan {
                plan(probed.source, probed.facts, settings) { [unowned self] result in
                    switch result {
                    case .success(let facts): appeared(probed, settings, facts, watcher)
                    case .failure(let wrong):
                        add(row(probed.source, failure: wrong.failure, duration: probed.facts?.duration))
                    }
                }
            } else {
                appeared(probed, settings, nil, watcher)
            }
        }
    }

    private func appeared(_ probed: Probed, _ settings: ItemSettings, _ planned: PlanFacts?, _ watcher: Watcher) {
        // It has changed while it was looked at, and another look was faster.
        _ = queue.remove { $0.source.path == probed.source.path }
        if isUnderWay(probed.source, watcher) { return dealtWith[probed.source.path] = nil }
        guard let item = item(probed, settings, planned) else { return }
        if let owner = owners[item.output], owner != item.source.path {
            let failure = BatchFailure(
                .cannotCreate, "\(item.output) is the output of \(owner)",
                hint: "tell them apart: --name '{stem}-{ext}'")
            add(row(item.source, failure: failure, duration: item.facts?.duration, output: item.output))
            return
        }
        owners[item.output] = item.source.path
        enqueue([item], total: item.cost.work + queue.work + running.values.reduce(0) { $0 + $1.item.cost.work })
    }
}
