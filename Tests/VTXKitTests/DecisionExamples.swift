// One example of each automatic decision.
//
// Each list is a chain: a switch over all cases names the example that follows. A case that is new in the library does
// not compile until it has its place here.

import VTXModel

/// The values of a chain, from its first one.
private func chain<Value>(from first: Value, _ next: (Value) -> Value?) -> [Value] {
    var values = [first]
    while let value = next(values[values.count - 1]) { values.append(value) }
    return values
}

/// Examples of all decisions: each case, and each reason in one of its cases.
let allDecisions: [Decision] =
    (videoDecisions.map(Decision.video) + audioDecisions.map { .audio(track: 2, $0) }
        + [.audio(track: nil, .noSurround)] + subtitleDecisions.map { .subtitle(track: 3, $0) }
        + outputDecisions.map(Decision.output) + packageDecisions.map(Decision.package)
        + tagDecisions.map(Decision.tags) + encryptionDecisions.map(Decision.encryption)
        + captionDecisions.map(Decision.captions) + filterDecisions.map(Decision.filter)
        + extractDecisions.map(Decision.extract) + joinDecisions.map(Decision.join)
        + compareDecisions.map(Decision.compare) + [
            .reported(reportedText)
        ])

/// With all kinds of parts of a message.
let reportedText = DecisionText(
    "video", "made \(.frameRate, "25") constant", because: "\(.strict) and \(command: .ladder) ask for it")

private let size = PixelSize(1920, 1080)
private let small = PixelSize(640, 360)
private let rate = Rational(30000, 1001)
private let time = MediaTime(seconds: 1.5)

private let videoDecisions =
    chain(from: VideoDecision.shownAsStored, afterVideo)
    + videoDropReasons.map { .dropped(stream: 1, because: $0) }
    + evidences.map { .deinterlaced(perField: true, because: $0) }
    + rateReasons.map { .constantRate(rate, because: $0) }
    + [.enlarged(to: size, source: small, height: nil), .variableRate(average: nil)]
    + [.outdatedSpatial("side by side", because: [])]
    + [.assumedRate(rate, source: nil, because: .frameRate), .assumedColorSpace("smpte170m", isPartlyNamed: true)]
    + [.removedPulldown(to: rate, because: .flags), .removedPulldown(to: rate, because: nil)]

private func afterVideo(_ decision: VideoDecision) -> VideoDecision? {
    switch decision {
    case .shownAsStored: .dropped(stream: 1, because: .otherAsked(2))
    case .dropped: .leftOutRung(shortSide: 1080, source: 720)
    case .leftOutRung: .tooSmallRung(small, .hevc)
    case .tooSmallRung: .limitedRung(shortSide: 2880, to: size, .h264)
    case .limitedRung: .turned(Orientation(quarterTurns: 3, isMirrored: true))
    case .turned: .squarePixels(size, aspect: Rational(4, 3))
    case .squarePixels: .evenSides(from: PixelSize(641, 361), to: small)
    case .evenSides: .enlarged(to: size, source: small, height: 1080)
    case .enlarged: .padded(small, within: size)
    case .padded: .keptSize(small, within: size)
    case .keptSize: .keptShortSide(small, under: 720)
    case .keptShortSide: .deinterlaced(perField: false, because: .header)
    case .deinterlaced: .removedPulldown(to: rate, because: .fields)
    case .removedPulldown: .constantRate(rate, because: .renditions)
    case .constantRate: .assumedRate(rate, source: Rational(500), because: .renditions)
    case .assumedRate: .variableRate(average: rate)
    case .variableRate: .madeTimestamps(rate)
    case .madeTimestamps: .filledStart(.avi)
    case .filledStart: .reducedRate(from: Rational(60), to: Rational(30), limit: Rational(50))
    case .reducedRate: .nothingToKeep
    case .nothingToKeep: .converted(to: "yuv420p", losing: ["10 bits", "4:4:4"])
    case .converted: .droppedAlpha(.vp9)
    case .droppedAlpha: .droppedDolbyVision
    case .droppedDolbyVision: .uncarriedDolbyVision(target: "transport streams")
    case .uncarriedDolbyVision: .droppedSpatial("equirectangular", target: "MOV")
    case .droppedSpatial: .outdatedSpatial("equirectangular", because: [.crop, .rotate])
    case .outdatedSpatial: .lossless(.h264, profile: "High 4:4:4 Predictive")
    case .lossless: .toneMapped(pq: true)
    case .toneMapped: .assumedColorSpace("bt709", isPartlyNamed: false)
    case .assumedColorSpace: .limitedRange
    case .limitedRange: .chunks(of: time)
    case .chunks: .hardware(.vaapi, .h264)
    case .hardware: .noHardware(.h264, "Cannot load libcuda.so.1")
    case .noHardware: nil
    }
}

