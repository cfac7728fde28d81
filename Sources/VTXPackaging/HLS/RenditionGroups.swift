// Tracks as members of a group: names that differ, one default, and which of them players may choose alone.

package import VTXModel

/// A track that becomes a rendition.
package struct RenditionTrack: Hashable, Sendable {
    /// Language, title and libav's dispositions, as the source has them.
    package var label: TrackLabel
    /// Percent-encoded; `nil` if the track is part of the variants.
    package var uri: String?
    package var channels: Int?

    package init(label: TrackLabel, uri: String?, channels: Int? = nil) {
        self.label = label
        self.uri = uri
        self.channels = channels
    }
}

extension MultivariantPlaylist.Rendition {
    /// The members of a group.
    ///
    /// The answer depends on labels and their order alone, so groups of the same tracks in other encodings
    /// have the same members, as the format demands.
    ///
    /// - An audio group has exactly one default: the first track marked so that is no commentary or
    ///   description, else the first such track. Subtitles are shown without being asked for only if the
    ///   source says so.
    /// - Players may choose (AUTOSELECT) the default and every track that differs from those before it in
    ///   language, forcedness or characteristics; never a commentary.
    package static func group(_ kind: Kind, id: String, of tracks: [RenditionTrack]) -> [Self] {
        let preferred = tracks.firstIndex { isMarked($0, kind) }
        let usual = tracks.firstIndex { !isSpecial($0.label) }
        let chosen = preferred ?? (kind == .audio ? usual ?? tracks.indices.first : nil)

        var names: Set<String> = []
        var members = tracks.enumerated().map { index, track in
            let language = languageTag(for: track.label.language)
            return Self(
                kind: kind, group: id, name: uniqueName(of: track.label, language, among: &names),
                language: language, isDefault: index == chosen, isAutoselected: false,
                isForced: kind == .subtitles && track.label.disposition.contains("forced"),
                characteristics: characteristics(of: track.label, kind),
                channels: kind == .audio ? track.channels : nil, uri: track.uri)
        }
        var traits: Set<[String]> = []
        // The default first: what is like it is not chosen instead of it.
        for index in members.indices.sorted(by: { members[$0].isDefault && !members[$1].isDefault }) {
            let member = members[index]
            let isCommentary = tracks[index].label.disposition.contains("comment")
            guard member.isDefault || !isCommentary else { continue }
            let own = [member.language, "\(member.isForced)"] + member.characteristics
            members[index].isAutoselected = traits.insert(own).inserted
        }
        return members
    }

    private static func isMarked(_ track: RenditionTrack, _ kind: Kind) -> Bool {
        let disposition = track.label.disposition
        return disposition.contains("default") && !isSpecial(track.label)
            && !(kind == .subtitles && disposition.contains("forced"))
    }

    /// Made for some, not for everybody.
    private static func isSpecial(_ label: TrackLabel) -> Bool {
        ["comment", "visual_impaired", "descriptions"].contains { label.disposition.contains($0) }
    }

    private static func characteristics(of label: TrackLabel, _ kind: Kind) -> [String] {
        switch kind {
        case .audio where label.disposition.contains { ["visual_impaired", "descriptions"].contains($0) }:
            ["public.accessibility.describes-video"]
        case .subtitles where label.disposition.contains { ["hearing_impaired", "captions"].contains($0) }:
            [
                "public.accessibility.transcribes-spoken-dialog",
                "public.accessibility.describes-music-and-sound",
            ]
        default: []
        }
    }

    /// The title, else the language's name; with a number if another member has it already.
    private static func uniqueName(
        of label: TrackLabel, _ language: String, among names: inout Set<String>
    ) -> String {
        let title = attributeText(label.title ?? "")
        let name = title.isEmpty ? languageName(ofTag: language) : title
        var candidate = name
        var number = 2
        while !names.insert(candidate).inserted {
            candidate = "\(name) \(number)"
            number += 1
        }
        return candidate
    }
}

/// Text from a file as a quoted string can hold it: one line, without double quotes.
func attributeText(_ text: String) -> String {
    let clean = text.unicodeScalars.map { scalar in
        scalar == "\"" ? "'" : scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? " " : scalar
    }
    return String(String.UnicodeScalarView(clean)).split(whereSeparator: \.isWhitespace).joined(
        separator: " ")
}
