extension VideoDecision {
    /// The decision for people.
    var text: DecisionText {
        let (action, reason) = selectionText ?? shapeText ?? timingText ?? colorText
        return DecisionText("video", action, because: reason)
    }

    private var selectionText: (Message, Message)? {
        switch self {
        case .dropped(let stream, let reason): ("dropped stream #\(stream)", reason.text)
        case .leftOutRung(let side, let source):
            ("left out the rung of \(side)p", "the source has only \(counted(source, "row")), and nothing is enlarged")
        case .tooSmallRung(let size, let codec):
            (
                "left out the rung of \(size.shortSide)p",
                "\(codec.encoder) needs frames of \(codec.traits.smallestSize) at least, and it has \(size)"
            )
        case .limitedRung(let side, let size, let codec):
            (
                "limited the rung of \(side)p to \(size)",
                "larger frames or higher rates are beyond level 5.2 of \(codec.title), the highest that players support"
            )
        case .hardware(let engine, let codec):
            ("encoded by hardware, \(engine.title)", "\(.encoder) asks for it, and it encodes \(codec.title) here")
        case .noHardware(let codec, let problem):
            (
                "encoded by software, \(codec.encoder)",
                "no hardware that encodes \(codec.title) works here\(problem.map { ": \($0)" } ?? "")"
            )
        case .chunks(let length):
            ("encoded in chunks of \(length) each", "an interrupted run resumes with the chunk it was encoding")
        default: nil
        }
    }

    private var shapeText: (Message, Message)? {
        switch self {
        case .turned(let orientation): (Message(orientation.words), "rotation metadata")
        case .shownAsStored: ("shown as stored", "the display matrix is not a multiple of 90 degrees")
        case .squarePixels(let size, let aspect):
            (
                "scaled to square pixels, \(size)",
                "the source's pixels are \(aspect.numerator):\(aspect.denominator)"
            )
        case .evenSides(let from, let to): ("scaled from \(from) to \(to)", "video needs even sides")
        case .enlarged(let size, let source, let height?):
            ("enlarged to \(size)", "\(.height, "\(height)") is more than the source's \(source.height)")
        case .enlarged(let size, let source, nil):
            ("enlarged to \(size)", "the size asked for is more than the source's \(source)")
        case .padded(let size, let canvas): ("padded with black, \(size) within \(canvas)", "the aspect ratios differ")
        case .keptShortSide(let size, let side):
            ("kept at \(size)", "its shorter side is less than \(.resolution, "\(side)"), and it is not enlarged")
        case .keptSize(let size, let box): ("kept at \(size)", "it fits \(box) and is not enlarged")
        default: nil
        }
    }

    private var timingText: (Message, Message)? {
        switch self {
        case .deinterlaced(let perField, let evidence):
            (perField ? "deinterlaced, one frame per field" : "deinterlaced", evidence.text)
        case .removedPulldown(let rate, let found):
            ("3:2 pulldown removed, \(rate.framesPerSecond)", found.map(\.text) ?? "\(.deinterlacing, "pulldown")")
        case .constantRate(let rate, let reason):
            ("made \(rate.framesPerSecond) constant", "\(reason.text), and the source's rate varies")
        case .assumedRate(let rate, let source?, let reason):
            (
                "made \(rate.framesPerSecond) constant",
                "\(reason.text), and the source's \(source.framesPerSecond) is out of range (1 to 240)"
            )
        case .assumedRate(let rate, nil, let reason):
            (
                "made \(rate.framesPerSecond) constant",
                "\(reason.text), and the file has no plausible frame rate"
            )
        case .variableRate(let average?):
            (
                "keeping variable frame rate",
                "\(average.framesPerSecond) on average; \(.frameRate) makes it constant"
            )
        case .variableRate(nil):
            ("keeping variable frame rate", "the file has no plausible frame rate; \(.frameRate) makes it constant")
        case .madeTimestamps(let rate):
            ("timestamps made at \(rate.framesPerSecond)", "an elementary stream has none")
        case .filledStart(let container):
            ("first frame repeated to fill the start", "\(container.title) stores no timestamps")
        case .reducedRate(let from, let to, let limit):
            (
                "reduced from \(from.framesPerSecond) to \(to.framesPerSecond)",
                "\(limit.framesPerSecond) is the maximum of this ladder"
            )
        default: nil
        }
    }

