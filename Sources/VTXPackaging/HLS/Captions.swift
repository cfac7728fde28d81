// Captions inside the video, as multivariant playlists declare them (RFC 8216bis, 4.4.6.1 and 4.4.6.2).

import VTXModel

extension MultivariantPlaylist {
    /// Declares the captions that the video of a package carries.
    ///
    /// Broadcasts carry the same captions as CEA-608 and CEA-708; all players read the former, so the latter are
    /// declared only where they are alone. Their language is not known.
    ///
    /// - Parameter renditions: of video.
    package mutating func declareCaptions(of renditions: [PackagedRendition]) {
        let found = renditions.compactMap(\.captions)
        guard !found.isEmpty else { return captions = .none }
        let all = Set(found.flatMap(\.self)).sorted()
        let line21 = all.filter { if case .cc = $0 { true } else { false } }
        let declared = line21.isEmpty ? all : line21
        guard !declared.isEmpty else { return captions = .unknown }
        captions = .group("captions")
        self.renditions += declared.enumerated().map { place, channel in
            // Players choose among members that differ in language; of these only the first can be chosen so.
            Rendition(
                kind: .closedCaptions, group: "captions", name: channel.title, language: languageTag(for: nil),
                isAutoselected: place == 0, channel: channel)
        }
    }
}

extension CaptionChannel {
    /// For people.
    fileprivate var title: String {
        switch self {
        case .cc: name
        case .service(let number): "Service \(number)"
        }
    }
}
