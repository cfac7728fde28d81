// What a file holds besides audio, video and subtitles: attachments, chapters, data.

import VTXModel

/// Cover art and fonts, where the target has a place for them: the streams to copy. The rest is noted as dropped, but for
/// cover art that gives way to what was asked for, or is written in another form (`planCover`).
func planAttachments(
    in context: TrackContext, hasVideo: Bool, options: TagOptions = TagOptions()
) -> Decided<[Int]> {
    let form = context.rules.container?.traits.coverForm
    let replacesCover = options.cover != nil || options.dropsCover
    var kept = Decided<[Int]>(value: [])
    for stream in context.source.programStreams {
        if stream.isCoverArt, replacesCover || (form != nil && form != .picture && stream.isWritableCover) {
            continue
        } else if stream.isCoverArt {
            if stream.video?.size.area ?? 0 <= 0 {
                kept.decisions.append(.output(.unreadableCoverArt(codec: stream.codec)))
            } else if context.rules.hasCoverArt, ["png", "mjpeg"].contains(stream.codec) {
                kept.value.append(stream.index)
                if !hasVideo { kept.decisions.append(.output(.keptCoverArt)) }
            } else if let container = context.rules.container {
                kept.decisions.append(.output(.droppedCoverArt(codec: stream.codec, container)))
            }
        } else if stream.kind == .attachment {
            if context.rules.hasAttachments {
                kept.value.append(stream.index)
            } else {
                let decision = context.rules.container.map { OutputDecision.droppedAttachment($0) }
                kept.decisions.append(.output(decision ?? .attachmentNotPackaged))
            }
        }
    }
    return kept
}

/// Data tracks are never written, which is noted.
func droppedData(of source: MediaDescription) -> [Decision] {
    let data = source.programStreams.filter { $0.kind == .data || $0.kind == .unknown }
    guard !data.isEmpty else { return [] }
    return [.output(.droppedData(data.map { "#\($0.index) \($0.codecTag ?? $0.codec)" }))]
}

/// Rates in edit lists are ignored, which is noted.
func ignoredEditRates(of source: MediaDescription) -> [Decision] {
    source.programStreams.filter { $0.kind == .video || $0.kind == .audio }.compactMap { stream in
        stream.editRates.map { .output(.ignoredEditRates(path: source.path, stream: stream.index, $0)) }
    }
}

/// Crops of the container are ignored, which is noted.
func ignoredCrops(of source: MediaDescription) -> [Decision] {
    source.programStreams.compactMap { stream in
        stream.ignoredCrop.map { .output(.ignoredCrop(path: source.path, stream: stream.index, $0)) }
    }
}

/// Tags that are not UTF-8, which is noted.
func decodedTags(of source: MediaDescription) -> [Decision] {
    source.tagEncoding.map { [.output(.decodedTags(path: source.path, encoding: $0))] } ?? []
}

/// Chapters in output time, those of the source or of a file, without those outside the cut.
func planChapters(in context: TrackContext, options: TagOptions = TagOptions()) -> Decided<[Chapter]> {
    let own = context.source.chapters
    let chapters = options.chapters.map { context.placed($0) } ?? own
    guard !chapters.isEmpty else {
        return Decided(value: [], decisions: own.isEmpty ? [] : [.tags(.droppedChapters)])
    }
    if let container = context.rules.container, !context.rules.hasChapters {
        return Decided(value: [], decisions: [.output(.droppedChapters(container))])
    }
    let end = context.cut.limit ?? context.cut.expected
    var decided = Decided<[Chapter]>(value: [])
    if let path = options.chapterFile { decided.decisions.append(.tags(.chapters(chapters.count, path: path))) }
    var late = 0
    for (index, chapter) in chapters.enumerated() {
        var shifted = chapter
        shifted.start = context.cut.outputTime(of: chapter.start)
        shifted.end = context.cut.outputTime(of: chapter.end)
        // Some files say only where chapters begin.
        if chapter.start == chapter.end {
            let next = chapters.dropFirst(index + 1).lazy.map(\.start).first { $0 > chapter.start }
            if let next {
                shifted.end = context.cut.outputTime(of: next)
            } else if let end {
                shifted.end = end
            }
        }
        if let end, shifted.start >= end {
            late += 1
            continue
        }
        shifted.start = max(.zero, shifted.start)
        if let end { shifted.end = min(end, shifted.end) }
        if shifted.start < shifted.end { decided.value.append(shifted) }
    }
    // What was cut off is not missed.
    if late > 0, context.cut.limit == nil, let end {
        decided.decisions.append(.output(.droppedLateChapters(late, end: end)))
    }
    return decided
}

extension TrackContext {
    /// Chapters of a file, whose times count from the beginning of the source as people see it, in the source's own time.
    fileprivate func placed(_ chapters: [Chapter]) -> [Chapter] {
        let first = cut.origin - (cut.skipped ?? .zero)
        return chapters.map { Chapter(start: $0.start + first, end: $0.end + first, title: $0.title) }
    }
}