private let filterDecisions =
    chain(from: FilterDecision.keptBarsForSubtitle, afterFilter)
    + [.cropped(area, from: size, sampled: nil), .notCropped(sampled: 60, isDark: true)]
    + [.notCropped(sampled: 0, isDark: false), .volume(.factor(0.5))]

private let area = PixelArea(x: 0, y: 140, size: PixelSize(1920, 800))

private func afterFilter(_ decision: FilterDecision) -> FilterDecision? {
    switch decision {
    case .keptBarsForSubtitle: .cropped(area, from: size, sampled: 60)
    case .cropped: .notCropped(sampled: 60, isDark: false)
    case .notCropped: .nothingToCrop(PixelArea(x: 0, y: 0, size: size))
    case .nothingToCrop: .rotated(degrees: 90)
    case .rotated: .flipped(.vertical)
    case .flipped: .denoised(.medium)
    case .denoised: .debanded
    case .debanded: .sharpened(.light)
    case .sharpened: .faded(FadeLengths(start: 1, end: 0.5))
    case .faded: .fadedAudio(FadeLengths(start: 0, end: 2))
    case .fadedAudio: .volume(.decibels(-3))
    case .volume: .spedUp(Rational(3, 2))
    case .spedUp: .overlaid(OverlayImage("logo.png:top-left:10%:0.5")!)
    case .overlaid: .custom("eq=contrast=1.1")
    case .custom: .customAudio("highpass=f=80")
    case .customAudio: nil
    }
}

private let videoDropReasons: [VideoDropReason] = chain(from: .audioOnly(.m4a)) {
    switch $0 {
    case .audioOnly: .noSamples
    case .noSamples: .otherAsked(0)
    case .otherAsked: .otherBetter(2)
    case .otherBetter: nil
    }
}

private let evidences: [InterlaceEvidence] = chain(from: .asked("frame")) {
    switch $0 {
    case .asked: .header
    case .header: .flagged(20, of: 30)
    case .flagged: .combed(21, of: 31)
    case .combed: .repeatedFields
    case .repeatedFields: nil
    }
}

private let rateReasons: [ConstantRateReason] = chain(from: .frameRate) {
    switch $0 {
    case .frameRate: .keyFrameInterval
    case .keyFrameInterval: .speedUp
    case .speedUp: .codec(.mpeg4)
    case .codec: .container(.avi)
    case .container: .renditions
    case .renditions: .preset("edit")
    case .preset: nil
    }
}

private let audioDecisions =
    chain(from: AudioDecision.droppedWithoutFormat, afterAudio)
    + layoutReasons.map { .monoToStereo($0) }
    + layoutReasons.map { .mixedDown(from: "5.1", to: "stereo", isNormalized: false, $0) }
    + [.resampled(from: 8000, to: 48_000, .opus, in: nil), .keptLayout("stereo", codec: nil)]

