// From what the source is and what was asked for to what will be done.
//
// Pure: the same source, options and capabilities always give the same plan or the same error.

public import VTXModel

/// Decides everything about a transcode.
///
/// - Throws: `.usage` for what cannot be asked of this source or container, `.badMedia` for a source with
///   nothing to play, `.unavailable` for a codec or filter that this libav has not got.
public func planTranscode(
    of source: MediaDescription, options: TranscodeOptions, capabilities: Capabilities
) throws(VTXError) -> TranscodePlan {
    let container = try outputContainer(options)
    var planner = Planner(
        source: source, options: options, capabilities: capabilities, container: container)
    return try planner.plan()
}

/// The container that was asked for, or that the output's name asks for.
func outputContainer(_ options: TranscodeOptions) throws(VTXError) -> Container {
    if let container = options.container { return container }
    let name = options.output.split(separator: "/").last ?? ""
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    let known = Container.allCases.map { ".\($0.rawValue)" }.joined(separator: " ")
    guard parts.count > 1, let last = parts.last, !last.isEmpty else {
        throw VTXError(
            .usage, "the output '\(options.output)' has no extension to tell its format",
            remedy: "possible are \(known)")
    }
    guard let container = Container(fileExtension: String(last)) else {
        throw VTXError(
            .usage, "'.\(last)' is no format vtx writes ('\(options.output)')", remedy: "possible are \(known)")
    }
    return container
}

/// The state of planning: what is known, and the decisions so far.
struct Planner {
    let source: MediaDescription
    let options: TranscodeOptions
    let capabilities: Capabilities
    let container: Container
    var decisions: [Decision] = []

    mutating func decide(_ decision: VideoDecision) { decisions.append(.video(decision)) }

    mutating func decide(_ decision: AudioDecision, on track: NumberedStream) {
        decisions.append(.audio(track: track.number, decision))
    }

    mutating func decide(_ decision: SubtitleDecision, on track: NumberedStream) {
        decisions.append(.subtitle(track: track.number, decision))
    }

    mutating func decide(_ decision: OutputDecision) { decisions.append(.output(decision)) }

    /// For messages: `.mp4`.
    var formatName: String { ".\(container.rawValue)" }

    func streams(_ kind: StreamDescription.Kind) -> [StreamDescription] {
        source.streams.filter { $0.kind == kind && !$0.isCoverArt }
    }

    /// With their positions, from 1.
    func numbered(_ kind: StreamDescription.Kind) -> [NumberedStream] {
        streams(kind).enumerated().map { NumberedStream(number: $0.offset + 1, stream: $0.element) }
    }

    mutating func plan() throws(VTXError) -> TranscodePlan {
        guard !streams(.video).isEmpty || !streams(.audio).isEmpty else {
            throw VTXError(.badMedia, "'\(source.path)' has no audio or video")
        }
        let video = try chooseVideo()
        let audio = try chooseAudio()
        guard video != nil || !audio.isEmpty else { throw nothingLeft() }

        let times = try planTimes(over: (video.map { [$0] } ?? []) + audio.map(\.stream))
        var plan = TranscodePlan(
            input: source.path, output: options.output, container: container, origin: times.origin,
            skipped: times.skipped, limit: times.limit, expectedDuration: times.expected)
        if let video { plan.video = try planVideo(video, times: times) }
        try planChunks(&plan)
        for track in audio { plan.audio.append(try planAudio(track, times: times)) }
        if !plan.audio.isEmpty, !plan.audio.contains(where: { $0.label.disposition.contains("default") }) {
            plan.audio[0].label.disposition.insert("default", at: 0)
        }
        plan.subtitles = try planSubtitles(times: times)
        plan.attachments = planAttachments(hasVideo: video != nil)
        plan.chapters = planChapters(times: times)
        plan.metadata = source.metadata.filter { !isContainersOwn($0.key) }
        if container.isISO {
            plan.muxerOptions["movflags"] = "+faststart"
            // libavformat 59 calls FLAC in MP4 experimental; the mapping has been final since 2018.
            if plan.audio.contains(where: isFLAC) { plan.muxerOptions["strict"] = "experimental" }
        }
        dropData()
        plan.decisions = decisions
        return plan
    }

    private func isFLAC(_ track: AudioTrackPlan) -> Bool {
        track.encode.map { $0.codec == .flac }
            ?? source.streams.contains { $0.index == track.stream && $0.codec == "flac" }
    }

