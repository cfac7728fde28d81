// From a source to the renditions of an adaptive package.
//
// What is done to the picture before the rungs part, and how each codec is set up, is what a transcode of
// the same size would do; the ladder adds the grid, the rungs and their rates.

public import VTXModel

/// Decides everything about a ladder.
///
/// - Throws: as `planTranscode`; `.usage` also if all rungs asked for are above the source.
public func planLadder(
    of source: MediaDescription, options: LadderOptions, capabilities: Capabilities
) throws(VTXError) -> LadderPlan {
    var planner = LadderPlanner(source: source, options: options, capabilities: capabilities)
    return try planner.plan()
}

/// Average bits per second of H.264 at up to 30 frames a second, by short side: Apple's HLS authoring
/// specification, the lower of its two points where it has two.
private let usualRates: [(shortSide: Int, bitRate: Int64)] = [
    (234, 250_000), (360, 730_000), (432, 1_100_000), (480, 1_400_000), (540, 2_000_000), (720, 3_000_000),
    (1080, 6_000_000), (1440, 9_500_000), (2160, 18_000_000),
]

/// The average bit rate of a rung: a straight line between Apple's points, half as much again above 30
/// frames a second, and 0.6 and 0.5 of it for HEVC and AV1.
func usualBitRate(shortSide: Int, frameRate: Rational, codec: VideoCodec) -> Int64 {
    let points = usualRates
    var rate: Double
    if let next = points.firstIndex(where: { $0.shortSide >= shortSide }), next > 0 {
        let (low, high) = (points[next - 1], points[next])
        let part = Double(shortSide - low.shortSide) / Double(high.shortSide - low.shortSide)
        rate = Double(low.bitRate) + part * Double(high.bitRate - low.bitRate)
    } else {
        let end = shortSide < points[0].shortSide ? points[0] : points[points.count - 1]
        let ratio = Double(shortSide) / Double(end.shortSide)
        rate = Double(end.bitRate) * ratio * ratio
    }
    if frameRate > Rational(32) { rate *= 1.5 }
    rate *= codec.traits.ladderRate ?? 1
    return max(32_000, Int64((rate / 1000).rounded()) * 1000)
}

/// Short sides of the default rungs, largest first.
///
/// The source's own size is the top where it lies between rungs; nothing is enlarged; and there are always
/// two, so that a player has something to switch to.
func defaultRungs(shortSide: Int) -> [Int] {
    let own = shortSide - shortSide % 2
    let standard = [1080, 720, 480, 360]
    var rungs = own >= standard[0] ? [standard[0]] : [own]
    rungs += standard.filter { Double($0) * 1.2 <= Double(rungs[0]) }
    if rungs.count == 1 { rungs.append(max(2, (own * 2 / 3) / 2 * 2)) }
    return rungs
}

/// How many passes over the picture at a time are fastest.
///
/// One pass keeps about two cores busy, however many rungs it has: the largest rung's encoder has one thread, and
/// all others together work about as long as that. More passes hardly save time (measured with two cores: two save
/// a thirtieth of it and need 1.8 times the memory).
///
/// - Parameters:
///   - cores: of the machine.
///   - memory: of the machine, in bytes; half of it may be used.
public func usualJobs(for plan: LadderPlan, cores: Int, memory: Int64) -> Int {
    guard let video = plan.video, video.maySeek else { return 1 }
    // libx264's medium preset holds about 260 bytes for each pixel of all rungs, deeper samples twice that.
    let bytes = video.rungs.reduce(0) { sum, rung in
        sum + rung.encode.size.area * (rung.encode.pixelFormat.contains("10") ? 520 : 260)
    }
    let fitting = memory / 2 / Int64(max(1, bytes))
    let chunk = Int64(plan.grid.segmentFrames) * Int64(plan.chunkSegments)
    let chunks = plan.expectedFrames.map { ($0 + chunk - 1) / chunk } ?? 1
    return Int(max(1, min(Int64(cores / 2), fitting, chunks)))
}

private struct LadderPlanner {
    let source: MediaDescription
    let options: LadderOptions
    let capabilities: Capabilities
    var decisions: [Decision] = []

    mutating func plan() throws(VTXError) -> LadderPlan {
        // The whole source as one file, for what both have in common.
        let base = try planTranscode(of: source, options: commonOptions(), capabilities: capabilities)
        decisions = base.decisions.filter {
            switch $0 {
            case .subtitle, .output(.keptCoverArt), .output(.droppedCoverArt), .video(.variableRate): false
            default: true
            }
        }
        var plan = LadderPlan(
            input: source.path, output: options.output, segments: options.segments,
            isSingleFile: options.isSingleFile,
            grid: SegmentGrid(
                frameRate: Rational(24), gop: options.gopDuration, segment: options.segmentDuration),
            origin: base.origin, expectedDuration: base.expectedDuration)
        if let video = base.video, let encode = video.encode {
            (plan.video, plan.grid) = try planVideo(video, encode)
            planChunks(&plan)
        }
        plan.audio = try planAudio(base)
        if plan.video != nil {
            plan.subtitles = try planSubtitles()
            if options.wantsThumbnails { plan.thumbnails = planThumbnails(plan) }
        }
        plan.player = options.player
        try planEncryption(&plan)
        plan.decisions = decisions
        return plan
    }

