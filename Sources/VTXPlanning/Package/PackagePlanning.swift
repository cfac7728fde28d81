// From existing files to the renditions of a package: which track of which file becomes what.
//
// Where they are cut is decided when their packets have been read: PackageAlignment.

public import VTXModel

/// Decides which tracks become which renditions; `align` completes the plan.
///
/// - Parameter sources: the files, in the order given.
/// - Throws: `.usage` for tracks that cannot be packaged, `.badMedia` for files with nothing to package,
///   `.unavailable` if this libav cannot write WebVTT.
public func planPackage(
    of sources: [MediaDescription], options: PackageOptions, capabilities: Capabilities
) throws(VTXError) -> PackagePlan {
    var planner = PackagePlanner(sources: sources, options: options, capabilities: capabilities)
    return try planner.plan()
}

/// The frame rates that a stream may have by its header, the likeliest first.
public func rateCandidates(_ video: VideoDescription) -> [Rational] {
    var rates: [Rational] = []
    let found = [constantRate(for: video), video.averageFrameRate, video.nominalFrameRate].compactMap { $0 }
    for rate in found where rate.isPositive && rate <= Rational(1000) && !rates.contains(rate) {
        rates.append(rate)
    }
    return rates
}

extension SegmentType {
    /// What it may hold (Apple 1.x and 2.x; hls-rules TS-06).
    var videoCodecs: [VideoCodec] { VideoCodec.allCases.filter { $0.traits.segments.contains(self) } }
    var audioCodecs: [AudioCodec] { AudioCodec.allCases.filter { $0.traits.segments.contains(self) } }
}

private struct PackagePlanner {
    let sources: [MediaDescription]
    let options: PackageOptions
    let capabilities: Capabilities
    var decisions: [Decision] = []

    /// A track and where it is.
    private struct Track {
        var input: Int
        var stream: StreamDescription
    }

    mutating func plan() throws(VTXError) -> PackagePlan {
        var plan = PackagePlan(
            inputs: sources.map { PackageInput(path: $0.path, origin: $0.start ?? .zero) },
            output: options.output, segments: options.segments, isSingleFile: options.isSingleFile)
        for source in sources {
            guard source.streams.contains(where: { isVideo($0) || $0.kind == .audio }) else {
                throw VTXError(
                    .badMedia, "\(source.path) has no video and no audio",
                    remedy: source.streams.contains(where: { $0.kind == .subtitle })
                        ? "give it with \(.subtitleFile)" : "leave it out")
            }
        }
        plan.video = try planVideo()
        try planAudio(&plan)
        guard !plan.video.isEmpty || !plan.audio.isEmpty else {
            throw VTXError(.usage, "nothing is left to package", remedy: "choose at least one track of audio")
        }
        if !plan.video.isEmpty { plan.subtitles = try planSubtitles(plan) }
        plan.player = options.player
        if let encryption = options.encryption {
            let (made, reasons) = try planEncryption(
                encryption, output: plan.output, segments: plan.segments, codecs: plan.video.map(\.codec),
                clear: plan.subtitles.isEmpty ? [] : ["subtitles"])
            plan.encryption = made
            decisions += reasons
        }
        plan.decisions = decisions
        return plan
    }

    private mutating func decide(_ decision: PackageDecision) { decisions.append(.package(decision)) }

    private func isVideo(_ stream: StreamDescription) -> Bool {
        stream.kind == .video && !stream.isCoverArt && stream.video != nil
    }

    // MARK: Video

    private mutating func planVideo() throws(VTXError) -> [PackageVideoPlan] {
        var tracks: [Track] = []
        for (index, source) in sources.enumerated() {
            let pictures = source.streams.filter(isVideo)
            guard let best = pictures.max(by: { isWorse($0, $1) }) else { continue }
            if pictures.count > 1 {
                decide(.chosenVideo(path: source.path, stream: best.index, of: pictures.count))
            }
            tracks.append(Track(input: index, stream: best))
        }
        var plans: [(plan: PackageVideoPlan, area: Int, rate: Int64)] = []
        for track in tracks {
            guard let video = track.stream.video else { continue }
            let codec = try videoCodec(of: track)
            let size = shownSize(video)
            plans.append(
                (
                    PackageVideoPlan(
                        name: "\(size.shortSide)p", input: track.input, stream: track.stream.index,
                        codec: codec, size: size, color: video.color, tag: codec.traits.isoTag(options: [:])),
                    size.area, bitRate(of: track)
                ))
            try judge(video, codec, sources[track.input].path)
        }
        // H.264 first, which plays everywhere; then the largest.
        let order = SegmentType.fmp4.videoCodecs
        func rank(_ codec: VideoCodec) -> Int { order.firstIndex(of: codec) ?? order.count }
        let sorted = plans.enumerated().sorted { one, other in
            (rank(one.element.plan.codec), -one.element.area, -one.element.rate, one.offset)
                < (rank(other.element.plan.codec), -other.element.area, -other.element.rate, other.offset)
        }.map(\.element.plan)
        return named(sorted)
    }