    private var colorText: (Message, Message) {
        switch self {
        case .converted(let format, let losing):
            (
                "converted to \(format)",
                "the source has \(losing.joined(separator: " and ")), which few players support"
            )
        case .droppedAlpha(let codec): ("dropped transparency", "\(codec.title) is written without it")
        case .droppedDolbyVision: ("dropped Dolby Vision metadata", "it is only valid for the source's own frames")
        case .uncarriedDolbyVision(let target):
            (
                "left out the configuration of Dolby Vision",
                "there is no place for it in \(target), so that players show the base layer"
            )
        case .droppedSpatial(VideoDescription.mesh, _):
            ("dropped the projection of the video, a mesh", "libav does not read it")
        case .droppedSpatial(let words, let target):
            ("dropped the metadata of \(words) video", "\(target) is written without it; MP4 and MKV keep it")
        case .outdatedSpatial(let words, let settings):
            (
                "dropped the metadata of \(words) video",
                settings.isEmpty
                    ? "it describes frames without black around them"
                    : "it describes whole frames as they were, before \(Message.list(settings))"
            )
        case .lossless(let codec, let profile):
            ("encoded without loss, as \(codec.title) \(profile)", "\(.crf, "0"); few players decode it")
        case .toneMapped(let pq):
            (
                "tone-mapped to BT.709",
                "the source is HDR (\(pq ? "PQ" : "HLG")), which looks washed out on most screens"
            )
        case .assumedColorSpace(let name, let isPartlyNamed):
            (
                "primaries and transfer tagged as \(colorSpaceTitle(name))",
                isPartlyNamed
                    ? "the source is RGB and names only a part of its colour space"
                    : "the source is RGB and names no colour space"
            )
        case .limitedRange: ("converted to limited range", "full range; many players ignore the flag")
        default: ("kept as it is", "\(.hdr, "keep") was asked for, but the source is not HDR")
        }
    }
}

extension VideoDropReason {
    fileprivate var text: Message {
        switch self {
        case .audioOnly(let container): "\(container.title) is an audio-only format"
        case .noSamples: "the track has no samples"
        case .otherAsked(let stream): "stream #\(stream) was asked for"
        case .otherBetter(let stream): "one video stream is written, and #\(stream) is larger or comes first"
        }
    }
}

extension InterlaceEvidence {
    /// The evidence for people.
    package var text: Message {
        switch self {
        case .asked(let value): "\(.deinterlacing, value)"
        case .header: "the file says it is interlaced"
        case .flagged(let count, let total): "\(count) of \(total) sampled frames are flagged interlaced"
        case .combed(let count, let total): "\(count) of \(total) sampled frames are combed, without a flag"
        case .repeatedFields: "only frames flagged interlaced: film with 3:2 pulldown, maybe with video between"
        }
    }
}

extension Pulldown {
    /// The evidence for people.
    fileprivate var text: Message {
        switch self {
        case .flags: "flags repeat a field of every other frame"
        case .fields: "two frames of five mix fields of two film frames"
        }
    }
}

extension ConstantRateReason {
    fileprivate var text: Message {
        switch self {
        case .frameRate: "\(.frameRate)"
        case .keyFrameInterval: "\(.keyFrameInterval)"
        case .speedUp: "\(.speedUp)"
        case .codec(let codec): "\(codec.title) has no exact timestamps"
        case .container(let container): "\(container.title) stores no timestamps"
        case .renditions: "renditions share a segment grid"
        case .preset(let name): "\(.preset, name)"
        }
    }
}

/// libav's name of a colour space for people: `SMPTE 170M`.
private func colorSpaceTitle(_ name: String) -> String {
    switch name {
    case "bt709": "BT.709"
    case "smpte170m": "SMPTE 170M"
    case "smpte240m": "SMPTE 240M"
    default: name
    }
}

extension Orientation {
    /// What is done to stored frames: `mirrored and turned 180 degrees`.
    fileprivate var words: String {
        let turns = [
            "", "turned 90 degrees clockwise", "turned 180 degrees", "turned 90 degrees counterclockwise",
        ]
        return [isMirrored ? "mirrored" : "", turns[quarterTurns]].filter { !$0.isEmpty }.joined(separator: " and ")
    }
}

extension Rational {
    /// `29.97 fps`, to three places.
    package var framesPerSecond: String {
        "\(decimalText(value.rounded(places: 3))) fps"
    }
}
