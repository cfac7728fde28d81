// A preset from a file: any part of it, laid over a built-in one.
//
//     name: archive
//     base: high
//     video:
//       h264: {crf: 16, speed: slower, options: {tune: source}}
//       mpeg4: {quantizer: 2}
//     audio:
//       aac: {stereo: 256k, "5.1": 512k}

public import VTXModel

/// What a preset file says; every part may be missing.
public struct PresetFile: Hashable, Sendable {
    /// Settings of a video codec.
    public struct Video: Hashable, Sendable {
        /// Constant rate factor on the scale of the encoder; `nil`: that of the preset.
        public var crf: Double?
        /// MPEG-4 only.
        public var quantizer: Int?
        /// Speed preset of the encoder; `nil`: that of the preset.
        public var speed: String?
        /// Instead of the base's, not beside them; `nil` for the base's.
        public var options: [String: String]?

        /// The value made of its parts; what is left out is as its declaration says.
        public init(
            crf: Double? = nil, quantizer: Int? = nil, speed: String? = nil, options: [String: String]? = nil
        ) {
            self.crf = crf
            self.quantizer = quantizer
            self.speed = speed
            self.options = options
        }
    }

    /// Bits per second.
    public struct Audio: Hashable, Sendable {
        /// Bits per second of one channel.
        public var mono: Int64?
        /// Bits per second of two channels.
        public var stereo: Int64?
        /// Bits per second of 5.1.
        public var surround51: Int64?
        /// Bits per second of 7.1.
        public var surround71: Int64?

        /// The value made of its parts; what is left out is as its declaration says.
        public init(
            mono: Int64? = nil, stereo: Int64? = nil, surround51: Int64? = nil, surround71: Int64? = nil
        ) {
            self.mono = mono
            self.stereo = stereo
            self.surround51 = surround51
            self.surround71 = surround71
        }
    }

    /// `nil`: the base's.
    public var name: String?
    /// A built-in preset; `nil` for `medium`.
    public var base: String?
    /// Settings by video codec.
    public var video: [VideoCodec: Video]
    /// Settings by audio codec.
    public var audio: [AudioCodec: Audio]

    /// The value made of its parts; what is left out is as its declaration says.
    public init(
        name: String? = nil, base: String? = nil, video: [VideoCodec: Video] = [:],
        audio: [AudioCodec: Audio] = [:]
    ) {
        self.name = name
        self.base = base
        self.video = video
        self.audio = audio
    }

    /// The whole preset: the base with what the file says instead.
    ///
    /// - Throws: `.usage` if there is no such base, or a number is outside its codec's range.
    public func resolved() throws(VTXError) -> Preset {
        let baseName = base ?? Preset.medium.name
        guard var preset = Preset.builtIn(named: baseName) else {
            throw VTXError(
                .usage, "there is no preset '\(baseName)' to start from",
                remedy: "base is one of \(Preset.builtInNames.joined(separator: ", "))")
        }
        preset.name = name ?? baseName
        for (codec, change) in video {
            var part = preset.video[codec] ?? Preset.Video()
            if let quality = try quality(change, of: codec, in: preset.name) { part.quality = quality }
            if let speed = change.speed {
                try checkSpeed(speed, codec.traits)
                part.speed = speed
            }
            if let options = change.options { part.options = options }
            preset.video[codec] = part
        }
        for (codec, change) in audio {
            guard var part = preset.audio[codec] else {
                throw VTXError(.usage, "preset '\(preset.name)': \(codec.rawValue) has no bit rate to choose")
            }
            part.mono = change.mono ?? part.mono
            part.stereo = change.stereo ?? part.stereo
            part.surround51 = change.surround51 ?? part.surround51
            part.surround71 = change.surround71 ?? part.surround71
            guard min(part.mono, part.stereo, part.surround51, part.surround71) > 0 else {
                throw VTXError(
                    .usage, "preset '\(preset.name)': a bit rate of \(codec.rawValue) is not positive")
            }
            preset.audio[codec] = part
        }
        return preset
    }

