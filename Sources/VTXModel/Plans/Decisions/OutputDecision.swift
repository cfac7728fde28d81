/// What a planner decides about contents that are not video, audio or subtitles.
public enum OutputDecision: Hashable, Codable, Sendable {
    /// Cover art is kept in a file without video.
    case keptCoverArt
    /// Cover art of a codec, by libav's name, is not written.
    case droppedCoverArt(codec: String, Container)
    /// Cover art of a codec, by libav's name, cannot be read.
    case unreadableCoverArt(codec: String)
    /// An attached file is not written.
    case droppedAttachment(Container)
    /// An attached file is not part of an adaptive package.
    case attachmentNotPackaged
    /// Data tracks are not written: `#2 gpmd`.
    case droppedData([String])
    /// Chapters are not written.
    case droppedChapters(Container)
    /// Chapters that begin where the output has ended are not written.
    case droppedLateChapters(Int, end: MediaTime)
    /// One of several programs is used: `2 (News)`.
    case chosenProgram(path: String, program: String, others: [String])
    /// Rates at which the edit list of a stream wants parts to be played are ignored.
    case ignoredEditRates(path: String, stream: Int, [Rational])
    /// Pixels at the edges (left, top, right, bottom) that the container does not want to be shown are shown.
    case ignoredCrop(path: String, stream: Int, [Int])
    /// The container has no place for these tags.
    case droppedTags([String], Container)
    /// Tags that are not part of an adaptive package.
    case tagsNotPackaged([String])
    /// Tags of a file are not UTF-8, and read as this.
    case decodedTags(path: String, encoding: String)
    /// A subtitle file is not in UTF-8; `isDetected`: nobody has said what it is in.
    case decodedText(path: String, encoding: String, isDetected: Bool)
    /// Styles and regions of a WebVTT file are not written.
    case droppedStyles(path: String)
    /// A preset for a purpose, by its name, has chosen codecs, and frames of a size at most.
    case chosenByPreset(String, VideoCodec?, AudioCodec?, within: PixelSize?)
    /// Values of a preset, by its name, in whose place others were asked for.
    case replacedOfPreset(String, [PresetReplacement])
    /// What was asked of streams of a kind that the source does not have.
    case withoutEffect([Setting], StreamDescription.Kind)
    /// Written to standard output, as its container can be.
    case streamed(Container)
    /// Bit rates follow from a size: bits per second of the video and of all audio tracks.
    case targetSize(Int64, video: Int64?, passes: Int, audio: Int64)
    /// The preset's quality needs less than its limit, with a maximum bit rate of the video that keeps it.
    case sizeLimit(Int64, preset: String, maximum: Int64)

    /// The decision for people.
    var text: DecisionText {
        switch self {
        case .streamed(let container): streamedText(container)
        case .targetSize(let bytes, let video, let passes, let audio): targetText(bytes, video, passes, audio)
        case .sizeLimit(let bytes, let preset, let maximum): limitText(bytes, preset, maximum)
        case .withoutEffect(let settings, let kind):
            DecisionText("output", "left out \(Message.list(settings))", because: "the source has no \(kind.rawValue)")
        case .keptCoverArt: DecisionText("cover art", "kept", because: "it is a still image, not a video")
        case .droppedCoverArt(let codec, let container):
            DecisionText(
                "cover art", "dropped", because: "\(codec) cover art is not supported in \(container.title)")
        case .unreadableCoverArt(let codec):
            DecisionText("cover art", "dropped", because: "it is damaged: there is no \(codec) image in it")
        case .droppedAttachment(let container):
            DecisionText("attachment", "dropped", because: "\(container.title) does not support attachments")
        case .attachmentNotPackaged: DecisionText("attachment", "dropped", because: "HLS does not support attachments")
        case .droppedData(let names):
            DecisionText(
                "data", "dropped \(names.count == 1 ? "stream" : "streams") \(names.joined(separator: ", "))",
                because: names.count == 1 ? "data track" : "data tracks")
        case .droppedChapters(let container):
            DecisionText("output", "dropped the chapters", because: "\(container.title) does not support chapters")
        case .droppedLateChapters(let count, let end):
            DecisionText(
                "output", "dropped \(counted(count, "chapter"))",
                because: "\(count == 1 ? "it begins" : "they begin") after the end at \(end)")
        case .chosenProgram(let path, let program, let others):
            DecisionText(
                path, "program \(program) is used",
                because: "\(.program, "N") chooses another: \(others.joined(separator: ", "))")
        case .ignoredEditRates(let path, let stream, let rates):
            DecisionText(
                "stream #\(stream) of \(path)", "plays at the normal rate",
                because: "other rates in edit lists (\(editRateText(rates))) are not supported")
        case .ignoredCrop(let path, let stream, let edges):
            DecisionText(
                "stream #\(stream) of \(path)", "shown with its edges",
                because: "the crop of the container (\(cropText(edges))) is not supported")
        case .droppedTags(let names, let container):
            DecisionText(
                "metadata", "dropped \(names.joined(separator: ", "))",
                because: "\(container.title) has no place for \(names.count == 1 ? "this tag" : "these tags")")
        case .tagsNotPackaged(let names):
            DecisionText(
                "metadata", "left out \(names.joined(separator: ", "))",
                because: "packages are public, and carry only the title of their source")
        case .decodedTags(let path, let encoding):
            DecisionText(path, "tags read as \(encoding)", because: "they are not UTF-8")
        case .decodedText(let path, let encoding, let isDetected):
            DecisionText(
                path, "read as \(encoding)",
                because: isDetected ? "detected; \(.subtitleEncoding, "NAME") overrides it" : "it is not UTF-8")
        case .droppedStyles(let path):
            DecisionText(path, "styles and regions left out", because: "only the cues and their settings are kept")
        case .replacedOfPreset(let name, let values): PresetReplacement.text(of: values, in: name)
        case .chosenByPreset(let name, let video, let audio, let limit): presetText(name, video, audio, limit)
        }
    }
}

