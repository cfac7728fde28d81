// The multivariant playlist as a value, and its text (RFC 8216, 4.3.4).

package import VTXBitstream
package import VTXModel

/// What a package offers, and what each offer needs.
package struct MultivariantPlaylist: Hashable, Sendable {
    package var variants: [Variant]
    package var renditions: [Rendition]
    package var iFrameVariants: [IFrameVariant]
    /// Keys that players may fetch early.
    package var sessionKeys: [EncryptionKey]
    /// What variants with video say about captions inside it.
    package var captions = CaptionStatement.none
    /// What the media is called; `nil`: nothing is said.
    package var title: String?

    package init(
        variants: [Variant], renditions: [Rendition] = [], iFrameVariants: [IFrameVariant] = [],
        sessionKeys: [EncryptionKey] = []
    ) {
        self.variants = variants
        self.renditions = renditions
        self.iFrameVariants = iFrameVariants
        self.sessionKeys = sessionKeys
    }

    /// EXT-X-STREAM-INF.
    package struct Variant: Hashable, Sendable {
        package var uri: String
        package var bitRates: BitRates
        /// All formats of the variant and its groups, video first; see `CodecString.list`.
        package var codecs: [String]
        /// SUPPLEMENTAL-CODECS: what an entry of `codecs` is the base layer of, with its brand.
        package var supplementalCodec: String?
        /// Display size; `nil` without video.
        package var resolution: PixelSize?
        package var frameRate: Rational?
        package var videoRange: VideoRange?
        package var audioGroup: String?
        package var subtitleGroup: String?
        /// A higher one is preferred at the same bit rate.
        package var score: Rational?

        package init(
            uri: String, bitRates: BitRates, codecs: [String], supplementalCodec: String? = nil,
            resolution: PixelSize? = nil, frameRate: Rational? = nil, videoRange: VideoRange? = nil,
            audioGroup: String? = nil, subtitleGroup: String? = nil, score: Rational? = nil
        ) {
            self.uri = uri
            self.bitRates = bitRates
            self.codecs = codecs
            self.supplementalCodec = supplementalCodec
            self.resolution = resolution
            self.frameRate = frameRate
            self.videoRange = videoRange
            self.audioGroup = audioGroup
            self.subtitleGroup = subtitleGroup
            self.score = score
        }
    }

    /// EXT-X-I-FRAME-STREAM-INF.
    package struct IFrameVariant: Hashable, Sendable {
        package var uri: String
        package var bitRates: BitRates
        package var codecs: [String]
        /// As of a variant.
        package var supplementalCodec: String?
        package var resolution: PixelSize
        package var videoRange: VideoRange

        package init(
            uri: String, bitRates: BitRates, codecs: [String], supplementalCodec: String? = nil,
            resolution: PixelSize, videoRange: VideoRange = .sdr
        ) {
            self.uri = uri
            self.bitRates = bitRates
            self.codecs = codecs
            self.supplementalCodec = supplementalCodec
            self.resolution = resolution
            self.videoRange = videoRange
        }
    }

    /// EXT-X-MEDIA.
    package struct Rendition: Hashable, Sendable {
        package enum Kind: String, Hashable, Sendable {
            case audio = "AUDIO"
            case subtitles = "SUBTITLES"
            case closedCaptions = "CLOSED-CAPTIONS"
        }

        package var kind: Kind
        package var group: String
        package var name: String
        /// BCP 47, in its shortest form.
        package var language: String
        package var isDefault: Bool
        package var isAutoselected: Bool
        /// Subtitles only: what nobody can do without, such as signs in another language.
        package var isForced: Bool
        /// Media characteristic tags, e.g. `public.accessibility.describes-video`.
        package var characteristics: [String]
        /// Audio only.
        package var channels: Int?
        /// `nil` if the media is part of the variants that name the group; never of subtitles, always of captions.
        package var uri: String?
        /// Captions only.
        package var channel: CaptionChannel?

        package init(
            kind: Kind, group: String, name: String, language: String, isDefault: Bool = false,
            isAutoselected: Bool = true, isForced: Bool = false, characteristics: [String] = [],
            channels: Int? = nil, uri: String? = nil, channel: CaptionChannel? = nil
        ) {
            self.kind = kind
            self.group = group
            self.name = name
            self.language = language
            self.isDefault = isDefault
            self.isAutoselected = isAutoselected
            self.isForced = isForced
            self.characteristics = characteristics
            self.channels = channels
            self.uri = uri
            self.channel = channel
        }
    }
}