    private mutating func planEncryption(_ plan: inout LadderPlan) throws(VTXError) {
        guard let options = options.encryption else { return }
        var clear = plan.subtitles.isEmpty ? [] : ["subtitles"]
        if plan.thumbnails != nil { clear += ["poster", "seek previews"] }
        let (encryption, reasons) = try VTXPlanning.planEncryption(
            options, output: plan.output, segments: plan.segments,
            codecs: plan.video == nil ? [] : self.options.codecs, clear: clear)
        plan.encryption = encryption
        decisions += reasons
    }

    private func commonOptions() -> TranscodeOptions {
        var common = TranscodeOptions(output: "ladder.mp4", preset: options.preset, container: .mp4)
        common.deinterlace = options.deinterlace
        common.audioTracks = options.audioTracks
        if options.audioTracks != .none {
            common.audioCodec = .codec(.aac)
            common.channels = .stereo
            common.sampleRate = 48_000
            common.audioBitRate = options.audioBitRate ?? 128_000
        }
        common.subtitleTracks = .none
        common.cores = options.cores
        common.video = .codec(options.codecs.first ?? .h264)
        return common
    }

    // MARK: Picture

    private mutating func planVideo(
        _ video: VideoTrackPlan, _ whole: VideoEncodePlan
    ) throws(VTXError) -> (LadderVideoPlan, SegmentGrid) {
        if let other = options.codecs.first(where: {
            $0.traits.ladderRate != nil && !$0.traits.segments.contains(options.segments)
        }) {
            throw VTXError(
                .usage, "\(other.title) is not supported in transport streams", remedy: .set(.segmentType, to: "fmp4"))
        }
        for codec in options.codecs where codec.traits.ladderRate == nil {
            throw VTXError(
                .usage, "\(codec.title) is not supported for HLS ladders",
                remedy: "use \(choice(VideoCodec.allCases.filter { $0.traits.ladderRate != nil }.map(\.rawValue)))")
        }
        let display = whole.size
        let rate = try ladderRate(of: video.stream)
        let requests = try chooseRungs(display)
        // Rungs under 480 rows get at most 30 frames a second (Apple 1.x).
        let divisors = requests.map { $0.shortSide < 480 && rate > Rational(32) ? 2 : 1 }
        let grid = SegmentGrid(
            frameRate: rate, gop: options.gopDuration, segment: options.segmentDuration,
            divisor: divisors.max() ?? 1)

        let sizes = requests.map { display.scaled(toShortSide: $0.shortSide) }
        var common = commonOptions()
        common.fit = .size(sizes[0])
        let top = try planTranscode(of: source, options: common, capabilities: capabilities)
        guard let shared = top.video?.encode else {
            throw VTXError(.internal, "the plan of the largest rung has no picture")
        }
        var rungs: [RungPlan] = []
        for codec in options.codecs {
            for (index, request) in requests.enumerated() {
                rungs.append(
                    try planRung(
                        request, size: sizes[index], divisor: divisors[index], codec: codec, grid: grid,
                        color: shared.color))
            }
        }
        return (
            LadderVideoPlan(
                stream: video.stream, expected: shared.expected, filters: shared.filters, refit: shared.refit,
                decoderThreads: shared.decoderThreads, filterThreads: shared.filterThreads,
                maySeek: Self.maySeek(source), rungs: rungs), grid
        )
    }

    /// A chunk is an eighth of the source, 24 seconds at least and a minute at most: enough pieces for several passes
    /// at once, and little to do again after an interruption; what encoders see twice is about a fiftieth. With average
    /// bit rates it is a minute: each chunk gets the same bits, whatever is in it, and an encoder has to find its rate
    /// anew (chunks of 18 s cost 0.15 to 0.33 dB in `scripts/bench ladder`).
    private func planChunks(_ plan: inout LadderPlan) {
        let segment = plan.grid.segmentDuration.value
        let source = plan.expectedDuration?.seconds
        let shortest = options.rate == .abr ? 60.0 : 24
        let seconds = options.chunkDuration?.value ?? max(shortest, min(60, (source ?? 240) / 8))
        guard options.chunkDuration != Rational(0) else {
            plan.chunkSegments = Int(Int32.max) / plan.grid.segmentFrames
            return
        }
        plan.chunkSegments = max(1, Int((seconds / segment).rounded()))
        let length = segment * Double(plan.chunkSegments)
        guard source.map({ $0 > length }) ?? true else { return }
        for index in plan.video?.rungs.indices ?? 0..<0 {
            plan.video?.rungs[index].encode.divideIntoChunks()
        }
    }

