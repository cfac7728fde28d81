// Files that appear or change while a batch watches its source directory.

import VTXModel
import VTXSystem

extension BatchState {
    /// Whether a file is not what it was when it was last dealt with.
    private func isNews(_ file: Candidate) -> Bool {
        dealtWith[file.path].map { !$0.hasSameContents(as: file.identity) } ?? true
    }

    /// Whether a worker is still busy with what the file was before. Two on one output would collide.
    private func isUnderWay(_ file: Candidate) -> Bool {
        runningMakes.contains { ExactName($0.item.source.path) == ExactName(file.path) }
    }

    /// Lets the watcher look at a file until it is complete.
    private mutating func expect(_ file: Candidate) {
        changing.insert(ExactName(file.path))
        actions.append(.expect(file.path))
    }

    /// The whole tree was walked again, because a folder has come or the system has lost events.
    mutating func walked(_ files: [Candidate]) {
        for file in files where isNews(file) { expect(file) }
    }

    /// Files have become complete.
    mutating func complete(_ files: [Candidate]) {
        guard !isStopping else { return }
        var taken: [Candidate] = []
        for file in files where isNews(file) {
            if isUnderWay(file) { expect(file) } else { taken.append(file) }
        }
        for file in taken { dealtWith[file.path] = file.identity }
        let wanted = taken.filter { !settings.settings(for: SplitPath($0.path).folder).isSkipped }
        let paths = Set(wanted.map { ExactName($0.path) })
        rows.removeAll { paths.contains($0.source) }
        probe(wanted)
    }

    /// A file that has appeared has a name for its output.
    mutating func appeared(_ item: Item) {
        // It may have changed while it was probed, and a later probe was faster.
        _ = queue.remove { ExactName($0.source.path) == ExactName(item.source.path) }
        if isUnderWay(item.source) {
            dealtWith[item.source.path] = nil
            return expect(item.source)
        }
        if let owner = owners[item.output], ExactName(owner) != ExactName(item.source.path) {
            let error = VTXError(
                .cannotCreate, "output name collision: \(item.output) is already the output of \(owner)",
                remedy: .set(.nameTemplate, to: "'{stem}-{ext}'"))
            return add(
                failedRow(item.source, rules.failure(error), duration: item.facts?.duration, output: item.output))
        }
        owners[item.output] = item.source.path
        inspect([item])
    }

    /// Takes items out of the queue whose files are changing. They come back when they are complete.
    mutating func dropChangingItems() {
        guard !changing.isEmpty else { return }
        let changing = changing
        for item in queue.remove(where: { changing.contains($0.source.path) }) { dealtWith[item.source.path] = nil }
    }

    /// Tells once when nothing is left to do for now.
    mutating func noteIdleness() {
        guard phase == .watching, !isStopping else { return }
        let isIdle =
            !running.values.contains(where: \.isWorker) && queue.isEmpty && looks.isEmpty && undecided.isEmpty
            && awaited == 0 && finishing.isEmpty && changing.isEmpty
        if isIdle, !wasIdle { tell(.idle) }
        wasIdle = isIdle
    }
}
