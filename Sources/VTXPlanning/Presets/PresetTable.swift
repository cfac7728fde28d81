// The presets for quality as a table: one row a codec.

import VTXModel

/// What the presets `high`, `medium` and `low` say of one codec.
struct PresetRow<Codec: Sendable, Part: Sendable>: Sendable {
    var codec: Codec
    var high: Part
    var medium: Part
    var low: Part

    init(_ codec: Codec, high: Part, medium: Part, low: Part) {
        self.codec = codec
        self.high = high
        self.medium = medium
        self.low = low
    }
}

/// Which of the three presets.
enum PresetLevel: Sendable { case high, medium, low }

private let videoRows: [PresetRow<VideoCodec, Preset.Video>] = [
    .init(
        .h264, high: .init(quality: 18, speed: "slow"), medium: .init(quality: 21, speed: "medium"),
        low: .init(quality: 26, speed: "veryfast")),
    // HEVC stays at `fast`: below it x265 drops what saves the bits.
    .init(
        .hevc, high: .init(quality: 20, speed: "slow"), medium: .init(quality: 24, speed: "medium"),
        low: .init(quality: 28, speed: "fast")),
    .init(
        .vp9, high: .init(quality: 28, speed: "1"), medium: .init(quality: 32, speed: "2"),
        low: .init(quality: 38, speed: "4")),
    .init(
        .av1, high: .init(quality: 26, speed: "6"), medium: .init(quality: 32, speed: "8"),
        low: .init(quality: 40, speed: "10")),
    .init(
        .mpeg4, high: .init(quality: 3, options: ["mbd": "rd"]), medium: .init(quality: 5, options: ["mbd": "rd"]),
        low: .init(quality: 9)),
    .init(
        .prores, high: .init(options: ["profile": "hq"]), medium: .init(options: ["profile": "standard"]),
        low: .init(options: ["profile": "proxy"])),
    .init(.ffv1, high: .init(), medium: .init(), low: .init()),
]

private let audioRows: [PresetRow<AudioCodec, Preset.Audio>] = [
    .init(
        .aac, high: .init(stereo: 192_000, surround51: 448_000), medium: .init(stereo: 160_000, surround51: 384_000),
        low: .init(stereo: 128_000, surround51: 320_000)),
    .init(
        .opus, high: .init(stereo: 128_000, surround51: 320_000), medium: .init(stereo: 112_000, surround51: 256_000),
        low: .init(stereo: 88_000, surround51: 208_000)),
    .init(
        .mp3, high: .init(mono: 112_000, stereo: 192_000, surround51: 320_000),
        medium: .init(mono: 96_000, stereo: 160_000, surround51: 320_000),
        low: .init(mono: 80_000, stereo: 128_000, surround51: 320_000)),
    .init(
        .ac3, high: .init(mono: 112_000, stereo: 224_000, surround51: 640_000),
        medium: .init(mono: 96_000, stereo: 192_000, surround51: 448_000),
        low: .init(mono: 80_000, stereo: 160_000, surround51: 384_000)),
    .init(
        .eac3, high: .init(stereo: 192_000, surround51: 448_000), medium: .init(stereo: 160_000, surround51: 384_000),
        low: .init(stereo: 128_000, surround51: 320_000)),
]

extension PresetRow {
    fileprivate subscript(_ level: PresetLevel) -> Part {
        switch level {
        case .high: high
        case .medium: medium
        case .low: low
        }
    }
}

extension Preset {
    /// One column of the table.
    init(name: String, _ level: PresetLevel) {
        self.init(
            name: name, video: Dictionary(uniqueKeysWithValues: videoRows.map { ($0.codec, $0[level]) }),
            audio: Dictionary(uniqueKeysWithValues: audioRows.map { ($0.codec, $0[level]) }))
    }
}
