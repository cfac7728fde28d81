// Bit rates that follow from the size of the output.
//
// They are a first guess: the job measures what comes out, and corrects them. Audio is planned first, as it takes what
// its preset says; the video gets the rest.

import VTXModel

extension TranscodeOptions {
    /// The size that the output should have, or that the preset allows; `nil`: any.
    var sizeGoal: (bytes: Int64, isPreset: Bool)? {
        targetSize.map { ($0, false) } ?? preset.purpose?.mostBytes.map { ($0, true) }
    }

    /// What asks for the size.
    private var sizeMessage: Message { targetSize == nil ? "preset '\(preset.name)'" : "\(.targetSize)" }

    /// - Throws: `.usage` for what contradicts a size.
    func checkTargetSize() throws(VTXError) {
        guard sizeGoal != nil else { return }
        let others: [(Setting, Bool)] = [
            (.crf, crf != nil), (.bitRate, bitRate != nil), (.maximumBitRate, maximumBitRate != nil),
            (.twoPass, twoPass), (.chunkDuration, chunkDuration != nil && chunkDuration != Rational(0)),
        ]
        if let other = others.first(where: \.1)?.0 {
            throw VTXError(
                .usage, "\(sizeMessage) and \(other) cannot be combined", cause: "bit rates follow from the size",
                remedy: .anyOf([.leaveOut(other), targetSize == nil ? "use another preset" : .leaveOut(.targetSize)]))
        }
        let settings = ["crf", "qp", "b", "maxrate", "bufsize", "global_quality"]
        if let option = settings.first(where: { encoderOptions[$0] != nil }) {
            throw VTXError(
                .usage, "\(sizeMessage) and \(.encoderOption, option) cannot be combined",
                cause: "bit rates follow from the size", remedy: .leaveOut(.encoderOption))
        }
        if video == .copy {
            throw VTXError(
                .usage, "\(sizeMessage) needs video that is encoded", cause: "copied video keeps its size",
                remedy: "leave out \(.video, "copy")")
        }
    }
}

/// Sets the bit rates of a plan so that its output has the size that was asked for.
///
/// - Throws: `.usage` if the size, or what it is asked of, makes no sense.
func planSize(of plan: inout TranscodePlan, options: TranscodeOptions) throws(VTXError) -> [Decision] {
    guard let goal = options.sizeGoal else { return [] }
    guard let seconds = plan.expectedDuration?.seconds, seconds > 0 else {
        throw VTXError(
            .usage, "the duration of '\(plan.input)' is unknown, so that no bit rate follows from a size",
            remedy: "give the \(.duration) of the output")
    }
    var planner = SizePlanner(
        plan: plan, options: options, bytes: goal.bytes, isPreset: goal.isPreset, seconds: seconds)
    let decisions = plan.video == nil ? try planner.planAudio() : try planner.planVideo()
    plan = planner.plan
    return decisions
}

private struct SizePlanner {
    var plan: TranscodePlan
    let options: TranscodeOptions
    let bytes: Int64
    /// Whether the size is a limit of the preset.
    let isPreset: Bool
    let seconds: Double

    /// Bits for the packets of all tracks.
    private var payload: Double {
        Double(bytes) * 8 * TargetSize.aimedPart - plan.containerOverhead(seconds: seconds) * 8
    }

    private var audioRate: Double { plan.audio.reduce(0) { $0 + $1.estimatedRate } }
    /// Audio takes at most this part of a file with video, unless its own least is more.
    private static let mostAudio = 0.2

    // MARK: Video

    mutating func planVideo() throws(VTXError) -> [Decision] {
        guard let encode = plan.video?.encode else { return [] }
        guard encode.codec.traits.quality.range != nil else {
            throw VTXError(
                .usage, "\(encode.codec.title) has no bit rate to choose, so that its size cannot be planned",
                remedy: "use \(.video, choice(lossyVideo))")
        }
        let wanted = audioRate
        var decisions = lowerAudio()
        let rate = payload / seconds - audioRate
        guard rate >= encode.leastRate else { throw tooSmall(encode, rate, wantedAudio: wanted) }
        plan.targetSize = TargetSize(bytes: bytes)
        if isPreset, let limit = limited(encode, rate) {
            plan.targetSize?.isLimit = true
            plan.video?.encode?.rate = limit
            decisions.append(
                .output(.sizeLimit(bytes, preset: options.preset.name, maximum: limit.limits?.maximum ?? 0)))
            return decisions
        }
        let passes = encode.codec.traits.twoPass == nil ? 1 : 2
        let bitRate = min(Int64(rate), encode.highestUsefulRate, 1_000_000_000)
        plan.video?.encode?.rate = .average(forSize: bitRate)
        plan.video?.encode?.passes = passes
        return decisions + [
            .output(.targetSize(bytes, video: bitRate, passes: passes, audio: Int64(audioRate)))
        ]
    }

    private var lossyVideo: [String] {
        plan.container.videoCodecs.filter { $0.traits.quality.range != nil }.map(\.rawValue)
    }

    /// The quality of the preset, if the size leaves twice of what that usually takes.
    private func limited(_ encode: VideoEncodePlan, _ rate: Double) -> RateControl? {
        guard encode.codec.traits.hasRateBuffer, case .constantQuality(let crf) = encode.rate else { return nil }
        let typical = encode.codec.traits.typicalRate.bitRate(pixels: encode.pixelRate, quality: crf)
        guard rate >= 2 * typical else { return nil }
        // The buffer is full at first, and a second of the maximum large. More than players expect serves nobody.
        let maximum = Int64(min(rate * seconds / (seconds + 1), max(6 * typical, 2_000_000)))
        return .capped(crf: crf, maximum: maximum, buffer: maximum)
    }

