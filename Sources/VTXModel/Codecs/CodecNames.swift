// Other names of codecs: what people and encoders call them.

extension VideoCodec {
    /// The codec that is meant by a name in any case: its own, that of its encoder, or another that is common.
    public init?(named name: String) {
        let name = simplified(name)
        let found = Self.allCases.first { [$0.rawValue, $0.encoder].map(simplified).contains(name) }
        guard let codec = found ?? Self.aliases[name] else { return nil }
        self = codec
    }

    /// The other names that `init(named:)` takes, in simple spelling: `avc`, `x264`.
    package var otherNames: [String] { Self.aliases.filter { $0.value == self }.map(\.key).sorted() }

    private static let aliases: [String: VideoCodec] = [
        "x264": .h264, "avc": .h264, "avc1": .h264, "x265": .hevc, "h265": .hevc, "hvc1": .hevc, "svtav1": .av1,
        "aom": .av1, "aomav1": .av1, "vpx": .vp9, "xvid": .mpeg4, "divx": .mpeg4,
    ]
}

extension AudioCodec {
    /// The codec that is meant by a name in any case: its own, that of its encoder, or another that is common.
    public init?(named name: String) {
        let name = simplified(name)
        let found = Self.allCases.first { [$0.rawValue, $0.encoder, $0.title].map(simplified).contains(name) }
        guard let codec = found ?? Self.aliases[name] else { return nil }
        self = codec
    }

    /// The other names that `init(named:)` takes, in simple spelling: `mp4a`.
    package var otherNames: [String] { Self.aliases.filter { $0.value == self }.map(\.key).sorted() }

    private static let aliases: [String: AudioCodec] = [
        "lame": .mp3, "mp4a": .aac, "dolbydigital": .ac3, "ddp": .eac3, "dolbydigitalplus": .eac3, "wav": .pcm,
    ]
}

/// `H.265` is `h265`, `libopus` stays as it is.
private func simplified(_ name: String) -> String { name.lowercased().filter { $0.isLetter || $0.isNumber } }