    /// The quality that `change` asks for, on the codec's scale.
    private func quality(_ change: Video, of codec: VideoCodec, in name: String) throws(VTXError) -> Double? {
        let scale = codec.traits.quality
        let isQuantizer = if case .quantizer = scale { true } else { false }
        let isCRF = if case .crf = scale { true } else { false }
        if !isCRF, change.crf != nil {
            throw VTXError(
                .usage, "preset '\(name)': \(codec.rawValue) has no crf",
                remedy: isQuantizer ? "give a quantizer, 2 to 31" : "leave out crf")
        }
        if !isQuantizer, change.quantizer != nil {
            throw VTXError(
                .usage, "preset '\(name)': \(codec.rawValue) has no quantizer",
                remedy: isCRF ? "give a crf" : "leave out quantizer")
        }
        guard let quality = change.crf ?? change.quantizer.map(Double.init), let range = scale.range else { return nil }
        guard range.contains(quality) else {
            throw VTXError(
                .usage, "preset '\(name)': \(decimalText(quality)) is outside the range of \(codec.rawValue)",
                remedy: "the range is \(rangeText(range))")
        }
        return quality
    }
}

/// A key that is only known when it is read.
private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
}

/// The parts of a mapping, after a look at all its keys: a misspelt one must not be passed over.
private func keyed(
    _ decoder: any Decoder, knows known: [String]
) throws -> KeyedDecodingContainer<Key> {
    let container = try decoder.container(keyedBy: Key.self)
    for key in container.allKeys where !known.contains(key.stringValue) {
        throw DecodingError.dataCorrupted(
            .init(
                codingPath: container.codingPath + [key],
                debugDescription:
                    "unknown key '\(key.stringValue)'; known are \(known.joined(separator: ", "))"))
    }
    return container
}

extension PresetFile: Codable {
    /// Reads the form that `encode(to:)` writes.
    public init(from decoder: any Decoder) throws {
        let all = try keyed(decoder, knows: ["name", "base", "video", "audio"])
        name = try all.decodeIfPresent(String.self, forKey: Key("name"))
        base = try all.decodeIfPresent(String.self, forKey: Key("base"))
        video = [:]
        audio = [:]
        if all.contains(Key("video")) {
            let names = VideoCodec.allCases.map(\.rawValue)
            let part = try keyed(all.superDecoder(forKey: Key("video")), knows: names)
            for codec in VideoCodec.allCases {
                video[codec] = try part.decodeIfPresent(Video.self, forKey: Key(codec.rawValue))
            }
        }
        if all.contains(Key("audio")) {
            let names = AudioCodec.allCases.filter { !$0.isLossless }.map(\.rawValue)
            let part = try keyed(all.superDecoder(forKey: Key("audio")), knows: names)
            for name in names {
                audio[AudioCodec(rawValue: name)!] = try part.decodeIfPresent(Audio.self, forKey: Key(name))
            }
        }
    }

    /// Writes the form that `docs/json-output.md` or the preset file describes.
    public func encode(to encoder: any Encoder) throws {
        var all = encoder.container(keyedBy: Key.self)
        try all.encodeIfPresent(name, forKey: Key("name"))
        try all.encodeIfPresent(base, forKey: Key("base"))
        var videoPart = all.nestedContainer(keyedBy: Key.self, forKey: Key("video"))
        for (codec, part) in video { try videoPart.encode(part, forKey: Key(codec.rawValue)) }
        var audioPart = all.nestedContainer(keyedBy: Key.self, forKey: Key("audio"))
        for (codec, part) in audio { try audioPart.encode(part, forKey: Key(codec.rawValue)) }
    }
}

extension PresetFile.Video: Codable {
    /// Reads the form that `encode(to:)` writes.
    public init(from decoder: any Decoder) throws {
        let all = try keyed(decoder, knows: ["crf", "quantizer", "speed", "options"])
        crf = try all.decodeIfPresent(Double.self, forKey: Key("crf"))
        quantizer = try all.decodeIfPresent(Int.self, forKey: Key("quantizer"))
        speed = try words(all, "speed")
        if all.contains(Key("options")) {
            let part = try all.nestedContainer(keyedBy: Key.self, forKey: Key("options"))
            var given: [String: String] = [:]
            for key in part.allKeys { given[key.stringValue] = try words(part, key.stringValue) }
            options = given
        }
    }