    /// Renditions with folders of their own: `1080p`, `1080p-2`, with the codec where there are several.
    private func named(_ plans: [PackageVideoPlan]) -> [PackageVideoPlan] {
        let hasSeveralCodecs = Set(plans.map(\.codec)).count > 1
        var counts: [String: Int] = [:]
        return plans.map { plan in
            var plan = plan
            if hasSeveralCodecs { plan.name += "-\(plan.codec.rawValue)" }
            let count = counts[plan.name, default: 0] + 1
            counts[plan.name] = count
            if count > 1 { plan.name += "-\(count)" }
            return plan
        }
    }

    private func isWorse(_ one: StreamDescription, _ other: StreamDescription) -> Bool {
        func value(_ stream: StreamDescription) -> (Int, Int, Int) {
            (stream.isDefault ? 1 : 0, stream.video?.displaySize.area ?? 0, -stream.index)
        }
        return value(one) < value(other)
    }

    private func bitRate(of track: Track) -> Int64 {
        track.stream.bitRate ?? sources[track.input].bitRate ?? 0
    }

    private func videoCodec(of track: Track) throws(VTXError) -> VideoCodec {
        let possible = options.segments.videoCodecs
        if let codec = VideoCodec(rawValue: track.stream.codec), possible.contains(codec) { return codec }
        let fits = VideoCodec(rawValue: track.stream.codec).map { SegmentType.fmp4.videoCodecs.contains($0) } ?? false
        throw VTXError(
            .usage,
            "the picture of \(sources[track.input].path) is \(track.stream.codec), which does not go into \(options.segments.words)",
            cause: "possible: " + possible.map(\.rawValue).joined(separator: ", "),
            remedy: fits ? "use \(.segmentType) fmp4" : "encode it with \(command: .transcode) or \(command: .ladder)")
    }

    /// In square pixels, upright, with even sides, as the initialization segment will say.
    private func shownSize(_ video: VideoDescription) -> PixelSize {
        var shown = video.size
        if let shape = video.sampleAspectRatio, shape.isPositive, shape != Rational(1) {
            shown.width = max(2, Int((Double(shown.width) * shape.value / 2).rounded()) * 2)
        }
        return video.orientation.exchangesSides ? shown.transposed : shown
    }

    /// What is in the pictures stays in them; what will trip players up is said.
    private mutating func judge(_ video: VideoDescription, _ codec: VideoCodec, _ path: String) throws(VTXError) {
        if video.orientation != .upright, options.segments == .ts {
            throw VTXError(
                .usage, "\(path) is turned by a display matrix, which transport streams do not hold",
                remedy: "use \(.segmentType) fmp4, or turn it with \(command: .transcode)")
        }
        var faults: [PackageFault] = []
        if video.fieldOrder.isInterlaced { faults.append(.interlaced) }
        if video.size.width % 2 != 0 || video.size.height % 2 != 0 { faults.append(.oddSize) }
        if codec == .h264, video.bitDepth > 8 || video.sampling != "4:2:0" {
            faults.append(.deepH264(bits: video.bitDepth, sampling: video.sampling))
        }
        for fault in faults {
            decide(.keptFault(path: path, fault))
        }
    }

    // MARK: Audio

