/// What a planner decides about a part that is extracted.
public enum ExtractDecision: Hashable, Codable, Sendable {
    /// Cover art is taken although nobody asked for it: there is no video.
    case coverOnly
    /// One of several images is taken.
    case chosenCover(stream: Int, of: Int)
    /// A frame that looks like most around it.
    case typicalFrame(at: MediaTime)
    /// How much becomes an animation by default.
    case clipLength(MediaTime)
    /// How many frames per second an animation has by default.
    case clipRate(Rational)
    /// The video begins so late, counted from the beginning of the source.
    case lateVideo(at: MediaTime)
    /// Colours of a GIF.
    case palette
    /// One of several subtitle tracks is taken.
    case chosenTrack(Int, of: Int, isDefault: Bool)
    /// Captions inside the video become text, as there is no track of text.
    case captions(CaptionChannel)
    /// Text from a codec, by libav's name, to another one.
    case convertedText(from: String, to: SubtitleCodec, losesStyle: Bool)
}

extension ExtractDecision {
    /// The decision for people.
    var text: DecisionText {
        switch self {
        case .coverOnly: DecisionText("cover art", "taken", because: "the source has no video to take a frame from")
        case .chosenCover(let stream, let count):
            DecisionText("cover art", "stream #\(stream) is taken", because: "it is the first of \(count)")
        case .lateVideo(let time):
            DecisionText("video", "has no frames before \(time)", because: "it begins later than the audio")
        case .typicalFrame(let time):
            DecisionText(
                "frame", "the one at \(time)",
                because:
                    "it is typical of the frames about a tenth into the source; \(.frameTime, "TIME") takes another")
        case .clipLength(let length):
            DecisionText("clip", "\(length) at most", because: "\(.duration, "TIME") gives another length")
        case .clipRate(let rate):
            DecisionText(
                "clip", "\(decimalText(rate.value)) frames per second",
                because: "\(.frameRate, "RATE") gives another rate")
        case .palette:
            DecisionText(
                "clip", "256 colors chosen from all of its frames, with error diffusion", because: "GIF has no more")
        case .chosenTrack(let number, let count, let isDefault):
            DecisionText(
                "subtitle", "track \(number) of \(count)",
                because: isDefault
                    ? "it is the default; \(.track, "N") takes another"
                    : "it is the first; \(.track, "N") takes another")
        case .captions(let channel):
            DecisionText(
                "subtitle", "closed captions \(channel.name) of the video", because: "the source has no track of text")
        case .convertedText(let codec, let target, let losesStyle):
            DecisionText(
                "subtitle", "\(codec) converted to \(target.title)",
                because: losesStyle
                    ? "the name of the output asks for it; styles are lost" : "the name of the output asks for it")
        }
    }
}
