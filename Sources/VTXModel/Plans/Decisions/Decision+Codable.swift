// Two forms: the case with its parameters, which keeps everything, and the text, for lines that others read
// (docs/json-output.md). Which one is written is the encoder's choice; both are read.

extension CodingUserInfoKey {
    /// A `MessageRenderer`. With it, an encoder writes decisions as text.
    public static let messageRenderer = CodingUserInfoKey(rawValue: "messageRenderer")!
}

/// How a front end spells a message.
public typealias MessageRenderer = @Sendable (Message) -> String

extension Decision: Codable {
    private enum Key: CodingKey {
        case video, audio, subtitle, filter, captions, output, package, tags, cut, encryption, extract, join, compare,
            reported, track
    }
    private enum TextKey: CodingKey { case subject, action, reason }

    /// Writes `subject`, `action` and `reason` as texts if the encoder has a `messageRenderer`, otherwise the case with its
    /// parameters.
    public func encode(to encoder: any Encoder) throws {
        if let render = encoder.userInfo[.messageRenderer] as? MessageRenderer {
            var container = encoder.container(keyedBy: TextKey.self)
            try container.encode(text.subject, forKey: .subject)
            try container.encode(render(text.action), forKey: .action)
            try container.encode(render(text.reason), forKey: .reason)
            return
        }
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .video(let decision): try container.encode(decision, forKey: .video)
        case .audio(let track, let decision):
            try container.encodeIfPresent(track, forKey: .track)
            try container.encode(decision, forKey: .audio)
        case .subtitle(let track, let decision):
            try container.encode(track, forKey: .track)
            try container.encode(decision, forKey: .subtitle)
        case .filter(let decision): try container.encode(decision, forKey: .filter)
        case .captions(let decision): try container.encode(decision, forKey: .captions)
        case .output(let decision): try container.encode(decision, forKey: .output)
        case .package(let decision): try container.encode(decision, forKey: .package)
        case .tags(let decision): try container.encode(decision, forKey: .tags)
        case .cut(let decision): try container.encode(decision, forKey: .cut)
        case .encryption(let decision): try container.encode(decision, forKey: .encryption)
        case .extract(let decision): try container.encode(decision, forKey: .extract)
        case .join(let decision): try container.encode(decision, forKey: .join)
        case .compare(let decision): try container.encode(decision, forKey: .compare)
        case .reported(let text): try container.encode(text, forKey: .reported)
        }
    }

    /// Reads either form; texts become `.reported`.
    public init(from decoder: any Decoder) throws {
        let texts = try decoder.container(keyedBy: TextKey.self)
        if let subject = try texts.decodeIfPresent(String.self, forKey: .subject) {
            self = .reported(
                DecisionText(
                    subject, Message(try texts.decode(String.self, forKey: .action)),
                    because: Message(try texts.decode(String.self, forKey: .reason))))
            return
        }
        let container = try decoder.container(keyedBy: Key.self)
        if let decision = try container.decodeIfPresent(VideoDecision.self, forKey: .video) {
            self = .video(decision)
        } else if let decision = try container.decodeIfPresent(AudioDecision.self, forKey: .audio) {
            self = .audio(track: try container.decodeIfPresent(Int.self, forKey: .track), decision)
        } else if let decision = try container.decodeIfPresent(SubtitleDecision.self, forKey: .subtitle) {
            self = .subtitle(track: try container.decode(Int.self, forKey: .track), decision)
        } else if let decision = try container.decodeIfPresent(FilterDecision.self, forKey: .filter) {
            self = .filter(decision)
        } else if let decision = try container.decodeIfPresent(CaptionDecision.self, forKey: .captions) {
            self = .captions(decision)
        } else if let decision = try container.decodeIfPresent(OutputDecision.self, forKey: .output) {
            self = .output(decision)
        } else if let decision = try container.decodeIfPresent(PackageDecision.self, forKey: .package) {
            self = .package(decision)
        } else if let decision = try container.decodeIfPresent(TagDecision.self, forKey: .tags) {
            self = .tags(decision)
        } else if let decision = try container.decodeIfPresent(CutDecision.self, forKey: .cut) {
            self = .cut(decision)
        } else if let decision = try container.decodeIfPresent(EncryptionDecision.self, forKey: .encryption) {
            self = .encryption(decision)
        } else if let decision = try container.decodeIfPresent(ExtractDecision.self, forKey: .extract) {
            self = .extract(decision)
        } else if let decision = try container.decodeIfPresent(JoinDecision.self, forKey: .join) {
            self = .join(decision)
        } else if let decision = try container.decodeIfPresent(CompareDecision.self, forKey: .compare) {
            self = .compare(decision)
        } else {
            self = .reported(try container.decode(DecisionText.self, forKey: .reported))
        }
    }
}
