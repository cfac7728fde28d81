// Tags as they were asked for: of the file, and the titles and languages of its tracks.

import VTXModel

extension TagOptions {
    /// Changes the tags of a file.
    ///
    /// - Parameter tags: those of the source.
    /// - Returns: what is to be reported.
    func change(_ tags: inout [String: String], titles: Bool) -> [Decision] {
        var decisions: [Decision] = []
        if strips {
            let names = tags.keys.filter { !isRepeated($0, in: tags) }.sorted()
            decisions.append(.tags(.stripped(names, hasTitles: titles)))
            tags = [:]
        }
        var (set, removed, absent): ([String], [String], [String]) = ([], [], [])
        for change in changes where change.track == nil {
            let had = tags.remove(change.key)
            if !change.value.isEmpty {
                tags[change.key] = change.value
                set.append(change.key)
            } else if had {
                removed.append(change.key)
            } else {
                absent.append(change.key)
            }
        }
        if !set.isEmpty || !removed.isEmpty { decisions.append(.tags(.changed(set: set, removed: removed))) }
        if !absent.isEmpty, !strips { decisions.append(.tags(.absent(absent))) }
        return decisions
    }

    /// Changes the labels of the tracks of a plan.
    ///
    /// - Throws: `.usage` for a track that the output does not have.
    func label(_ plan: inout TranscodePlan) throws(VTXError) -> [Decision] {
        if strips {
            plan.video?.label.title = nil
            for index in plan.audio.indices { plan.audio[index].label.title = nil }
            for index in plan.subtitles.indices { plan.subtitles[index].label.title = nil }
        }
        // Ogg has one title, that of the file and of its track.
        let namesFile = changes.contains { $0.track == nil && $0.key.lowercased() == "title" }
        if namesFile, [.ogg, .opus].contains(plan.container) {
            for index in plan.audio.indices { plan.audio[index].label.title = nil }
        }
        var decisions: [Decision] = []
        for change in changes {
            guard let track = change.track else { continue }
            let count =
                switch track.kind {
                case .video: plan.video == nil ? 0 : 1
                case .audio: plan.audio.count
                default: plan.subtitles.count
                }
            let index = track.number - 1
            guard index < count else {
                throw VTXError(
                    .usage,
                    "\(.metadata): the output has \(counted(count, "\(track.kind.rawValue) track")), and not \(track.number)",
                    remedy: "tracks are counted from 1")
            }
            switch track.kind {
            case .video: try plan.video?.label.set(change, in: plan.container)
            case .audio: try plan.audio[index].label.set(change, in: plan.container)
            default: try plan.subtitles[index].label.set(change, in: plan.container)
            }
            decisions.append(.tags(.labelled(track: "\(track.kind.rawValue) \(track.number)", key: change.key)))
        }
        return decisions
    }
}

extension TrackLabel {
    fileprivate mutating func set(_ change: TagChange, in container: Container) throws(VTXError) {
        let value = change.value.isEmpty ? nil : change.value
        if change.key == "title" {
            title = value
            return
        }
        language = value.flatMap { writtenLanguage($0, in: container) }
        guard let value, value.lowercased() != "und" else { return }
        // Containers hold three letters: two that stand for nothing would be dropped.
        let primary = LanguageTag(value)?.primary ?? ""
        guard language == nil || primary.count == 2 && LanguageCode(primary) == nil else { return }
        throw VTXError(
            .usage, "'\(value)' is no language", remedy: "use a code of ISO 639, such as eng or de, or a BCP 47 tag")
    }
}

extension [String: String] {
    /// Removes a tag by any of its names, in any case: `title` also as `title-eng`, `location` also as QuickTime calls it.
    ///
    /// - Returns: whether it was there.
    fileprivate mutating func remove(_ name: String) -> Bool {
        let alias = (TagAlias.all + [.creationDate]).first {
            [$0.common, $0.quickTime.lowercased()].contains(name.lowercased())
        }
        let names = Set([name.lowercased(), alias?.common, alias?.quickTime].compactMap { $0?.lowercased() })
        let found = keys.filter { key in
            let key = key.lowercased()
            let parts = key.split(separator: "-")
            return names.contains(key)
                || (parts.count == 2 && parts[1].utf8.count == 3 && names.contains(String(parts[0])))
        }
        for key in found { self[key] = nil }
        return !found.isEmpty
    }
}