private func afterAudio(_ decision: AudioDecision) -> AudioDecision? {
    switch decision {
    case .droppedWithoutFormat: .droppedWithoutSamples
    case .droppedWithoutSamples: .droppedForOther(.mp3)
    case .droppedForOther: .droppedWithoutDecoder(codec: "dolby_e")
    case .droppedWithoutDecoder: .joinedPair(1, 2)
    case .joinedPair: .severalMono(4)
    case .severalMono: .otherCodec(.aac, preferred: .opus)
    case .otherCodec: .reducedDepth(16, .flac)
    case .reducedDepth: .resampled(from: 96_000, to: 48_000, .aac, in: .mp4)
    case .resampled: .keptLayout("5.1(side)", codec: .mp3)
    case .keptLayout: .monoToStereo(.asked("stereo"))
    case .monoToStereo: .mixedDown(from: "7.1", to: "5.1", isNormalized: true, .codec(.ac3))
    case .mixedDown: .assumedLayout("5.1")
    case .assumedLayout: .mappedLayout("7.1", from: "7.1(wide)", .opus)
    case .mappedLayout: .limitedBitRate(288_000, .aac, sampleRate: 24_000)
    case .limitedBitRate: .loweredBitRate(96_000, from: 160_000)
    case .loweredBitRate: .noSurround
    case .noSurround: nil
    }
}

private let layoutReasons: [LayoutReason] = chain(from: .asked("mono")) {
    switch $0 {
    case .asked: .codec(.mp3)
    case .codec: .preset("phone")
    case .preset: nil
    }
}

private let subtitleDecisions: [SubtitleDecision] =
    chain(from: .dropped(.bitmapInPackage, burn: nil)) {
        switch $0 {
        case .dropped: .converted(from: "ass", to: .movText, losesStyle: true, in: .mp4)
        case .converted: .droppedFlag("forced", .mov)
        case .droppedFlag: nil
        }
    } + obstacles.map { .dropped($0, burn: 1) }

private let obstacles: [SubtitleObstacle] = chain(from: .container(.avi)) {
    switch $0 {
    case .container: .text(.ts)
    case .text: .bitmap(.webm)
    case .bitmap: .bitmapInPackage
    case .bitmapInPackage: .notText(codec: "dvb_teletext")
    case .notText: .noEncoder("mov_text")
    case .noEncoder: nil
    }
}

private let outputDecisions: [OutputDecision] = chain(from: .keptCoverArt) {
    switch $0 {
    case .keptCoverArt: .droppedCoverArt(codec: "bmp", .mp4)
    case .droppedCoverArt: .unreadableCoverArt(codec: "mjpeg")
    case .unreadableCoverArt: .droppedAttachment(.mp4)
    case .droppedAttachment: .attachmentNotPackaged
    case .attachmentNotPackaged: .droppedData(["#2 gpmd", "#3 tmcd"])
    case .droppedData: .droppedChapters(.webm)
    case .droppedChapters: .droppedLateChapters(2, end: MediaTime(4, Rational(1)))
    case .droppedLateChapters: .chosenProgram(path: "a.ts", program: "1 (News)", others: ["2 (Sport)", "7"])
    case .chosenProgram: .ignoredEditRates(path: "a.mov", stream: 0, [Rational(0), Rational(2)])
    case .ignoredEditRates: .ignoredCrop(path: "a.mkv", stream: 0, [8, 0, 8, 4])
    case .ignoredCrop: .droppedTags(["make"], .wav)
    case .droppedTags: .tagsNotPackaged(["location", "make"])
    case .tagsNotPackaged: .decodedTags(path: "a.avi", encoding: "WINDOWS-1252")
    case .decodedTags: .decodedText(path: "a.srt", encoding: "WINDOWS-1252", isDetected: true)
    case .decodedText: .droppedStyles(path: "a.vtt")
    case .droppedStyles: .chosenByPreset("web", .h264, .aac, within: size)
    case .chosenByPreset:
        .replacedOfPreset("web", [.init(.crf, "30", own: "CRF 23"), .init(.video, "vp9", own: "H.264")])
    case .replacedOfPreset: .withoutEffect([.volume, .loudness], .audio)
    case .withoutEffect: .targetSize(25_000_000, video: 1_234_000, passes: 2, audio: 128_000)
    case .targetSize: .sizeLimit(10_000_000, preset: "discord", maximum: 4_000_000)
    case .sizeLimit: .streamed(.mp4)
    case .streamed(.mp4): .streamed(.mkv)
    case .streamed(.mkv): .streamed(.ogg)
    case .streamed: nil
    }
}