    private mutating func planAudio(_ plan: inout PackagePlan) throws(VTXError) {
        let tracks = try chooseAudio(plan)
        var formats: [(name: String, codec: AudioCodec, channels: Int)] = []
        // Tracks that differ only in format are one choice for the listener.
        var slots: [(key: [String], label: TrackLabel, members: [(format: Int, rendition: String)])] = []
        for track in tracks {
            guard let audio = track.stream.audio, let codec = AudioCodec(rawValue: track.stream.codec) else { continue }
            guard audio.sampleRate > 0, audio.channels > 0 else {
                throw VTXError(
                    .badMedia,
                    "stream \(track.stream.index) of \(sources[track.input].path) has no audio that can be told: "
                        + "\(audio.sampleRate) Hz, \(audio.channels) channels",
                    remedy: "leave it out with \(.audioTracks), or encode it anew with \(command: .transcode)")
            }
            let label = TrackLabel(
                language: languageTag(track.stream.language), title: track.stream.title,
                disposition: track.stream.disposition)
            let name = "audio-\(plan.audio.count + 1)" + label.nameSuffix
            plan.audio.append(
                PackageAudioPlan(
                    name: name, input: track.input, stream: track.stream.index, codec: codec,
                    channels: audio.channels, sampleRate: audio.sampleRate, label: label,
                    isPlainAAC: codec == .aac && track.stream.profile == "LC"))
            var format = formats.firstIndex { $0.codec == codec && $0.channels == audio.channels }
            if format == nil {
                formats.append(("\(codec.rawValue)-\(audio.channels)", codec, audio.channels))
                format = formats.count - 1
            }
            let special = ["comment", "descriptions", "visual_impaired", "hearing_impaired", "dub", "original"]
            let key = [label.language ?? "und"] + special.filter { label.disposition.contains($0) }
            if let slot = slots.firstIndex(where: { slot in
                slot.key == key && !slot.members.contains { $0.format == format }
            }) {
                slots[slot].members.append((format ?? 0, name))
            } else {
                slots.append((key, label, [(format ?? 0, name)]))
            }
        }
        plan.groups = groups(formats: formats, slots: slots)
    }

    /// Groups have the same members (RFC 8216, 4.3.4.1.1): what a format lacks is taken from another one.
    private func groups(
        formats: [(name: String, codec: AudioCodec, channels: Int)],
        slots: [(key: [String], label: TrackLabel, members: [(format: Int, rendition: String)])]
    ) -> [PackageAudioGroup] {
        // Stereo AAC first: it plays everywhere.
        let order = formats.indices.sorted { one, other in
            func rank(_ index: Int) -> (Int, Int) {
                (formats[index].codec == .aac && formats[index].channels <= 2 ? 0 : 1, index)
            }
            return rank(one) < rank(other)
        }
        var groups: [PackageAudioGroup] = []
        for format in order {
            let members = slots.compactMap { slot -> PackageAudioGroup.Member? in
                let own = slot.members.first { $0.format == format }
                let usual = order.lazy.compactMap { other in slot.members.first { $0.format == other } }.first
                return (own ?? usual).map { .init(rendition: $0.rendition, label: slot.label) }
            }
            if !groups.contains(where: { $0.members == members }) {
                groups.append(PackageAudioGroup(name: "audio-\(formats[format].name)", members: members))
            }
        }
        if groups.count == 1 { groups[0].name = "audio" }
        return groups
    }

    /// The tracks of files without pictures; if there are none, those of the best rendition that has any.
    private mutating func chooseAudio(_ plan: PackagePlan) throws(VTXError) -> [Track] {
        guard options.audioTracks != .none else { return [] }
        let pictured = Set(plan.video.map(\.input))
        func audioTracks(_ input: Int) -> [Track] {
            sources[input].streams.filter { $0.kind == .audio }.map { Track(input: input, stream: $0) }
        }
        var chosen = sources.indices.filter { !pictured.contains($0) }.flatMap(audioTracks)
        var owner: String?
        if chosen.isEmpty, let best = plan.video.first(where: { !audioTracks($0.input).isEmpty }) {
            chosen = audioTracks(best.input)
            owner = sources[best.input].path
        }
        let used = Set(chosen.map(\.input))
        for input in sources.indices where !used.contains(input) && !audioTracks(input).isEmpty {
            decide(.leftOutAudio(path: sources[input].path, serving: owner))
        }
        var isExplicit = false
        if case .some(let selectors) = options.audioTracks {
            let numbered = chosen.enumerated().map { NumberedStream(number: $0 + 1, stream: $1.stream) }
            let path = used.sorted().map { sources[$0].path }.joined(separator: ", ")
            let numbers = Set(
                try select(selectors, from: numbered, kind: "audio", of: path).map(\.number))
            chosen = chosen.indices.filter { numbers.contains($0 + 1) }.map { chosen[$0] }
            isExplicit = true
        }
        return try playable(chosen, isExplicit: isExplicit)
    }

