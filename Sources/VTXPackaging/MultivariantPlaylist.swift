// The multivariant playlist as a value, and its text (RFC 8216, 4.3.4).

public import VTXModel

/// What a package offers, and what each offer needs.
public struct MultivariantPlaylist: Hashable, Sendable {
    public var variants: [Variant]
    public var renditions: [Rendition]
    public var iFrameVariants: [IFrameVariant]
    /// Keys that players may fetch early.
    public var sessionKeys: [EncryptionKey]

    public init(
        variants: [Variant], renditions: [Rendition] = [], iFrameVariants: [IFrameVariant] = [],
        sessionKeys: [EncryptionKey] = []
    ) {
        self.variants = variants
        self.renditions = renditions
        self.iFrameVariants = iFrameVariants
        self.sessionKeys = sessionKeys
    }

    /// EXT-X-STREAM-INF.
    public struct Variant: Hashable, Sendable {
        public var uri: String
        public var bitRates: BitRates
        /// All formats of the variant and its groups, video first; see `CodecString.list`.
        public var codecs: [String]
        /// Display size; `nil` without video.
        public var resolution: PixelSize?
        public var frameRate: Rational?
        public var videoRange: VideoRange?
        public var audioGroup: String?
        public var subtitleGroup: String?
        /// A higher one is preferred at the same bit rate.
        public var score: Rational?

        public init(
            uri: String, bitRates: BitRates, codecs: [String], resolution: PixelSize? = nil,
            frameRate: Rational? = nil, videoRange: VideoRange? = nil, audioGroup: String? = nil,
            subtitleGroup: String? = nil, score: Rational? = nil
        ) {
            self.uri = uri
            self.bitRates = bitRates
            self.codecs = codecs
            self.resolution = resolution
            self.frameRate = frameRate
            self.videoRange = videoRange
            self.audioGroup = audioGroup
            self.subtitleGroup = subtitleGroup
            self.score = score
        }
    }

    /// EXT-X-I-FRAME-STREAM-INF.
    public struct IFrameVariant: Hashable, Sendable {
        public var uri: String
        public var bitRates: BitRates
        public var codecs: [String]
        public var resolution: PixelSize
        public var videoRange: VideoRange

        public init(
            uri: String, bitRates: BitRates, codecs: [String], resolution: PixelSize,
            videoRange: VideoRange = .sdr
        ) {
            self.uri = uri
            self.bitRates = bitRates
            self.codecs = codecs
            self.resolution = resolution
            self.videoRange = videoRange
        }
    }

    /// EXT-X-MEDIA.
    public struct Rendition: Hashable, Sendable {
        public enum Kind: String, Hashable, Sendable {
            case audio = "AUDIO"
            case subtitles = "SUBTITLES"
        }

        public var kind: Kind
        public var group: String
        public var name: String
        /// BCP 47, in its shortest form.
        public var language: String
        public var isDefault: Bool
        public var isAutoselected: Bool
        /// Subtitles only: what nobody can do without, such as signs in another language.
        public var isForced: Bool
        /// Media characteristic tags, e.g. `public.accessibility.describes-video`.
        public var characteristics: [String]
        /// Audio only.
        public var channels: Int?
        /// `nil` if the media is part of the variants that name the group; audio only.
        public var uri: String?

        public init(
            kind: Kind, group: String, name: String, language: String, isDefault: Bool = false,
            isAutoselected: Bool = true, isForced: Bool = false, characteristics: [String] = [],
            channels: Int? = nil, uri: String? = nil
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
        }
    }
}

extension MultivariantPlaylist {
    /// Lowest EXT-X-VERSION that has all features used.
    ///
    /// Groups and I-frame playlists may stand in version 1, but clients that old cannot play them, so 4 is
    /// declared as RFC 8216 (7) suggests.
    public var version: Int {
        let needed = renditions.isEmpty && iFrameVariants.isEmpty ? 1 : 4
        return max(needed, sessionKeys.map(\.version).max() ?? 0)
    }

    /// The text of the playlist, with a line break at its end.
    ///
    /// - Throws: `.internal` if the value breaks a rule of the format.
    public func render() throws(VTXError) -> String {
        try check()
        var lines = ["#EXTM3U"]
        if version > 1 { lines.append("#EXT-X-VERSION:\(version)") }
        lines.append("#EXT-X-INDEPENDENT-SEGMENTS")
        for key in sessionKeys { lines.append("#EXT-X-SESSION-KEY:\(try key.attributes())") }
        for rendition in renditions { lines.append("#EXT-X-MEDIA:\(try rendition.attributes())") }
        // Captions inside the video are never written; saying so on some variants means saying it on all.
        let hasVideo = variants.contains { $0.resolution != nil }
        for variant in variants {
            lines.append("#EXT-X-STREAM-INF:\(try variant.attributes(saysNoCaptions: hasVideo))")
            lines.append(try checkedURI(variant.uri))
        }
        for variant in iFrameVariants {
            lines.append("#EXT-X-I-FRAME-STREAM-INF:\(try variant.attributes())")
        }
        return lines.joined(separator: "\n") + "\n"
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
            ] {
                guard let group else { continue }
                let exists = renditions.contains { $0.kind == kind && $0.group == group }
                try require(exists, "a group of \(kind.rawValue)", group)
            }
        }
        for kind in [Rendition.Kind.audio, .subtitles] {
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
                rendition.kind == .audio ? !rendition.isForced : rendition.uri != nil,
                rendition.kind.rawValue, rendition.name)
            try require(
                !rendition.name.isEmpty && !rendition.language.isEmpty, "a rendition",
                "\(rendition.group) without name or language")
        }
    }
}

extension MultivariantPlaylist.Variant {
    fileprivate func attributes(saysNoCaptions: Bool) throws(VTXError) -> String {
        var list = AttributeList()
        list.add("BANDWIDTH", .decimalInteger(bitRates.peak))
        list.add("AVERAGE-BANDWIDTH", .decimalInteger(bitRates.average))
        list.add("SCORE", score.map { .decimalFloat($0, digits: 3) })
        list.add("CODECS", .quoted(codecs.joined(separator: ",")))
        list.add("RESOLUTION", resolution.map { .resolution($0) })
        list.add("FRAME-RATE", frameRate.map { .decimalFloat($0, digits: 3) })
        list.add("VIDEO-RANGE", videoRange.map { .enumerated($0.rawValue) })
        list.add("AUDIO", audioGroup.map { .quoted($0) })
        list.add("SUBTITLES", subtitleGroup.map { .quoted($0) })
        list.add("CLOSED-CAPTIONS", saysNoCaptions ? .enumerated("NONE") : nil)
        return try list.render()
    }
}

extension MultivariantPlaylist.IFrameVariant {
    fileprivate func attributes() throws(VTXError) -> String {
        var list = AttributeList()
        list.add("BANDWIDTH", .decimalInteger(bitRates.peak))
        list.add("AVERAGE-BANDWIDTH", .decimalInteger(bitRates.average))
        list.add("CODECS", .quoted(codecs.joined(separator: ",")))
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
        list.add("URI", try uri.map { uri throws(VTXError) in .quoted(try checkedURI(uri)) })
        return try list.render()
    }
}
