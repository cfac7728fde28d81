// Which of a source's tags the output has.

import VTXModel

/// The tags of a file; those that its container has no place for are noted.
///
/// What a camera says (place, make, model, date) gets its common name beside QuickTime's and, in MP4 and MOV, the other
/// way round: no player reads both.
///
/// - Parameters:
///   - isEncoded: whether audio is; what says where its samples begin is left out then.
///   - isLevelled: whether its loudness is changed; what says how loud it was is left out then.
///   - hasTitles: whether tracks have titles.
func planTags(
    of source: MediaDescription, for container: Container, isEncoded: Bool, isLevelled: Bool,
    options: TagOptions = TagOptions(), hasTitles: Bool = false
) -> Decided<[String: String]> {
    var tags = sourceTags(of: source).filter { tag in
        let name = tag.key.lowercased()
        return !(isEncoded && gaplessTags.contains(name) || isLevelled && loudnessTags.contains(where: name.hasPrefix))
    }
    let changes = options.change(&tags, titles: hasTitles)
    for alias in TagAlias.all + [.creationDate] {
        if let value = tags.value(of: alias.quickTime), tags.value(of: alias.common) == nil {
            tags[alias.common] = value
        }
    }
    if container.isISO {
        for alias in TagAlias.all {
            if let value = tags.value(of: alias.common) { tags.set(value, of: alias.quickTime) }
        }
    }
    let kept = tags.filter { container.holds(tag: $0.key) }
    let names = Set(tags.keys.map { $0.lowercased() })
    let dropped = tags.keys.filter { name in
        // What is kept by another name is not lost.
        let twin = (TagAlias.all + [.creationDate]).first { $0.quickTime.lowercased() == name.lowercased() }?.common
        return kept[name] == nil && !(twin.map { names.contains($0) && container.holds(tag: $0) } ?? false)
            && !isRepeated(name, in: tags)
    }
    guard !dropped.isEmpty else { return Decided(value: kept, decisions: changes) }
    return Decided(value: kept, decisions: changes + [.output(.droppedTags(dropped.sorted(), container))])
}

/// What a package is called: the title of the first source that has one, as one line.
func packageTitle(of sources: [MediaDescription]) -> String? {
    for source in sources {
        let words = sourceTags(of: source).value(of: "title")?.split(whereSeparator: \.isWhitespace).map { word in
            String(String.UnicodeScalarView(word.unicodeScalars.filter { $0.properties.generalCategory != .control }))
        }
        if let title = words?.filter({ !$0.isEmpty }).joined(separator: " "), !title.isEmpty {
            return String(title.unicodeScalars.prefix(titleLimit))
        }
    }
    return nil
}

/// Unicode scalars of a title; more is a description.
private let titleLimit = 250

/// Tags of the source that a package does not have: it is made to be public, and places and devices are private.
func tagsNotPackaged(of sources: [MediaDescription]) -> [Decision] {
    var names: Set<String> = []
    for source in sources {
        let tags = sourceTags(of: source)
        names.formUnion(
            tags.keys.filter { !["creation_time", "title"].contains($0.lowercased()) && !isRepeated($0, in: tags) })
    }
    return names.isEmpty ? [] : [.output(.tagsNotPackaged(names.sorted()))]
}

/// The source's tags without those that describe its container.
private func sourceTags(of source: MediaDescription) -> [String: String] {
    var tags = source.metadata
    // Ogg has the tags of a file in its stream.
    if source.format == "ogg", let stream = source.streams.first {
        tags.merge(stream.metadata) { own, _ in own }
        if let title = stream.title { tags["title"] = title }
    }
    return tags.filter { !containerKeys.contains($0.key.lowercased()) }
}

/// `title-eng` beside `title`: libav repeats a tag that has a language.
func isRepeated(_ name: String, in tags: [String: String]) -> Bool {
    let parts = name.split(separator: "-")
    return parts.count == 2 && parts[1].utf8.count == 3 && tags[String(parts[0])] == tags[name]
}

extension [String: String] {
    /// The value of a name in any case: Matroska has capitals only.
    fileprivate func value(of name: String) -> String? {
        self[name] ?? first { $0.key.lowercased() == name.lowercased() }?.value
    }

    fileprivate mutating func set(_ value: String, of name: String) {
        for key in keys where key.lowercased() == name.lowercased() { self[key] = nil }
        self[name] = value
    }
}

/// Samples before the first one and after the last one, as iTunes writes them.
private let gaplessTags: Set = ["itunsmpb"]
/// Gains that players apply: ReplayGain, that of Opus, and Sound Check.
private let loudnessTags = ["replaygain_", "r128_", "itunnorm"]

private let containerKeys: Set = [
    "major_brand", "minor_version", "compatible_brands", "encoder", "duration", "totalduration",
    "number_of_frames", "number_of_bytes", "bps", "metadatacreator", "hasvideo", "hasaudio",
    "hasmetadata", "haskeyframes", "canseektoend", "filesize", "framerate", "width", "height",
    "handler_name", "vendor_id", "videodatarate", "audiodatarate", "datasize", "lasttimestamp", "lastkeyframetimestamp",
    // MXF's own identification, and the program that wrote an AVI.
    "uid", "generation_uid", "company_name", "product_name", "product_version", "product_version_num", "product_uid",
    "toolkit_version_num", "application_platform", "modification_date", "material_package_umid", "file_package_umid",
    "operational_pattern_ul", "software",
    "_statistics_tags", "_statistics_writing_app", "_statistics_writing_date_utc",
]