/// A crop for people, which names the edges that have one: `8 left, 4 top`.
package func cropText(_ edges: [Int]) -> String {
    zip(edges, ["left", "top", "right", "bottom"]).filter { $0.0 != 0 }.map { "\($0.0) \($0.1)" }
        .joined(separator: ", ")
}

/// Rates of edits for people, each once: `0, 2`.
package func editRateText(_ rates: [Rational]) -> String {
    var texts: [String] = []
    for rate in rates {
        // As many decimals as tell it from a whole number: 0 holds a frame, and 1 is the normal rate.
        let rounded = (3...6).lazy.map { rate.value.rounded(places: $0) }.first { $0 != $0.rounded() }
        let isTiny = rate.value.rounded(places: 3) == 0
        let value = isTiny || rate.denominator == 1 ? rate.value : rounded ?? rate.value
        let text = decimalText(value)
        if !texts.contains(text) { texts.append(text) }
    }
    return texts.joined(separator: ", ")
}

private func presetText(_ name: String, _ video: VideoCodec?, _ audio: AudioCodec?, _ limit: PixelSize?) -> DecisionText
{
    let parts = [video?.title, audio?.title, limit.map { "at most \($0)" }].compactMap { $0 }
    return DecisionText("output", Message(parts.joined(separator: ", ")), because: "\(.preset, name)")
}

private func streamedText(_ container: Container) -> DecisionText {
    let form: Message =
        switch container.traits.streaming {
        case .whole: "\(container.title)"
        case .fragmented: "fragmented \(container.title)"
        case .lacking(let what): "\(container.title) without \(what)"
        case .impossible: ""
        }
    return DecisionText("output", form, because: "standard output cannot be changed once it is written")
}

/// `target size 25.0 MB: video 1234 kb/s in two passes, audio 128 kb/s`.
private func targetText(_ bytes: Int64, _ video: Int64?, _ passes: Int, _ audio: Int64) -> DecisionText {
    let videoText = video.map { "video \(kilobits($0)) in \(passes == 2 ? "two passes" : "one pass")" }
    let parts = [videoText, audio > 0 ? "audio \(kilobits(audio))" : nil].compactMap { $0 }
    return DecisionText(
        "target size \(sizeText(bytes))", Message(parts.joined(separator: ", ")),
        because: "corrected if the output differs")
}

private func limitText(_ bytes: Int64, _ preset: String, _ maximum: Int64) -> DecisionText {
    DecisionText(
        "output", "at most \(sizeText(bytes)): video up to \(kilobits(maximum)), more than it should need",
        because: "\(.preset, preset)")
}

private func kilobits(_ rate: Int64) -> String { "\(rate / 1000) kb/s" }
