// Captions inside the video, as multivariant playlists declare them (RFC 8216bis, 4.4.6.1 and 4.4.6.2).

import VTXModel

extension MultivariantPlaylist {
    /// What variants say about captions inside their video.
    package enum CaptionStatement: Hashable, Sendable {
        /// There are none.
        case none
        /// A group of renditions lists them.
        case group(String)
        /// There are some, and nobody knows which: players look for themselves.
        case unknown

        var group: String? { if case .group(let name) = self { name } else { nil } }

        var value: AttributeValue? {
            switch self {
            case .none: .enumerated("NONE")
            case .group(let name): .quoted(name)
            case .unknown: nil
            }
        }
    }

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
        self.renditions += declared.map {
            Rendition(kind: .closedCaptions, group: "captions", name: $0.title, language: "", channel: $0)
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
