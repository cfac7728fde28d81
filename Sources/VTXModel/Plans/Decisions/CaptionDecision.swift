/// What a planner decides about closed captions inside the video, with its reason.
public enum CaptionDecision: Hashable, Codable, Sendable {
    /// The codec cannot carry them.
    case dropped(VideoCodec)
    /// Not written, as asked.
    case removed
    /// A channel becomes a text track, as asked.
    case converted(CaptionChannel)
    /// Text was asked for, and the source has no such channel.
    case nothingToConvert
    /// Text was asked for, and there is no video.
    case noVideo
}

extension CaptionDecision {
    /// The decision for people.
    var text: DecisionText {
        let (action, reason): (Message, Message) =
            switch self {
            case .dropped(let codec):
                ("dropped", "\(codec.title) is written without them; \(.captions, "webvtt") makes a text track of them")
            case .removed: ("removed", "\(.captions, "drop") was asked for")
            case .converted(let channel): ("\(channel.name) converted to text", "\(.captions, "webvtt") was asked for")
            case .nothingToConvert: ("none converted", "the source has none of CC1 to CC4")
            case .noVideo: ("none converted", "there is no video that could have some")
            }
        return DecisionText("captions", action, because: reason)
    }
}