private let tagDecisions: [TagDecision] =
    chain(from: .droppedChapters) {
        switch $0 {
        case .droppedChapters: .changed(set: ["title"], removed: ["comment", "date"])
        case .changed: .absent(["album"])
        case .absent: .stripped(["location"], hasTitles: true)
        case .stripped: .labelled(track: "audio 2", key: "title")
        case .labelled: .chapters(3, path: "c.txt")
        case .chapters: .cover(path: "c.png", small)
        case .cover: .droppedCover
        case .droppedCover: .keptCover(.tag, .opus)
        case .keptCover: .otherCovers(2)
        case .otherCovers: nil
        }
    } + [.stripped([], hasTitles: false), .keptCover(.attachment, .mkv), .absent(["album", "date"])]

private let packageDecisions =
    chain(from: PackageDecision.chosenVideo(path: "a.mp4", stream: 1, of: 2), afterPackage)
    + faults.map { .keptFault(path: "b.mp4", $0) } + [.leftOutAudio(path: "a.mp4", serving: nil)]

private func afterPackage(_ decision: PackageDecision) -> PackageDecision? {
    switch decision {
    case .chosenVideo: .keptFault(path: "a.mp4", .interlaced)
    case .keptFault: .leftOutAudio(path: "a.mp4", serving: "b.mp4")
    case .leftOutAudio: .leftOutSubtitles(path: "a.mp4", serving: "b.mp4")
    case .leftOutSubtitles: .emptyTrack(path: "a.mp4", stream: 1)
    case .emptyTrack: .leftOutTrack(path: "a.mp4", stream: 2, codec: "vorbis", .ts)
    case .leftOutTrack: .cutStart(rendition: "720p", path: "a.mp4", time)
    case .cutStart: .averageRate(rendition: "720p", rate)
    case .averageRate: .unequalEnds(longest: "720p", time, shortest: "480p", .zero)
    case .unequalEnds: .alignedStarts(first: "a.mp4", .zero, second: "b.mp4", time)
    case .alignedStarts: .longSegments(time)
    case .longSegments: .movedAudio(path: "a.m4a", start: time, video: .zero)
    case .movedAudio: .silence(rendition: "audio", time)
    case .silence: .lateAudio(rendition: "audio", time)
    case .lateAudio: .cutAudio(rendition: "audio", time)
    case .cutAudio: .shortAudio(rendition: "audio", time)
    case .shortAudio: nil
    }
}

private let faults: [PackageFault] = chain(from: .interlaced) {
    switch $0 {
    case .interlaced: .rotated
    case .rotated: .oddSize
    case .oddSize: .unnamedDolbyVision(profile: 7)
    case .unnamedDolbyVision: nil
    }
}

private let captionDecisions: [CaptionDecision] = chain(from: .dropped(.av1)) {
    switch $0 {
    case .dropped: .removed
    case .removed: .converted(.cc(1))
    case .converted: .nothingToConvert
    case .nothingToConvert: .noVideo
    case .noVideo: nil
    }
}

private let encryptionDecisions: [EncryptionDecision] = chain(from: .keyFormat("com.apple.streamingkeydelivery")) {
    switch $0 {
    case .keyFormat: .keysInPackage
    case .keysInPackage: .keysOutside("/keys")
    case .keysOutside: .clear(["subtitles", "thumbnails"])
    case .clear: nil
    }
}