    private mutating func playable(_ tracks: [Track], isExplicit: Bool) throws(VTXError) -> [Track] {
        let possible = options.segments.audioCodecs
        func fits(_ track: Track) -> Bool {
            AudioCodec(rawValue: track.stream.codec).map(possible.contains) ?? false
        }
        let good = tracks.filter(fits)
        for track in tracks where !fits(track) {
            let subject = "stream \(track.stream.index) of \(sources[track.input].path)"
            guard !isExplicit, !good.isEmpty else {
                let elsewhere =
                    AudioCodec(rawValue: track.stream.codec)
                    .map(SegmentType.fmp4.audioCodecs.contains) ?? false
                throw VTXError(
                    .usage,
                    "\(subject) is \(track.stream.codec) audio, which does not go into \(options.segments.words)",
                    cause: "possible: " + possible.map(\.rawValue).joined(separator: ", "),
                    remedy: elsewhere
                        ? .set(.segmentType, to: "fmp4")
                        : "encode it with \(command: .transcode) \(.video, "copy"), or leave it out with \(.audioTracks, "none")"
                )
            }
            decide(
                .leftOutTrack(
                    path: sources[track.input].path, stream: track.stream.index, codec: track.stream.codec,
                    options.segments))
        }
        return good
    }

    // MARK: Subtitles

    private mutating func planSubtitles(_ plan: PackagePlan) throws(VTXError) -> [PackageSubtitlePlan] {
        var found: [(input: Int?, track: SubtitleTrackPlan)] = []
        let inputs =
            plan.video.map(\.input)
            + sources.indices.filter { input in
                !plan.video.contains { $0.input == input }
            }
        let owner = inputs.first { input in sources[input].streams.contains { $0.kind == .subtitle } }
        if options.subtitleTracks != .none, let owner {
            found += try ownSubtitles(of: owner).map { (owner, $0) }
            for input in inputs
            where input != owner && sources[input].streams.contains(where: { $0.kind == .subtitle }) {
                decide(.leftOutSubtitles(path: sources[input].path, serving: sources[owner].path))
            }
        }
        for file in options.subtitleFiles {
            let streams = file.streams.filter { $0.kind == .subtitle }
            guard !streams.isEmpty else { throw VTXError(.badMedia, "'\(file.path)' has no subtitles") }
            decisions += file.decisions.map(Decision.output)
            for stream in streams {
                guard case .convert = subtitleFate(stream, in: .webm, isExact: true) else {
                    throw VTXError(
                        .usage, "'\(file.path)' (\(stream.codec)) holds no text", remedy: "use a text file")
                }
                var label = self.label(of: stream)
                if let language = file.language { label.language = languageTag(language) }
                found.append(
                    (
                        nil,
                        SubtitleTrackPlan(
                            stream: stream.index, file: file.path, label: label, convert: .webvtt,
                            encoding: file.encoding ?? options.subtitleEncoding)
                    ))
            }
        }
        if !found.isEmpty, !capabilities.encoders.contains(SubtitleCodec.webvtt.encoder) {
            throw VTXError(.unavailable, "this libav has no encoder '\(SubtitleCodec.webvtt.encoder)'")
        }
        return found.enumerated().map { index, item in
            PackageSubtitlePlan(
                name: "subtitles-\(index + 1)" + item.track.label.nameSuffix,
                input: item.input, track: item.track)
        }
    }

    private func label(of stream: StreamDescription) -> TrackLabel {
        TrackLabel(
            language: languageTag(stream.language), title: stream.title, disposition: stream.disposition)
    }

    private mutating func ownSubtitles(of input: Int) throws(VTXError) -> [SubtitleTrackPlan] {
        let all = sources[input].streams.filter { $0.kind == .subtitle }.enumerated()
            .map { NumberedStream(number: $0 + 1, stream: $1) }
        var chosen = all
        var isExplicit = false
        if case .some(let selectors) = options.subtitleTracks {
            chosen = try select(selectors, from: all, kind: "subtitle", of: sources[input].path)
            isExplicit = true
        }
        var tracks: [SubtitleTrackPlan] = []
        for track in chosen {
            switch subtitleFate(track.stream, in: .webm, isExact: true) {
            case .impossible(let found):
                var obstacle = found
                if case .bitmap = found { obstacle = .bitmapInPackage }
                if isExplicit {
                    throw VTXError(
                        .usage, "subtitle \(track.number) (\(track.stream.codec)): \(obstacle.text)",
                        remedy: "choose another subtitle")
                }
                decisions.append(.subtitle(track: track.number, .dropped(obstacle, burn: nil)))
            case .copy, .convert:
                tracks.append(
                    SubtitleTrackPlan(
                        stream: track.stream.index, label: label(of: track.stream), convert: .webvtt,
                        encoding: options.subtitleEncoding))
            }
        }
        return tracks
    }
}
