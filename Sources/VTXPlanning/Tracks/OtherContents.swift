// What a file holds besides audio, video and subtitles: attachments, chapters, data.

import VTXModel

/// Cover art and fonts, where the target has a place for them: the streams to copy. The rest is noted as dropped.
func planAttachments(in context: TrackContext, hasVideo: Bool) -> Decided<[Int]> {
    var kept = Decided<[Int]>(value: [])
    for stream in context.source.programStreams {
        if stream.isCoverArt {
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

/// Chapters in output time, without those outside the cut.
func planChapters(in context: TrackContext) -> Decided<[Chapter]> {
    let chapters = context.source.chapters
    guard !chapters.isEmpty else { return Decided(value: []) }
    if let container = context.rules.container, !context.rules.hasChapters {
        return Decided(value: [], decisions: [.output(.droppedChapters(container))])
    }
    let end = context.cut.limit ?? context.cut.expected
    return Decided(
        value: chapters.compactMap { chapter in
            var shifted = chapter
            shifted.start = max(.zero, context.cut.outputTime(of: chapter.start))
            shifted.end = context.cut.outputTime(of: chapter.end)
            if let end { shifted.end = min(end, shifted.end) }
            return shifted.start < shifted.end ? shifted : nil
        })
}
