// Which of a source's tracks are wanted, in the words of `--audio eng,2`.

public import VTXModel

/// One word of a selection of tracks.
public enum TrackSelector: Hashable, Sendable {
    /// Position among the streams of that kind, from 1.
    case position(Int)
    /// A language code of two or three letters; matches every track of that language.
    case language(String)
    /// Mono tracks by their positions, to be channels of one.
    case joined([Int])
}

/// Which tracks of a kind are taken.
public enum TrackSelection: Hashable, Sendable {
    case automatic, all, none
    case some([TrackSelector])

    /// Reads `auto`, `all`, `none`, or numbers and languages with commas between: `eng,2`.
    ///
    /// - Throws: `.usage` if a part is neither.
    public init(parsing text: String) throws(VTXError) {
        switch text.lowercased() {
        case "auto", "automatic": self = .automatic
        case "all": self = .all
        case "none": self = .none
        default:
            var selectors: [TrackSelector] = []
            for part in text.split(separator: ",", omittingEmptySubsequences: false) {
                selectors.append(try TrackSelection.selector(String(part.filter { $0 != " " }), in: text))
            }
            self = .some(selectors)
        }
    }

    private static func selector(_ part: String, in text: String) throws(VTXError) -> TrackSelector {
        if let number = Int(part), number >= 1 { return .position(number) }
        let positions = part.split(separator: "+", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        if positions.count > 1, positions.allSatisfy({ $0 >= 1 }) { return .joined(positions) }
        let primary = part.prefix { $0 != "-" }
        let isLanguage = (2...3).contains(primary.count) && primary.allSatisfy { $0.isASCII && $0.isLetter }
        if isLanguage { return .language(part.lowercased()) }
        throw VTXError(
            .usage, "invalid track selection '\(text)'",
            remedy: "give numbers from 1 and languages, such as 'eng,2', '1+2' to join mono tracks, or 'all' or 'none'")
    }
}

/// A stream and its position among those of its kind, from 1.
struct NumberedStream {
    var number: Int
    var stream: StreamDescription
    /// Further mono tracks that become channels of this one.
    var others: [NumberedStream] = []
}

/// The streams that `selectors` name, in the order of the source, each once.
///
/// - Parameter kind: what they are, for the message: `audio`, `subtitle`.
/// - Throws: `.usage` if a selector matches nothing.
func select(
    _ selectors: [TrackSelector], from streams: [NumberedStream], kind: String, of path: String
) throws(VTXError) -> [NumberedStream] {
    var chosen: Set<Int> = []
    for selector in selectors {
        let matches: [NumberedStream]
        let name: String
        switch selector {
        case .position(let position):
            matches = streams.filter { $0.number == position }
            name = String(position)
        case .joined:
            throw VTXError(
                .usage, "\(kind) tracks cannot be joined here",
                remedy: "audio that is encoded can be: in a transcode or ladder")
        case .language(let language):
            let wanted = canonicalLanguage(language)
            let all = streams.filter { $0.stream.language.map(canonicalLanguage) == wanted }
            // A script or region chooses among the tracks of a language where there are any that have it.
            let exact = LanguageTag(language).map { tag in
                all.filter { isWithin($0.stream.language, details: tag) }
            }
            matches = exact.flatMap { $0.isEmpty ? nil : $0 } ?? all
            name = "'\(language)'"
        }
        guard !matches.isEmpty else {
            let present = streams.map { "\($0.number) (\($0.stream.language ?? "no language"))" }
            throw VTXError(
                .usage, "no \(kind) track \(name) in '\(path)'",
                remedy: present.isEmpty
                    ? "it has no \(kind) tracks" : "it has \(present.joined(separator: ", "))")
        }
        chosen.formUnion(matches.map(\.number))
    }
    return streams.filter { chosen.contains($0.number) }
}

/// Whether a language has all the parts that a tag has beside its language.
private func isWithin(_ language: String?, details tag: LanguageTag) -> Bool {
    guard let language, let own = LanguageTag(language) else { return false }
    let parts = Set(own.text.split(separator: "-").dropFirst())
    return tag.text.split(separator: "-").dropFirst().allSatisfy(parts.contains)
}