    private mutating func ladderRate(of stream: Int) throws(VTXError) -> Rational {
        guard let video = source.streams.first(where: { $0.index == stream })?.video else {
            throw VTXError(.internal, "stream \(stream) has no picture")
        }
        var rate = constantRate(for: video)
        // Averages can be fractions that no time base divides; this is within 20 ms in two hours.
        if rate.numerator > 500_000 { rate = Rational(Int64((rate.value * 10_000).rounded()), 10_000) }
        if options.deinterlace == .field { rate = rate * Rational(2) }
        if sourceRate(video).isVariable {
            decisions.append(.video(.constantRate(rate, because: .renditions)))
        }
        // Apple 1.18: at most 60 frames a second.
        let highest = options.maximumFrameRate ?? Rational(60)
        if rate > highest {
            var divisor: Int64 = 2
            while rate / Rational(divisor) > highest { divisor += 1 }
            let lower = rate / Rational(divisor)
            decisions.append(.video(.reducedRate(from: rate, to: lower, limit: highest)))
            rate = lower
        }
        return rate
    }

    /// Formats whose frames bring times of their own, and in which a search leads to them.
    private static func maySeek(_ source: MediaDescription) -> Bool {
        let formats = Set(source.format.split(separator: ","))
        return !formats.isDisjoint(with: ["mov", "mp4", "matroska", "webm", "mpegts", "mpeg"])
    }

    private mutating func chooseRungs(_ display: PixelSize) throws(VTXError) -> [RungRequest] {
        guard let asked = options.rungs else {
            return defaultRungs(shortSide: display.shortSide).map { RungRequest(shortSide: $0) }
        }
        let possible = asked.filter { $0.shortSide <= display.shortSide }
        for request in asked where request.shortSide > display.shortSide {
            decisions.append(.video(.leftOutRung(shortSide: request.shortSide, source: display.shortSide)))
        }
        guard !possible.isEmpty else {
            throw VTXError(
                .usage, "all rungs asked for are above the source, which is \(display)",
                remedy: "ask for \(display.shortSide - display.shortSide % 2)p or less")
        }
        guard Set(possible.map(\.shortSide)).count == possible.count else {
            throw VTXError(.usage, "a rung is asked for twice")
        }
        return possible.sorted { $0.shortSide > $1.shortSide }
    }

    private func planRung(
        _ request: RungRequest, size: PixelSize, divisor: Int, codec: VideoCodec, grid: SegmentGrid,
        color: ColorDescription
    ) throws(VTXError) -> RungPlan {
        let rate = grid.frameRate / Rational(Int64(divisor))
        let average =
            request.bitRate
            ?? usualBitRate(
                shortSide: request.shortSide, frameRate: rate, codec: codec)
        var one = TranscodeOptions(output: "rung.mp4", preset: options.preset, container: .mp4)
        one.deinterlace = options.deinterlace
        one.subtitleTracks = .none
        one.cores = options.cores
        one.video = .codec(codec)
        one.fit = .size(size)
        one.frameRate = rate
        one.speed = options.speed
        one.threads = options.threads
        one.audioTracks = .none
        switch options.rate {
        case .capped:
            one.crf = options.crf
        case .abr:
            if options.crf != nil { throw VTXError(.usage, "\(.crf) and \(.rateMode) abr cannot be combined") }
            one.bitRate = average
            one.maximumBitRate = average * 3 / 2
        }
        guard var encode = try planTranscode(of: source, options: one, capabilities: capabilities).video?.encode
        else { throw VTXError(.internal, "a rung has no picture") }
        encode.filters = []
        encode.refit = []
        encode.expected = FrameShape(size: size, pixelFormat: encode.pixelFormat)
        encode.color = color
        encode.frameRate = rate
        encode.isConstantRate = true
        encode.timeBase = timeBase(forConstant: grid.frameRate)
        encode.keyFrameInterval = grid.gopFrames / divisor
        // Several encoders side by side fill the cores, and each alone wastes least with one thread. With more,
        // rate control depends on the timing of threads (x264 with a ceiling, x265, SVT-AV1), and so do the bytes.
        encode.encoderThreads = options.threads ?? 1
        if options.rate == .capped {
            // Peak over average stays near maxrate plus bufsize over the segment: 1.5 + 2/6 (design section 5).
            guard let crf = encode.rate.crf else {
                throw VTXError(.internal, "\(codec.title) has no constant quality")
            }
            encode.rate = .capped(crf: crf, maximum: average * 3 / 2, buffer: average * 2)
        }
        encode.fixGOP()
        if options.threads == nil { codec.traits.keepToOneThread(&encode.options) }
        let suffix = options.codecs.count > 1 ? "-\(codec.rawValue)" : ""
        return RungPlan(
            name: "\(request.shortSide)p\(suffix)", encode: encode, frameDivisor: divisor,
            tag: codec.traits.isoTag(options: encode.options))
    }