    /// Writes the form that `docs/json-output.md` or the preset file describes.
    public func encode(to encoder: any Encoder) throws {
        var all = encoder.container(keyedBy: Key.self)
        try all.encodeIfPresent(crf, forKey: Key("crf"))
        try all.encodeIfPresent(quantizer, forKey: Key("quantizer"))
        try all.encodeIfPresent(speed, forKey: Key("speed"))
        try all.encodeIfPresent(options, forKey: Key("options"))
    }
}

extension PresetFile.Audio: Codable {
    /// Reads the form that `encode(to:)` writes.
    public init(from decoder: any Decoder) throws {
        let all = try keyed(decoder, knows: ["mono", "stereo", "5.1", "7.1"])
        mono = try bitRate(all, "mono")
        stereo = try bitRate(all, "stereo")
        surround51 = try bitRate(all, "5.1")
        surround71 = try bitRate(all, "7.1")
    }

    /// Writes the form that `docs/json-output.md` or the preset file describes.
    public func encode(to encoder: any Encoder) throws {
        var all = encoder.container(keyedBy: Key.self)
        try all.encodeIfPresent(mono, forKey: Key("mono"))
        try all.encodeIfPresent(stereo, forKey: Key("stereo"))
        try all.encodeIfPresent(surround51, forKey: Key("5.1"))
        try all.encodeIfPresent(surround71, forKey: Key("7.1"))
    }
}

extension Preset: Codable {
    /// Reads a preset file: what it does not say is the base's.
    public init(from decoder: any Decoder) throws {
        let file = try PresetFile(from: decoder)
        do throws(VTXError) {
            self = try file.resolved()
        } catch {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: error.message.description))
        }
    }

    /// Writes a preset file that says everything.
    public func encode(to encoder: any Encoder) throws {
        var file = PresetFile(name: name, base: purpose?.preset)
        for (codec, part) in video {
            let isQuantizer = if case .quantizer = codec.traits.quality { true } else { false }
            file.video[codec] = PresetFile.Video(
                crf: isQuantizer ? nil : part.quality, quantizer: isQuantizer ? part.quality.map { Int($0) } : nil,
                speed: part.speed, options: part.options)
        }
        for (codec, part) in audio {
            file.audio[codec] = PresetFile.Audio(
                mono: part.mono, stereo: part.stereo, surround51: part.surround51, surround71: part.surround71
            )
        }
        try file.encode(to: encoder)
    }
}

/// Text, or a number or truth value as its text: YAML's `speed: 6`, JSON's `6`.
private func words(_ container: KeyedDecodingContainer<Key>, _ name: String) throws -> String? {
    let key = Key(name)
    guard container.contains(key), try !container.decodeNil(forKey: key) else { return nil }
    if let text = try? container.decode(String.self, forKey: key) { return text }
    if let number = try? container.decode(Int.self, forKey: key) { return String(number) }
    if let number = try? container.decode(Double.self, forKey: key) { return String(number) }
    return try container.decode(Bool.self, forKey: key) ? "1" : "0"
}

/// Bits per second, or thousands of them with a `k`.
private func bitRate(_ container: KeyedDecodingContainer<Key>, _ name: String) throws -> Int64? {
    guard let text = try words(container, name) else { return nil }
    let isThousands = text.last == "k" || text.last == "K"
    let digits = isThousands ? text.dropLast() : text[...]
    guard let value = Int64(digits), (1...100_000_000).contains(value) else {
        throw DecodingError.dataCorrupted(
            .init(
                codingPath: container.codingPath + [Key(name)], debugDescription: "invalid bit rate '\(text)'"))
    }
    return isThousands ? value * 1000 : value
}
