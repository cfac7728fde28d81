// From several files and what was asked for to how they are joined.
//
// The first file decides about the shape of the output. Each track is copied if the packets of all parts fit, and
// encoded otherwise.

public import VTXModel

/// Decides everything about joining files.
///
/// - Throws: `.usage` for what cannot be asked of these files or the container, `.badMedia` for a file without frames,
///   `.unavailable` for a codec or filter that this libav does not have.
public func planJoin(
    of sources: [JoinSource], options: TranscodeOptions, capabilities: Capabilities
) throws(VTXError) -> JoinPlan {
    guard sources.count > 1, let first = sources.first else {
        throw VTXError(.usage, "there is one file to join", remedy: "give two or more")
    }
    try refuse(
        [
            (.twoPass, options.twoPass), (.loudness, options.loudness != nil), (.burnSubtitle, options.burn != nil),
            (.encoder, options.encoder != .software),
        ], because: "not supported in a join", remedy: "use it in a transcode of the output")
    guard options.preset.purpose == nil else {
        throw VTXError(
            .usage, "preset '\(options.preset.name)' is for one source, not for a join",
            remedy: "use \(.preset, choice(Preset.qualityNames)), and the preset in a transcode of the output")
    }
    var planner = try JoinPlanner(sources, first: first, options: options, capabilities: capabilities)
    return try planner.plan()
}

/// What the planning of a join knows, and what it has decided so far.
struct JoinPlanner {
    let sources: [JoinSource]
    let options: TranscodeOptions
    let capabilities: Capabilities
    /// The first part as it would be encoded: the shape of the output.
    let shape: TranscodePlan
    /// The plan of each part, as it would be encoded in that shape.
    var parts: [TranscodePlan] = []
    /// The stream of each part that goes into each audio track.
    var streams: [[Int?]] = []
    var decisions: [Decision] = []

    init(
        _ sources: [JoinSource], first: JoinSource, options: TranscodeOptions, capabilities: Capabilities
    ) throws(VTXError) {
        self.sources = sources
        self.options = options
        self.capabilities = capabilities
        shape = try planTranscode(
            of: first.description, options: options.encoding(in: first), capabilities: capabilities)
        guard shape.audio.allSatisfy({ $0.joined == nil }) else {
            throw VTXError(
                .usage, "mono tracks cannot become one while files are joined", remedy: "choose tracks without '+'")
        }
    }

    mutating func decide(_ decision: JoinDecision) { decisions.append(.join(decision)) }

    mutating func plan() throws(VTXError) -> JoinPlan {
        for (index, source) in sources.enumerated() {
            let chosen = try matchAudio(of: source, isFirst: index == 0)
            streams.append(chosen)
            parts.append(index == 0 ? shape : try planPart(source, audio: chosen))
        }
        var plan = JoinPlan(output: shape.output, container: shape.container)
        plan.metadata = shape.metadata
        plan.muxerOptions = shape.muxerOptions
        plan.video = try planVideo()
        plan.parts = try place(isVideoCopied: plan.video.map { $0.encode == nil } ?? false)
        for track in shape.audio.indices { plan.audio.append(try planAudio(track, parts: plan.parts)) }
        complete(&plan)
        noteShapes(of: plan)
        notePlaces(of: plan)
        noteOthers()
        plan.duration = plan.parts.last?.end ?? .zero
        plan.chapters = chapters(of: plan)
        plan.decisions = decisions
        return plan
    }

    /// A part after the first one, in the shape of the first one.
    private mutating func planPart(_ source: JoinSource, audio: [Int?]) throws(VTXError) -> TranscodePlan {
        if shape.video != nil, source.description.tracks(.video).isEmpty {
            throw VTXError(
                .usage, "'\(source.path)' has no video, and the first part has",
                remedy: "leave it out, or join audio alone with \(.video, "none")")
        }
        var asked = options.encoding(in: source)
        let encode = shape.video?.encode
        asked.fit = encode.map { .size($0.size) }
        asked.frameRate = encode.flatMap { $0.isConstantRate ? $0.frameRate : nil }
        asked.pixelFormat = encode?.pixelFormat
        if shape.video == nil { asked.video = .none }
        let tracks = source.description.numberedTracks(.audio)
        let numbers = tracks.filter { audio.contains($0.stream.index) }.map { TrackSelector.position($0.number) }
        if numbers.isEmpty { asked.audioCodec = .none }
        asked.audioTracks = numbers.isEmpty ? .automatic : .some(numbers)
        // Without video or audio there is silence to write, and nothing to plan.
        if numbers.isEmpty, shape.video == nil {
            return TranscodePlan(
                input: source.path, output: shape.output, container: shape.container,
                origin: source.description.start ?? .zero)
        }
        return try planTranscode(of: source.description, options: asked, capabilities: capabilities)
    }

