/// What a planner decides about a cut that copies. Times are those of the source.
public enum CutDecision: Hashable, Codable, Sendable {
    /// The output begins with a keyframe; `isLater`: there is none before.
    case starts(at: MediaTime, asked: MediaTime)
    /// The output ends behind the end that was asked for.
    case ends(at: MediaTime?, asked: MediaTime)
    /// Frames are copied; the end is the source's if there is none.
    case copied(from: MediaTime, to: MediaTime?)
    /// Frames are encoded before the first keyframe, or behind the last frame that others do not need.
    case encoded(from: MediaTime, to: MediaTime, frames: Int, isEnd: Bool)
    /// All frames are encoded.
    case encodedAll(from: MediaTime, to: MediaTime?, frames: Int)
    /// How frames are encoded.
    case encoding(VideoEncodePlan)
    /// Audio is copied: it is cut between packets.
    case copiedAudio
    /// Audio is encoded: it is cut to the sample.
    case encodedAudio

    /// The decision for people.
    var text: DecisionText {
        switch self {
        case .starts(let start, let asked) where abs((asked - start).seconds) < 0.0006:
            DecisionText("cut", "starts at \(start), as asked", because: "a keyframe is there")
        case .starts(let start, let asked) where start > asked:
            DecisionText(
                "cut", "starts at \(start), \(start - asked) later than asked", because: "no keyframe is before it")
        case .starts(let start, let asked):
            DecisionText(
                "cut", "starts at \(start), \(asked - start) earlier than asked",
                because: "the last keyframe before \(asked) is there")
        case .ends(let end?, let asked) where abs((end - asked).seconds) < 0.0006:
            DecisionText("cut", "ends at \(end), as asked", because: "no frame before it needs one behind it")
        case .ends(let end?, let asked):
            DecisionText(
                "cut", "ends at \(end), \(end - asked) later than asked",
                because: "frames before \(asked) cannot be separated from those behind it")
        case .ends(nil, let asked):
            DecisionText("cut", "ends with the source", because: "nothing behind \(asked) can be separated")
        case .copied(let start, let end):
            DecisionText(
                "video", "copied from \(start) to \(end.map(\.description) ?? "the end")",
                because: "these frames can be separated from the others")
        case .encoded(let start, let end, let frames, let isEnd):
            DecisionText(
                "video", "re-encoded from \(start) to \(end), \(counted(frames, "frame"))",
                because: isEnd ? "they need frames behind the end" : "the next keyframe is at \(end)")
        case .encodedAll(let start, let end, let frames):
            DecisionText(
                "video",
                "all re-encoded, from \(start) to \(end.map(\.description) ?? "the end"), \(counted(frames, "frame"))",
                because: "no keyframe that copying can begin with is between them")
        case .encoding(let encode):
            DecisionText(
                "video", "re-encoded as \(encode.cutWords)", because: "like the copied frames; \(.crf) sets the quality"
            )
        case .copiedAudio:
            DecisionText("audio", "copied, cut between packets", because: "packets cannot be divided")
        case .encodedAudio:
            DecisionText(
                "audio", "re-encoded, cut to the sample",
                because: "\(.audioCodec, "copy") copies it, cut between packets")
        }
    }
}

extension VideoEncodePlan {
    /// `H.264, high, yuv420p, crf 14`.
    fileprivate var cutWords: String {
        var words = [codec.title]
        if let profile = options["profile"] { words.append("profile \(profile)") }
        words.append(pixelFormat)
        if case .constantQuality(let crf) = rate { words.append("crf \(decimalText(crf))") }
        return words.joined(separator: ", ")
    }
}
