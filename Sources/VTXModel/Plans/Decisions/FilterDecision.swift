/// What is done to video and audio by filters that were asked for.
public enum FilterDecision: Hashable, Codable, Sendable {
    /// Cut to a part, in the source's own pixels, upright; `sampled`: frames that have black bars around it, `nil` if the
    /// part was asked for.
    case cropped(PixelArea, from: PixelSize, sampled: Int?)
    /// No bars were found in so many frames; `isDark`: which are too dark to tell.
    case notCropped(sampled: Int, isDark: Bool)
    /// Not cropped, since a bitmap subtitle that is burned in may stand in a bar.
    case keptBarsForSubtitle
}

extension FilterDecision {
    /// The decision for people.
    var text: DecisionText {
        let (action, reason): (Message, Message) =
            switch self {
            case .cropped(let area, let frame, let sampled?):
                (
                    "cropped from \(frame) to \(area.size), at \(area.x):\(area.y)",
                    "black bars in all of \(counted(sampled, "sampled frame"))"
                )
            case .cropped(let area, let frame, nil):
                ("cropped from \(frame) to \(area.size), at \(area.x):\(area.y)", "\(.crop, area.description)")
            case .notCropped(0, _): ("not cropped", "no frame could be decoded to look for black bars")
            case .notCropped(let count, true):
                ("not cropped", "\(counted(count, "sampled frame")) are too dark to tell black bars from the image")
            case .notCropped(let count, false):
                ("not cropped", "no black bars in all of \(counted(count, "sampled frame"))")
            case .keptBarsForSubtitle: ("not cropped", "the subtitle that is burned in may stand in a black bar")
            }
        return DecisionText("video", action, because: reason)
    }
}
