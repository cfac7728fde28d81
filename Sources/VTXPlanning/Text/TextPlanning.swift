// Which subtitles become tracks, and in which form.

import VTXModel

/// Decides which subtitle tracks of the source and of files are written.
///
/// - Throws: `.usage` for a track that was asked for by number or language, or a file, that the target does not hold;
///   `.badMedia` for a file without subtitles; `.unavailable` for a missing encoder that is needed.
func planText(
    in context: TrackContext, options: TextTrackOptions
) throws(VTXError) -> Decided<[SubtitleTrackPlan]> {
    var planner = TextPlanner(context: context, options: options, isExact: context.cut.skipped != nil)
    var tracks = try planner.planTracks()
    for file in options.files { tracks += try planner.planFile(file) }
    return Decided(value: tracks, decisions: planner.decisions)
}

private struct TextPlanner {
    let context: TrackContext
    let options: TextTrackOptions
    /// Timestamps must be exact to the cut.
    let isExact: Bool
    var decisions: [Decision] = []

    var rules: TrackRules { context.rules }

    mutating func decide(_ decision: SubtitleDecision, on track: NumberedStream) {
        decisions.append(.subtitle(track: track.number, decision))
    }

    // MARK: Tracks of the source

    mutating func planTracks() throws(VTXError) -> [SubtitleTrackPlan] {
        let all = context.source.numberedTracks(.subtitle)
        var chosen = options.tracks == .none ? [] : all
        var isExplicit = false
        if case .some(let selectors) = options.tracks {
            chosen = try select(selectors, from: all, kind: "subtitle", of: context.source.path)
            isExplicit = true
        }
        var tracks: [SubtitleTrackPlan] = []
        for track in chosen where track.number != options.burn {
            if let plan = try plan(track, isExplicit: isExplicit) { tracks.append(plan) }
        }
        return tracks
    }

    private mutating func plan(
        _ track: NumberedStream, isExplicit: Bool
    ) throws(VTXError) -> SubtitleTrackPlan? {
        let stream = track.stream
        switch subtitleFate(stream, under: rules, isExact: isExact) {
        case .copy:
            noteFlags(of: track)
            return SubtitleTrackPlan(
                stream: stream.index, label: rules.label(of: stream), encoding: options.encoding)
        case .convert(let codec):
            guard try hasEncoder(codec, isNeeded: options.needsEncoder) else {
                decide(.dropped(.noEncoder(codec.encoder), burn: nil), on: track)
                return nil
            }
            noteConversion(of: track, to: codec)
            noteFlags(of: track)
            return SubtitleTrackPlan(
                stream: stream.index, label: rules.label(of: stream), convert: codec, encoding: options.encoding)
        case .impossible(let obstacle):
            let burn = canBeShown(stream) ? track.number : nil
            if isExplicit {
                throw VTXError(
                    .usage, "subtitle \(track.number) (\(stream.codec)): \(obstacle.text)",
                    remedy: burn.map { .advice(SubtitleDecision.waysOut(burn: $0)) }
                        ?? (rules.container == nil
                            ? "choose another subtitle" : "choose another subtitle or container"))
            }
            decide(.dropped(obstacle, burn: burn), on: track)
            return nil
        }
    }

    /// Whether another container keeps what this one does not, or burning shows it.
    private func canBeShown(_ stream: StreamDescription) -> Bool {
        guard rules.container != nil, !rules.isAudioOnly else { return false }
        return bitmapCodecs.contains(stream.codec) || rules.subtitles?.text.isEmpty ?? true
    }

    /// Notes another form of text than the source's; in packages it is always WebVTT.
    private mutating func noteConversion(of track: NumberedStream, to target: SubtitleCodec) {
        guard let container = rules.container else { return }
        let codec = track.stream.codec
        let isStyled = ["ass", "ssa"].contains(codec) && target != .ass
        guard isStyled || (codec != target.rawValue && !(codec == "srt" && target == .subrip)) else { return }
        decide(.converted(from: codec, to: target, losesStyle: isStyled, in: container), on: track)
    }

    /// QuickTime has no place for who a track is for.
    private mutating func noteFlags(of track: NumberedStream) {
        guard let container = rules.container, container == .mov else { return }
        // libav writes QuickTime's own form of text there, which knows no forced samples.
        if track.stream.isForced { decide(.droppedFlag("forced", container), on: track) }
        let isForDeaf = ["hearing_impaired", "captions"].contains(where: track.stream.disposition.contains)
        if isForDeaf { decide(.droppedFlag("hearing-impaired", container), on: track) }
        if track.stream.disposition.contains("comment") { decide(.droppedFlag("commentary", container), on: track) }
    }

    // MARK: Files

    mutating func planFile(_ file: SubtitleFile) throws(VTXError) -> [SubtitleTrackPlan] {
        guard rules.subtitles?.text.isEmpty == false else {
            throw VTXError(
                .usage, "\(rules.title) does not support subtitles as text", remedy: "use .mp4, .mkv, .webm or .mov")
        }
        let streams = file.streams.filter { $0.kind == .subtitle }
        guard !streams.isEmpty else { throw VTXError(.badMedia, "'\(file.path)' has no subtitles") }
        decisions += file.decisions
        var tracks: [SubtitleTrackPlan] = []
        for stream in streams {
            var track = SubtitleTrackPlan(stream: stream.index, file: file.path, label: rules.label(of: stream))
            track.encoding = file.encoding ?? options.encoding
            if let language = file.language { track.label.language = languageTag(language) }
            // Files are decoded, so that their timestamps are exact; bitmaps alone are copied.
            switch subtitleFate(stream, under: rules, isExact: true) {
            case .copy: break
            case .convert(let codec):
                _ = try hasEncoder(codec, isNeeded: true)
                track.convert = codec
            case .impossible(let obstacle):
                throw VTXError(
                    .usage, "'\(file.path)' (\(stream.codec)): \(obstacle.text)",
                    remedy: rules.container == nil ? "use a text file" : "use a text file or .mkv")
            }
            tracks.append(track)
        }
        return tracks
    }

    private func hasEncoder(_ codec: SubtitleCodec, isNeeded: Bool) throws(VTXError) -> Bool {
        guard !context.capabilities.encoders.contains(codec.encoder) else { return true }
        guard !isNeeded else {
            throw VTXError(.unavailable, "this libav has no encoder '\(codec.encoder)'", remedy: .installFFmpeg)
        }
        return false
    }
}