    /// Notes what becomes of the frames and samples of each part, if they are encoded.
    private mutating func noteShapes(of plan: JoinPlan) {
        let size = plan.video?.encode?.size
        for (index, (source, part)) in zip(sources, parts).enumerated() {
            let video = source.description.streams.first { $0.index == part.video?.stream }?.video
            if index > 0, let size, let from = video?.displaySize, from != size {
                decide(.shaped(path: source.path, from: from, to: size))
            }
            for decision in part.decisions where isAbout(decision, plan) {
                let text = decision.text
                decisions.append(
                    .reported(DecisionText("\(source.path): \(text.subject)", text.action, because: text.reason)))
            }
        }
    }

    /// Whether a decision of a transcode holds for the join too: what follows from the shape of the first part, or
    /// from leaving out what is not joined, does not.
    private func isAbout(_ decision: Decision, _ plan: JoinPlan) -> Bool {
        switch decision {
        case .video(.padded), .video(.enlarged), .video(.evenSides), .video(.keptSize), .video(.chunks),
            .video(.constantRate), .video(.variableRate):
            false
        case .video, .captions: plan.video?.encode != nil
        case .audio: plan.audio.contains { $0.encode != nil }
        default: false
        }
    }

    /// The audio streams of a part, in the order of the output's tracks: those of the same language, else those in the
    /// same place.
    private mutating func matchAudio(of source: JoinSource, isFirst: Bool) throws(VTXError) -> [Int?] {
        guard !isFirst else { return shape.audio.map(\.stream) }
        let tracks = source.description.tracks(.audio).filter { $0.isDecodable && !$0.hasNoSamples }
        var left = tracks
        var chosen: [Int?] = []
        for (place, track) in shape.audio.enumerated() {
            let language = track.label.language.map(canonicalLanguage)
            let same = left.firstIndex { language != nil && $0.language.map(canonicalLanguage) == language }
            let index = same ?? left.firstIndex { $0.index == (place < tracks.count ? tracks[place].index : -1) }
            if index == nil { decide(.silence(path: source.path, track: place + 1)) }
            chosen.append(index.map { left.remove(at: $0).index })
        }
        if !left.isEmpty { decide(.droppedTracks(path: source.path, .audio, count: left.count)) }
        return chosen
    }

    /// Notes what no part gives.
    private mutating func noteOthers() {
        for source in sources {
            let kinds = [StreamDescription.Kind.subtitle, .data, .attachment].filter { kind in
                source.description.streams.contains { $0.kind == kind }
            }
            if !kinds.isEmpty { decide(.notJoined(path: source.path, kinds)) }
            if !source.description.coverArt.isEmpty { decide(.droppedCover(path: source.path)) }
            let chapters = source.description.chapters.count
            if chapters > 0 { decide(.replacedChapters(path: source.path, count: chapters)) }
        }
    }

    /// One chapter for each part.
    private mutating func chapters(of plan: JoinPlan) -> [Chapter] {
        guard plan.container.traits.hasChapters else {
            decisions.append(.output(.droppedChapters(plan.container)))
            return []
        }
        return zip(plan.parts, sources).map { Chapter(start: $0.start, end: $0.end, title: $1.title) }
    }
}

extension TranscodeOptions {
    /// The same options for a part that is encoded.
    fileprivate func encoding(in source: JoinSource) -> TranscodeOptions {
        var asked = self
        if asked.video == .copy { asked.video = .automatic }
        if asked.audioCodec == .copy { asked.audioCodec = .automatic }
        if asked.audioTracks == .automatic {
            let container = try? outputContainer(self)
            asked.audioTracks = container?.traits.mostAudioTracks == 1 ? .some([.position(1)]) : .all
        }
        if source.description.tracks(.audio).isEmpty { (asked.audioTracks, asked.audioCodec) = (.automatic, .none) }
        asked.subtitleTracks = .none
        asked.chunkDuration = Rational(0)
        return asked
    }
}
