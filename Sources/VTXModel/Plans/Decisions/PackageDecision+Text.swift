extension PackageDecision {
    /// The decision for people.
    var text: DecisionText { inputText ?? alignmentText }

    private var inputText: DecisionText? {
        switch self {
        case .chosenVideo(let path, let stream, let count):
            DecisionText(
                path, "stream \(stream) becomes a rendition",
                because: "it is the best of \(count) video streams; give each in a separate file to use more")
        case .keptFault(let path, let fault):
            DecisionText(path, "packaged as it is", because: "\(fault.text); \(command: .ladder) fixes it")
        case .leftOutAudio(let path, nil):
            DecisionText(path, "its audio is left out", because: "separate audio files are given")
        case .leftOutAudio(let path, let other?):
            DecisionText(path, "its audio is left out", because: "the audio of \(other) serves all renditions")
        case .leftOutSubtitles(let path, let other):
            DecisionText(path, "its subtitles are left out", because: "those of \(other) serve all renditions")
        case .emptyTrack(let path, let stream):
            DecisionText("stream \(stream) of \(path)", "left out", because: "the track has no samples")
        case .leftOutTrack(let path, let stream, let codec, let segments):
            DecisionText(
                "stream \(stream) of \(path)", "left out", because: "\(codec) is not supported in \(segments.words)")
        default: nil
        }
    }

    private var alignmentText: DecisionText {
        switch self {
        case .cutStart(let name, let path, let time):
            DecisionText(
                name, "begins \(time) into \(path)", because: "nothing before its first full key frame can be decoded")
        case .averageRate(let name, let rate):
            DecisionText(
                name, "\(rate.framesPerSecond) on average",
                because: "its frames are not on the grid of a constant rate")
        case .unequalEnds(let longest, let long, let shortest, let short):
            DecisionText(
                "output", "the last segments differ in duration",
                because: "\(longest) lasts \(long), \(shortest) \(short)")
        case .alignedStarts(let first, let one, let second, let other):
            DecisionText(
                "output", "both starts become 0", because: "\(first) begins at \(one), \(second) at \(other)")
        case .longSegments(let time):
            DecisionText(
                "output", "segments last up to \(time)", because: "there is no common key frame in between")
        case .movedAudio(let path, let start, let video):
            DecisionText(path, "its start becomes 0", because: "it begins at \(start), the video at \(video)")
        case .silence(let name, let time):
            DecisionText(name, "silence before \(time)", because: "the file has no audio before")
        case .lateAudio(let name, let time):
            DecisionText(name, "begins \(time) late", because: "the file has no audio before")
        case .cutAudio(let name, let time): DecisionText(name, "cut at \(time)", because: "the video ends there")
        case .shortAudio(let name, let time):
            DecisionText(name, "ends at \(time)", because: "the file has no more audio")
        default: preconditionFailure("inputText has the other cases")
        }
    }
}

extension PackageFault {
    fileprivate var text: Message {
        switch self {
        case .interlaced: "it is interlaced"
        case .rotated: "it is rotated by metadata, which many players ignore"
        case .oddSize: "its size is odd"
        case .unnamedDolbyVision(let profile):
            "playlists do not name Dolby Vision profile \(profile), so that players show its base layer"
        }
    }
}

extension SegmentType {
    /// In the plural: `fMP4 segments`.
    package var words: String { self == .fmp4 ? "fMP4 segments" : "transport streams" }
}