    private func nothingLeft() -> VTXError {
        if container.isAudioOnly, streams(.audio).isEmpty {
            return VTXError(
                .usage, "'\(source.path)' has no audio to write to '\(options.output)'",
                remedy: "choose a container for video, such as .mp4")
        }
        if let broken = streams(.audio).first(where: { !isUsable($0) }), wantsAudio {
            return VTXError(
                .unavailable, "this libav has no decoder for \(broken.codec), the audio of '\(source.path)'",
                remedy: "an FFmpeg build with that decoder can read it")
        }
        return VTXError(
            .usage, "nothing of '\(source.path)' is left to write to '\(options.output)'",
            remedy: "do not leave out both audio and video")
    }

    // MARK: Attachments, chapters, metadata

    /// Cover art and fonts, where the container has a place for them; the rest is said to be dropped.
    private mutating func planAttachments(hasVideo: Bool) -> [Int] {
        var kept: [Int] = []
        for stream in source.streams {
            if stream.isCoverArt {
                if container.traits.hasCoverArt, ["png", "mjpeg"].contains(stream.codec) {
                    kept.append(stream.index)
                    if !hasVideo {
                        decide(.keptCoverArt)
                    }
                } else {
                    decide(.droppedCoverArt(codec: stream.codec, container))
                }
            } else if stream.kind == .attachment {
                if container.traits.hasAttachments {
                    kept.append(stream.index)
                } else {
                    decide(.droppedAttachment(container))
                }
            }
        }
        return kept
    }

    private mutating func dropData() {
        let data = source.streams.filter { $0.kind == .data || $0.kind == .unknown }
        guard !data.isEmpty else { return }
        decide(.droppedData(data.map { "#\($0.index) \($0.codecTag ?? $0.codec)" }))
    }

    /// In output time; what the cut leaves nothing of is gone.
    private mutating func planChapters(times: Times) -> [Chapter] {
        guard !source.chapters.isEmpty else { return [] }
        guard container.traits.hasChapters else {
            decide(.droppedChapters(container))
            return []
        }
        let end = times.limit ?? times.expected
        return source.chapters.compactMap { chapter in
            var shifted = chapter
            shifted.start = max(.zero, chapter.start.rescaled(to: MediaTime.microsecond) - times.origin)
            shifted.end = chapter.end.rescaled(to: MediaTime.microsecond) - times.origin
            if let end { shifted.end = min(end, shifted.end) }
            return shifted.start < shifted.end ? shifted : nil
        }
    }

    /// Whether a metadata key tells about the source's container and not about the source.
    private func isContainersOwn(_ key: String) -> Bool {
        [
            "major_brand", "minor_version", "compatible_brands", "encoder", "duration", "totalduration",
            "number_of_frames", "number_of_bytes", "bps", "metadatacreator", "hasvideo", "hasaudio",
            "hasmetadata", "haskeyframes", "canseektoend", "filesize", "framerate", "width", "height",
            "videodatarate", "audiodatarate", "datasize", "lasttimestamp", "lastkeyframetimestamp",
            "_statistics_tags", "_statistics_writing_app", "_statistics_writing_date_utc",
        ].contains(key.lowercased())
    }

    /// What the output says of a track made from `stream`.
    func label(_ stream: StreamDescription) -> TrackLabel {
        TrackLabel(
            language: trackLanguage(stream), title: stream.title,
            disposition: stream.disposition.filter { !["attached_pic", "timed_thumbnails"].contains($0) })
    }

    private func trackLanguage(_ stream: StreamDescription) -> String? {
        guard let tag = languageTag(stream.language) else { return nil }
        return container.traits.hasLibraryLanguages ? LanguageCode(tag)?.library ?? tag : tag
    }

    /// Whether a decoder can make something of it.
    func isUsable(_ stream: StreamDescription) -> Bool {
        guard stream.isDecodable else { return false }
        guard stream.kind == .audio else { return true }
        return stream.audio.map { $0.sampleRate > 0 && $0.channels > 0 } ?? false
    }

    func require(filter name: String, to purpose: String) throws(VTXError) {
        guard capabilities.filters.contains(name) else {
            throw VTXError(
                .unavailable, "this libav has no filter '\(name)', which is needed to \(purpose)",
                remedy: .installFFmpeg)
        }
    }

    /// Of `asked`, the options a person set that need decoding and encoding: named in the error.
    func refuse(
        _ asked: [(setting: Setting, isSet: Bool)], because reason: Message, remedy: Remedy
    ) throws(VTXError) {
        let settings = asked.filter(\.isSet).map(\.setting)
        guard settings.isEmpty else {
            throw VTXError(.usage, "\(Message.list(settings)): \(reason)", remedy: remedy)
        }
    }
}