    /// Lowers the bit rates of audio that would leave too little to the video.
    private mutating func lowerAudio() -> [Decision] {
        let most = payload / seconds * Self.mostAudio
        guard options.audioBitRate == nil, audioRate > most else { return [] }
        var decisions: [Decision] = []
        let part = most / audioRate
        for index in plan.audio.indices {
            guard let encode = plan.audio[index].encode, let rate = encode.bitRate, let least = encode.leastRate,
                let lower = encode.fitting(max(least, Int64(Double(rate) * part) / 1000 * 1000)), lower < rate
            else { continue }
            plan.audio[index].encode?.bitRate = lower
            decisions.append(.audio(track: index + 1, .loweredBitRate(lower, from: rate)))
        }
        return decisions
    }

    /// - Parameters:
    ///   - rate: what is left to the video.
    ///   - wantedAudio: of all audio where there is room.
    private func tooSmall(_ encode: VideoEncodePlan, _ rate: Double, wantedAudio: Double) -> VTXError {
        let size = encode.size
        let least = encode.leastRate
        let isPortrait = size.height > size.width
        let rows = [1080, 720, 540, 480, 360, 270, 240, 180, 144].first { rows in
            let part = Double(rows) / Double(min(size.width, size.height))
            return part < 1 && leastVideoRate(pixelRate: encode.pixelRate * part * part, codec: encode.codec) <= rate
        }
        var remedies: [Remedy] = []
        if let rows { remedies.append(.set(isPortrait ? .resolution : .height, to: String(rows))) }
        // In a larger file audio may take its part again.
        let audio = min(wantedAudio, max(audioRate, least * Self.mostAudio / (1 - Self.mostAudio)))
        if !isPreset { remedies.append(.set(.targetSize, to: sizeWord(leastBytes(video: least, audio: audio)))) }
        let lossy = plan.container.audioCodecs.first { !$0.isLossless }
        if let lossy, plan.audio.contains(where: { $0.encode?.codec.isLossless ?? false }) {
            remedies.append(.set(.audioCodec, to: lossy.rawValue))
        }
        remedies.append("cut a shorter part with \(.start) and \(.duration)")
        let left = rate < 1000 ? "nothing" : "\(Int(rate / 1000)) kb/s"
        return VTXError(
            .usage,
            "\(sizeText(bytes)) is too small for \(plan.expectedDuration ?? .zero) of \(encode.codec.title) at \(size)",
            cause: "it leaves \(left) to the video, which looks bad below \(Int(least / 1000)) kb/s",
            remedy: .anyOf(remedies))
    }

    // MARK: Audio alone

    mutating func planAudio() throws(VTXError) -> [Decision] {
        guard options.audioBitRate == nil else {
            throw VTXError(
                .usage, "\(.targetSize) and \(.audioBitRate) cannot be combined without video",
                remedy: .leaveOut([.targetSize, .audioBitRate]))
        }
        let encodes = plan.audio.compactMap(\.encode)
        guard encodes.count == plan.audio.count, encodes.allSatisfy({ $0.bitRate != nil }) else {
            let title = encodes.first { $0.bitRate == nil }?.codec.title
            let codecs = plan.container.audioCodecs.filter { !$0.isLossless }.map(\.rawValue)
            throw VTXError(
                .usage,
                "\(title ?? "copied audio") has no bit rate to choose, so that its size cannot be planned",
                remedy: codecs.isEmpty
                    ? "write .m4a, .mp3 or .opus" : "use \(.audioCodec, choice(codecs))")
        }
        let least = encodes.compactMap(\.leastRate).reduce(0, +)
        let rate = payload / seconds
        guard rate >= Double(least) else {
            throw VTXError(
                .usage, "\(sizeText(bytes)) is too small for \(plan.expectedDuration ?? .zero) of audio",
                cause: "it leaves \(max(0, Int(rate / 1000))) kb/s, which sound bad below \(least / 1000) kb/s",
                remedy: .anyOf([
                    .set(.targetSize, to: sizeWord(leastBytes(video: 0, audio: Double(least)))),
                    "use \(.channels, "mono")",
                ]))
        }
        plan.targetSize = TargetSize(bytes: bytes, isLimit: isPreset && rate >= audioRate)
        if plan.targetSize?.isLimit == false { plan = plan.spending(Int64(rate)) }
        return [.output(.targetSize(bytes, video: nil, passes: 1, audio: Int64(audioRate)))]
    }

    // MARK: Sizes that would do

    private func leastBytes(video: Double, audio: Double) -> Double {
        (video + audio) * seconds / 8 / TargetSize.aimedPart + plan.containerOverhead(seconds: seconds)
    }

    /// `45M`, `2.6M`, `800k`: rounded up to two digits.
    private func sizeWord(_ bytes: Double) -> String {
        var step = 1.0
        while bytes / step > 99 { step *= 10 }
        let rounded = (bytes / step).rounded(.up) * step
        let (unit, letter) = rounded >= 1e9 ? (1e9, "G") : rounded >= 1e6 ? (1e6, "M") : (1e3, "k")
        return "\(decimalText((rounded / unit).rounded(places: 2)))\(letter)"
    }
}

extension AudioTrackPlan {
    /// Bits per second, a guess where no bit rate is chosen.
    fileprivate var estimatedRate: Double {
        guard let encode else { return 192_000 }
        if let rate = encode.bitRate { return Double(rate) }
        let samples = Double(encode.sampleRate * channelCount(encode.layout))
        return samples * (encode.codec == .pcm ? 16 : encode.sampleFormat == "s32" ? 16 : 9)
    }
}