    // MARK: Audio

    private mutating func planAudio(_ base: TranscodePlan) throws(VTXError) -> [AudioRenditionPlan] {
        var renditions: [AudioRenditionPlan] = []
        for (index, track) in base.audio.enumerated() {
            var track = track
            // Stereo also of one channel: Apple 2.3 wants stereo offered.
            track.encode?.layout = "stereo"
            track.encode?.bitRate = options.audioBitRate ?? 128_000
            fillStart(&track)
            renditions.append(
                AudioRenditionPlan(name: name(of: track, index, suffix: ""), group: "audio", track: track))
        }
        guard let codec = options.surround else { return renditions }
        let wide = Set(
            source.streams.filter { ($0.audio?.channels ?? 0) >= 6 }.map(\.index))
        guard base.audio.contains(where: { wide.contains($0.stream) }) else {
            decisions.append(.audio(track: nil, .noSurround))
            return renditions
        }
        var six = TranscodeOptions(output: "audio.mp4", preset: options.preset, container: .mp4)
        six.video = .none
        six.subtitleTracks = .none
        six.audioTracks = options.audioTracks
        six.sampleRate = 48_000
        six.audioCodec = .codec(codec)
        six.channels = .surround51
        six.audioBitRate = codec.traits.surroundRate ?? 384_000
        let plan = try planTranscode(of: source, options: six, capabilities: capabilities)
        for (index, track) in plan.audio.enumerated() where wide.contains(track.stream) {
            var track = track
            fillStart(&track)
            renditions.append(
                AudioRenditionPlan(
                    name: name(of: track, index, suffix: "-5.1"), group: "audio-surround", track: track))
        }
        return renditions
    }

    /// Renditions all begin at 0: silence fills what a late track lacks.
    private func fillStart(_ track: inout AudioTrackPlan) {
        guard var encode = track.encode else { return }
        encode.filters = encode.filters.map {
            $0.hasPrefix("aresample=async=1") ? $0 + ":first_pts=0" : $0
        }
        track.encode = encode
    }

    private func name(of track: AudioTrackPlan, _ index: Int, suffix: String) -> String {
        "audio-\(index + 1)" + track.label.nameSuffix + suffix
    }

    // MARK: Subtitles and thumbnails

    private mutating func planSubtitles() throws(VTXError) -> [SubtitleRenditionPlan] {
        // WebM holds what HLS holds: WebVTT.
        var text = TranscodeOptions(output: "ladder.webm", preset: options.preset, container: .webm)
        text.video = .codec(.vp9)
        text.audioTracks = .none
        text.subtitleTracks = options.subtitleTracks
        text.subtitleFiles = options.subtitleFiles
        text.subtitleEncoding = options.subtitleEncoding
        text.cores = options.cores
        let plan = try planTranscode(of: source, options: text, capabilities: capabilities)
        // The reasons of a transcode to WebM name other ways out.
        decisions += plan.decisions.compactMap { decision in
            if case .output(.decodedText) = decision { return decision }
            if case .output(.droppedStyles) = decision { return decision }
            guard case .subtitle(let track, .dropped(let obstacle, _)) = decision else { return nil }
            guard case .bitmap = obstacle else { return decision }
            return .subtitle(track: track, .dropped(.bitmapInPackage, burn: nil))
        }
        return plan.subtitles.enumerated().map { index, track in
            var track = track
            track.convert = .webvtt
            return SubtitleRenditionPlan(
                name: "subtitles-\(index + 1)" + track.label.nameSuffix, track: track)
        }
    }

    /// Pictures of 160 pixels on the long side; at most 400 for any source, five seconds apart at least.
    private func planThumbnails(_ plan: LadderPlan) -> ThumbnailPlan? {
        guard let size = plan.video?.rungs.last?.encode.size else { return nil }
        let small = size.width >= size.height ? size.scaled(toWidth: 160) : size.scaled(toHeight: 160)
        let seconds = max(5, (plan.expectedDuration?.seconds ?? 0) / 400)
        let frames = Int((seconds * plan.grid.frameRate.value).rounded(.up))
        return ThumbnailPlan(size: small, columns: 5, rows: 5, everyFrames: max(1, frames))
    }
}

extension PixelSize {
    /// The size of the same shape whose shorter side is `side`.
    func scaled(toShortSide side: Int) -> PixelSize {
        width >= height ? scaled(toHeight: side) : scaled(toWidth: side)
    }
}
