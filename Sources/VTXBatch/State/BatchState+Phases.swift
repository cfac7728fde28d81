// What is started next, and when one phase of a batch gives way to the next.

import VTXModel

extension BatchState {
    /// Starts what there is room for; goes to the next phase when the present one has nothing left to do.
    mutating func advance() {
        while phase != .over {
            startLooks()
            startItems()
            startHooks()
            guard isSettled else { return }
            let before = phase
            goOn()
            if phase == before { return }
        }
    }

    /// Whether nothing runs and nothing waits that will still be run.
    private var isSettled: Bool {
        running.isEmpty && awaited == 0 && undecided.isEmpty && finishing.isEmpty && !(hooksGoOn && !hooks.isEmpty)
            && (isStopping || (looks.isEmpty && queue.isEmpty))
    }

    private mutating func goOn() {
        switch phase {
        case .waiting, .over: break
        case .probing: finishProbing()
        case .naming: finishNaming()
        case .estimating: finishEstimating()
        case .making: finishMaking()
        case .watching: if isStopping { end(.report) }
        case .thumbnails: end(.report)
        }
    }

    private mutating func finishProbing() {
        guard hooksGoOn else { return end(.report) }
        tell(.found(items: probed.count, skipped: skipped, unreadable: unreadable))
        phase = .naming
        for file in probed { name(file) }
    }

    private mutating func finishNaming() {
        guard hooksGoOn else { return end(.report) }
        named.sort { $0.source.path < $1.source.path }
        if named.isEmpty, rows.isEmpty, !rules.options.watches {
            return end(
                .failure(
                    VTXError(
                        .noInput, "no media below \(rules.options.source)",
                        cause: "skipped \(counted(skipped.total, "file or folder", "files and folders"))",
                        remedy: .check([.include, .exclude]))))
        }
        if let collision = collisionError(named) { return end(.failure(collision)) }
        for item in named { owners[item.output] = item.source.path }
        phase = rules.isDryRun ? .estimating : .making
        if rules.isDryRun { planRows() }
        if !named.isEmpty { inspect(named) }
        named = []
    }

    private func collisionError(_ items: [Item]) -> VTXError? {
        let found = collisions(items.map { ($0.source.path, $0.output) })
        guard let first = found.first else { return nil }
        let more = found.count > 1 ? ", and \(counted(found.count - 1, "more pair"))" : ""
        return VTXError(
            .cannotCreate,
            "output name collision: \(first.first) and \(first.second) would both be written to \(first.output)\(more)",
            cause: "nothing was started", remedy: .set(.nameTemplate, to: "'{stem}-{ext}'"))
    }

    private mutating func finishMaking() {
        guard hooksGoOn else { return end(.report) }
        if rules.options.watches, !isCutShort {
            phase = .watching
        } else if rules.options.wantsThumbnails, !isStopping {
            phase = .thumbnails
            findThumbnails()
        } else {
            end(.report)
        }
    }

    /// Ends the batch; a signal or a fatal error takes the place of any other end.
    mutating func end(_ way: BatchEnd) {
        if !hooksGoOn, !hooks.isEmpty {
            tell(
                .warning(
                    "\(.finishedCommand) was not run for \(hooks.count == 1 ? "the last file" : "the last \(hooks.count) files")"
                ))
            hooks = []
        }
        if !emptyFolders.isEmpty { actions.append(.removeEmptyFolders(emptyFolders.map(\.text).sorted())) }
        actions.append(.end(fatal.map { .failure($0) } ?? signalError.map { .failure($0) } ?? way))
        phase = .over
    }
}