extension MultivariantPlaylist {
    /// Lowest EXT-X-VERSION that has all features used.
    ///
    /// Groups and I-frame playlists may stand in version 1, but clients that old cannot play them, so 4 is
    /// declared as RFC 8216 (7) suggests.
    package var version: Int {
        let needed = renditions.isEmpty && iFrameVariants.isEmpty ? 1 : 4
        let services = renditions.contains { rendition in
            if case .service = rendition.channel { true } else { false }
        }
        return max(needed, services ? 7 : 0, sessionKeys.map(\.version).max() ?? 0)
    }

    /// The text of the playlist, with a line break at its end.
    ///
    /// - Throws: `.internal` if the value breaks a rule of the format.
    package func render() throws(VTXError) -> String {
        try check()
        var lines = ["#EXTM3U"]
        if version > 1 { lines.append("#EXT-X-VERSION:\(version)") }
        lines.append("#EXT-X-INDEPENDENT-SEGMENTS")
        for key in sessionKeys { lines.append("#EXT-X-SESSION-KEY:\(try key.attributes())") }
        if let title { lines.append("#EXT-X-SESSION-DATA:\(try sessionData(title: title))") }
        for rendition in renditions { lines.append("#EXT-X-MEDIA:\(try rendition.attributes())") }
        // NONE on some variants means NONE on all (4.4.6.2), and so it is with groups.
        let hasVideo = variants.contains { $0.resolution != nil }
        for variant in variants {
            lines.append("#EXT-X-STREAM-INF:\(try variant.attributes(captions: hasVideo ? captions : .unknown))")
            lines.append(try checkedURI(variant.uri))
        }
        for variant in iFrameVariants {
            lines.append("#EXT-X-I-FRAME-STREAM-INF:\(try variant.attributes())")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Session data (RFC 8216, 4.3.4.4) by the name that Apple's players take for the title.
    private func sessionData(title: String) throws(VTXError) -> String {
        var attributes = AttributeList()
        attributes.add("DATA-ID", .quoted("com.apple.hls.title"))
        // A quoted string has no quotes in it, not even below an accent.
        let scalars = title.unicodeScalars.map { $0 == "\"" ? "'" : $0 }
        attributes.add("VALUE", .quoted(String(String.UnicodeScalarView(scalars))))
        return try attributes.render()
    }

    private func check() throws(VTXError) {
        func require(_ holds: Bool, _ rule: String, _ what: String) throws(VTXError) {
            guard holds else { throw unwritable(rule, what) }
        }
        try require(!variants.isEmpty, "a multivariant playlist", "no variant")
        for variant in variants {
            try require(!variant.codecs.isEmpty, "a variant", "\(variant.uri) without codecs")
            for (kind, group) in [
                (Rendition.Kind.audio, variant.audioGroup), (.subtitles, variant.subtitleGroup),
                (.closedCaptions, captions.group),
            ] {
                guard let group else { continue }
                let exists = renditions.contains { $0.kind == kind && $0.group == group }
                try require(exists, "a group of \(kind.rawValue)", group)
            }
        }
        for kind in [Rendition.Kind.audio, .subtitles, .closedCaptions] {
            let ofKind = renditions.filter { $0.kind == kind }
            for group in Set(ofKind.map(\.group)) {
                let members = ofKind.filter { $0.group == group }
                try require(
                    Set(members.map(\.name)).count == members.count, "a group of \(kind.rawValue)",
                    "\(group) with a name twice")
                let defaults = members.count(where: \.isDefault)
                try require(
                    kind == .audio ? defaults == 1 : defaults <= 1, "a group of \(kind.rawValue)",
                    "\(group) with \(defaults) defaults")
            }
        }
        for rendition in renditions {
            try require(
                rendition.isAutoselected || !rendition.isDefault, "a default rendition", rendition.name)
            try require(
                rendition.kind == .subtitles ? rendition.uri != nil : !rendition.isForced,
                rendition.kind.rawValue, rendition.name)
            let isCaptions = rendition.kind == .closedCaptions
            try require(
                isCaptions == (rendition.channel != nil) && !(isCaptions && rendition.uri != nil),
                rendition.kind.rawValue, rendition.name)
            try require(
                !rendition.name.isEmpty && !rendition.language.isEmpty, "a rendition",
                "\(rendition.group) without name or language")
        }
    }
}

extension MultivariantPlaylist.Variant {
    fileprivate func attributes(captions: CaptionStatement) throws(VTXError) -> String {
        var list = AttributeList()
        list.add("BANDWIDTH", .decimalInteger(bitRates.peak))
        list.add("AVERAGE-BANDWIDTH", .decimalInteger(bitRates.average))
        list.add("SCORE", score.map { .decimalFloat($0, digits: 3) })
        list.add("CODECS", .quoted(codecs.joined(separator: ",")))
        list.add("SUPPLEMENTAL-CODECS", supplementalCodec.map { .quoted($0) })
        list.add("RESOLUTION", resolution.map { .resolution($0) })
        list.add("FRAME-RATE", frameRate.map { .decimalFloat($0, digits: 3) })
        list.add("VIDEO-RANGE", videoRange.map { .enumerated($0.rawValue) })
        list.add("AUDIO", audioGroup.map { .quoted($0) })
        list.add("SUBTITLES", subtitleGroup.map { .quoted($0) })
        list.add("CLOSED-CAPTIONS", captions.value)
        return try list.render()
    }
}

extension MultivariantPlaylist.IFrameVariant {
    fileprivate func attributes() throws(VTXError) -> String {
        var list = AttributeList()
        list.add("BANDWIDTH", .decimalInteger(bitRates.peak))
        list.add("AVERAGE-BANDWIDTH", .decimalInteger(bitRates.average))
        list.add("CODECS", .quoted(codecs.joined(separator: ",")))
        list.add("SUPPLEMENTAL-CODECS", supplementalCodec.map { .quoted($0) })
        list.add("RESOLUTION", .resolution(resolution))
        list.add("VIDEO-RANGE", .enumerated(videoRange.rawValue))
        list.add("URI", .quoted(try checkedURI(uri)))
        return try list.render()
    }
}

extension MultivariantPlaylist.Rendition {
    fileprivate func attributes() throws(VTXError) -> String {
        func yesNo(_ value: Bool) -> AttributeValue { .enumerated(value ? "YES" : "NO") }
        var list = AttributeList()
        list.add("TYPE", .enumerated(kind.rawValue))
        list.add("GROUP-ID", .quoted(group))
        list.add("NAME", .quoted(name))
        list.add("LANGUAGE", .quoted(language))
        list.add("DEFAULT", yesNo(isDefault))
        list.add("AUTOSELECT", yesNo(isAutoselected))
        list.add("FORCED", kind == .subtitles ? yesNo(isForced) : nil)
        list.add(
            "CHARACTERISTICS",
            characteristics.isEmpty ? nil : .quoted(characteristics.joined(separator: ",")))
        list.add("CHANNELS", channels.map { .quoted("\($0)") })
        list.add("INSTREAM-ID", channel.map { .quoted($0.name) })
        list.add("URI", try uri.map { uri throws(VTXError) in .quoted(try checkedURI(uri)) })
        return try list.render()
    }
}
