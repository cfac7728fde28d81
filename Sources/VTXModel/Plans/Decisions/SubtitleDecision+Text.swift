extension SubtitleDecision {
    /// The decision for people.
    ///
    /// - Parameter track: counted from 1.
    func text(track: Int) -> DecisionText {
        let (action, reason): (Message, Message) =
            switch self {
            case .dropped(let obstacle, let burn?): ("dropped", "\(obstacle.text); \(Self.waysOut(burn: burn))")
            case .dropped(let obstacle, nil): ("dropped", obstacle.text)
            case .droppedFlag(let flag, let container):
                ("\(flag) flag left out", "\(container.title) does not support it")
            case .converted(_, let codec, losesStyle: true, let container):
                ("converted to \(codec.rawValue), without its styling", "\(container.title) supports plain text only")
            case .converted(let from, let codec, losesStyle: false, let container):
                ("converted to \(codec.rawValue)", "\(container.title) does not support \(from)")
            }
        return DecisionText("subtitle \(track)", action, because: reason)
    }

    /// How a bitmap subtitle can be shown or kept.
    ///
    /// - Parameter number: of the track, counted from 1.
    package static func waysOut(burn number: Int) -> Message {
        "\(.burnSubtitle, "\(number)") draws it into the video, .mkv keeps it"
    }
}

extension SubtitleObstacle {
    /// The obstacle for people.
    package var text: Message {
        switch self {
        case .container(let container): "\(container.title) does not support subtitles"
        case .text(let container): "\(container.title) does not support text subtitles"
        case .bitmap(let container): "\(container.title) does not support bitmap subtitles"
        case .bitmapInPackage: "HLS does not support bitmap subtitles"
        case .notText(let codec): "\(codec) cannot be read as text"
        case .noEncoder(let name): "this libav has no encoder '\(name)'"
        }
    }
}