private let extractDecisions: [ExtractDecision] =
    chain(from: .coverOnly) {
        switch $0 {
        case .coverOnly: .chosenCover(stream: 2, of: 3)
        case .chosenCover: .typicalFrame(at: time)
        case .typicalFrame: .lateVideo(at: time)
        case .lateVideo: .clipLength(time)
        case .clipLength: .clipRate(rate)
        case .clipRate: .palette
        case .palette: .chosenTrack(2, of: 3, isDefault: true)
        case .chosenTrack: .captions(.cc(1))
        case .captions: .convertedText(from: "ass", to: .subrip, losesStyle: true)
        case .convertedText: nil
        }
    } + [.chosenTrack(1, of: 2, isDefault: false), .convertedText(from: "mov_text", to: .webvtt, losesStyle: false)]

private let joinDecisions: [JoinDecision] =
    chain(from: .copied(.video, parts: 3)) {
        switch $0 {
        case .copied: .encoded(.audio(1), path: "b.mp4", because: .asked)
        case .encoded: .shaped(path: "b.mp4", from: small, to: size)
        case .shaped: .silence(path: "b.mp4", track: 1)
        case .silence: .droppedTracks(path: "b.mp4", .audio, count: 2)
        case .droppedTracks: .notJoined(path: "b.mp4", [.subtitle, .data])
        case .notJoined: .replacedChapters(path: "b.mp4", count: 3)
        case .replacedChapters: .droppedCover(path: "b.mp4")
        case .droppedCover: .filled(path: "b.mp4", track: 1, time)
        case .filled: .cut(path: "b.mp4", track: 1, time)
        case .cut: .cutStart(path: "b.mp4", track: 1, time)
        case .cutStart: .early(path: "b.mp4", time)
        case .early: .held(path: "b.mp4", time)
        case .held: nil
        }
    } + joinObstacles.dropFirst().map { .encoded(.video, path: "b.mp4", because: $0) }

private let joinObstacles: [JoinObstacle] = chain(from: .asked) {
    switch $0 {
    case .asked: .container(codec: "vp9", .mov)
    case .container: .codec("hevc", first: "h264")
    case .codec: .parameterSets
    case .parameterSets: .size(small, first: size)
    case .size: .frameRate(Rational(25), first: rate)
    case .frameRate: .editList
    case .editList: .pixelFormat("yuv444p", first: "yuv420p")
    case .pixelFormat: .appearance
    case .appearance: .sampleRate(44_100, first: 48_000)
    case .sampleRate: .layout("mono", first: "stereo")
    case .layout: .openStart
    case .openStart: .gap(time)
    case .gap: .lateAudio(time)
    case .lateAudio: .lateVideo(time)
    case .lateVideo: .missing
    case .missing: .untimed
    case .untimed: .timeless(.avi)
    case .timeless: .numbered
    case .numbered: nil
    }
}

private let compareDecisions: [CompareDecision] =
    chain(from: .scaled(path: "b.mp4", from: small, to: size)) {
        switch $0 {
        case .scaled: .turned(path: "b.mp4", Orientation(quarterTurns: 1))
        case .turned: .aspect(path: "b.mp4", Rational(4, 3), reference: Rational(16, 9))
        case .aspect: .format(path: "b.mp4", from: "yuv420p", to: "yuv420p10le")
        case .format: .range(path: "b.mp4", isFull: true)
        case .range: .matrix(path: "b.mp4", from: "smpte170m", to: "bt709")
        case .matrix: .rate(path: "b.mp4", Rational(25), reference: rate)
        case .rate: .variableRate(path: "b.mp4")
        case .variableRate: .stream(path: "b.mp4", 1, of: 2)
        case .stream: nil
        }
    } + [.range(path: "b.mp4", isFull: false)]
