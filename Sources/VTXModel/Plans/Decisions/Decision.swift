// Automatic decisions of a plan as values: programs compare cases, people read the text made of them.

/// One automatic decision of a planner.
public enum Decision: Hashable, Sendable {
    /// About the video.
    case video(VideoDecision)
    /// About an audio track, counted from 1; `nil` for the audio as a whole.
    case audio(track: Int?, AudioDecision)
    /// About a subtitle track, counted from 1.
    case subtitle(track: Int, SubtitleDecision)
    /// About a filter that was asked for.
    case filter(FilterDecision)
    /// About closed captions inside the video.
    case captions(CaptionDecision)
    /// About other contents of the output.
    case output(OutputDecision)
    /// About an input or rendition of a package made of existing files.
    case package(PackageDecision)
    /// About tags, chapters and cover art that were asked for.
    case tags(TagDecision)
    /// About a cut that copies.
    case cut(CutDecision)
    /// About keys.
    case encryption(EncryptionDecision)
    /// About a part that is extracted.
    case extract(ExtractDecision)
    /// About files that are joined.
    case join(JoinDecision)
    /// About files that are compared.
    case compare(CompareDecision)
    /// A decision of another process, of which only the text was written.
    case reported(DecisionText)

    /// Subject, action and reason for people.
    public var text: DecisionText {
        switch self {
        case .video(let decision): decision.text
        case .audio(let track, let decision): decision.text(track: track)
        case .subtitle(let track, let decision): decision.text(track: track)
        case .filter(let decision): decision.text
        case .captions(let decision): decision.text
        case .output(let decision): decision.text
        case .package(let decision): decision.text
        case .tags(let decision): decision.text
        case .cut(let decision): decision.text
        case .encryption(let decision): decision.text
        case .extract(let decision): decision.text
        case .join(let decision): decision.text
        case .compare(let decision): decision.text
        case .reported(let text): text
        }
    }
}

extension Decision: CustomStringConvertible {
    /// In plain words: `video: deinterlaced (the header says interlaced)`.
    public var description: String { text.message.description }
}
