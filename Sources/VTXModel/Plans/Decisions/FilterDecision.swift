/// What is done to video and audio by filters that were asked for.
public enum FilterDecision: Hashable, Codable, Sendable {
    /// Cut to a part, in the source's own pixels, upright; `sampled`: frames that have black bars around it, `nil` if the
    /// part was asked for.
    case cropped(PixelArea, from: PixelSize, sampled: Int?)
    /// No bars were found in the sampled frames; `isDark`: they are too dark to tell.
    case notCropped(sampled: Int, isDark: Bool)
    /// The part that was asked for is the whole frame.
    case nothingToCrop(PixelArea)
    /// Not cropped, since a bitmap subtitle that is burned in may stand in a bar.
    case keptBarsForSubtitle
    /// Turned clockwise, in degrees, after its orientation was made upright.
    case rotated(degrees: Int)
    /// Mirrored.
    case flipped(FlipDirection)
    /// Noise is reduced.
    case denoised(FilterStrength)
    /// Banding is reduced.
    case debanded
    /// Sharpened.
    case sharpened(FilterStrength)
    /// An image is laid over it.
    case overlaid(OverlayImage)
    /// From black and to black.
    case faded(FadeLengths)
    /// From silence and to silence.
    case fadedAudio(FadeLengths)
    /// Played at this multiple of the speed.
    case spedUp(Rational)
    /// All audio tracks become louder or softer.
    case volume(VolumeChange)
    /// A chain in libavfilter's words.
    case custom(String)
    /// A chain for audio in libavfilter's words.
    case customAudio(String)
}

extension FilterDecision {
    /// The decision for people.
    var text: DecisionText {
        let (action, reason) = cropText ?? askedText
        return DecisionText(subject, action, because: reason)
    }

    private var subject: String {
        switch self {
        case .fadedAudio, .volume, .customAudio: "audio"
        case .spedUp: "output"
        default: "video"
        }
    }

    private var cropText: (Message, Message)? {
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
        case .nothingToCrop(let area): ("not cropped", "\(.crop, area.description) is the whole frame")
        case .keptBarsForSubtitle: ("not cropped", "the subtitle that is burned in may stand in a black bar")
        default: nil
        }
    }

    private var askedText: (Message, Message) {
        switch self {
        case .rotated(let degrees): ("turned \(degrees) degrees clockwise", "\(.rotate, "\(degrees)")")
        case .flipped(let direction): ("mirrored \(direction.rawValue)ly", "\(.flip, direction.rawValue)")
        case .denoised(let strength): ("noise reduced", "\(.denoise, strength.rawValue)")
        case .debanded: ("banding reduced", "\(.deband)")
        case .sharpened(let strength): ("sharpened", "\(.sharpen, strength.rawValue)")
        case .overlaid(let image):
            (
                Message(
                    "overlaid with an image, \(image.place.rawValue), \(decimalText((image.share * 100).rounded(places: 2)))"
                        + " % of the width"), "\(.overlay, image.path)"
            )
        case .faded(let lengths): (lengths.words(of: "black"), "\(.fade, lengths.description)")
        case .fadedAudio(let lengths): (lengths.words(of: "silence"), "\(.fade, lengths.description)")
        case .volume(let change): (change.words, "\(.volume, change.description)")
        case .custom(let chain): (Message("filtered by \(chain)"), "\(.filter)")
        case .customAudio(let chain): (Message("filtered by \(chain)"), "\(.audioFilter)")
        case .spedUp(let speed):
            (
                Message("played at \(decimalText(speed.value.rounded(places: 6))) times the speed"),
                "\(.speedUp, decimalText(speed.value.rounded(places: 6)))"
            )
        case .cropped, .notCropped, .nothingToCrop, .keptBarsForSubtitle: ("", "")
        }
    }
}

extension FadeLengths: CustomStringConvertible {
    /// As it is asked for: `1:2`.
    public var description: String { "\(decimalText(start)):\(decimalText(end))" }

    fileprivate func words(of ground: String) -> Message {
        let parts = [
            start > 0 ? "in from \(ground) in \(decimalText(start)) s" : nil,
            end > 0 ? "out to \(ground) in \(decimalText(end)) s" : nil,
        ]
        return Message("faded " + parts.compactMap { $0 }.joined(separator: " and "))
    }
}

extension VolumeChange: CustomStringConvertible {
    /// As it is asked for: `+6dB`, `0.5`.
    public var description: String {
        switch self {
        case .decibels(let value): "\(value < 0 ? "" : "+")\(decimalText(value))dB"
        case .factor(let value): decimalText(value)
        }
    }

    fileprivate var words: Message {
        switch self {
        case .decibels(let value): Message("volume changed by \(decimalText(value)) dB")
        case .factor(let value): Message("amplitude multiplied by \(decimalText(value))")
        }
    }
}
