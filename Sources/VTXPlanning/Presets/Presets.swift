// The quality presets `high`, `medium` and `low` as data, and how a file of one's own changes them.
//
// Numbers are encoders' own scales: a CRF of libx264 is not a CRF of libvpx.

public import VTXModel

/// How well and how fast each codec is encoded.
public struct Preset: Hashable, Sendable {
    public struct Video: Hashable, Sendable {
        /// CRF; for MPEG-4 the quantiser, a whole number from 2 to 31.
        public var quality: Double
        /// In the encoder's own words; `nil` where it has none.
        public var speed: String?
        /// Further options of the encoder.
        public var options: [String: String]

        public init(quality: Double, speed: String? = nil, options: [String: String] = [:]) {
            self.quality = quality
            self.speed = speed
            self.options = options
        }
    }

    /// Bits per second by number of channels.
    public struct Audio: Hashable, Sendable {
        public var mono: Int64
        public var stereo: Int64
        public var surround51: Int64
        public var surround71: Int64

        /// - Parameters:
        ///   - mono: `nil` for 60 % of stereo.
        ///   - surround71: `nil` for four thirds of 5.1.
        public init(mono: Int64? = nil, stereo: Int64, surround51: Int64, surround71: Int64? = nil) {
            self.mono = mono ?? thousands(stereo * 6 / 10)
            self.stereo = stereo
            self.surround51 = surround51
            self.surround71 = surround71 ?? thousands(surround51 * 4 / 3)
        }

        /// For any number of channels; three and four stand between stereo and 5.1.
        public func bitRate(channels: Int) -> Int64 {
            switch channels {
            case ...1: mono
            case 2: stereo
            case 3, 4: thousands(stereo + (surround51 - stereo) * Int64(channels - 2) / 4)
            case 5, 6: surround51
            default: surround71
            }
        }
    }

    public var name: String
    public var video: [VideoCodec: Video]
    /// Codecs that lose something; the others need no bit rate.
    public var audio: [AudioCodec: Audio]

    public init(name: String, video: [VideoCodec: Video], audio: [AudioCodec: Audio]) {
        self.name = name
        self.video = video
        self.audio = audio
    }

    /// Close to the source; for keeping.
    public static let high = Preset(
        name: "high",
        video: [
            .h264: .init(quality: 18, speed: "slow"),
            .hevc: .init(quality: 20, speed: "slow"),
            .vp9: .init(quality: 28, speed: "1"),
            .av1: .init(quality: 26, speed: "6"),
            .mpeg4: .init(quality: 3, options: ["mbd": "rd"]),
        ],
        audio: [
            .aac: .init(stereo: 192_000, surround51: 448_000),
            .opus: .init(stereo: 128_000, surround51: 320_000),
            .mp3: .init(mono: 112_000, stereo: 192_000, surround51: 320_000),
            .ac3: .init(mono: 112_000, stereo: 224_000, surround51: 640_000),
            .eac3: .init(stereo: 192_000, surround51: 448_000),
        ])

    /// Hard to tell from the source at normal viewing distance.
    public static let medium = Preset(
        name: "medium",
        video: [
            .h264: .init(quality: 21, speed: "medium"),
            .hevc: .init(quality: 24, speed: "medium"),
            .vp9: .init(quality: 32, speed: "2"),
            .av1: .init(quality: 32, speed: "8"),
            .mpeg4: .init(quality: 5, options: ["mbd": "rd"]),
        ],
        audio: [
            .aac: .init(stereo: 160_000, surround51: 384_000),
            .opus: .init(stereo: 112_000, surround51: 256_000),
            .mp3: .init(mono: 96_000, stereo: 160_000, surround51: 320_000),
            .ac3: .init(mono: 96_000, stereo: 192_000, surround51: 448_000),
            .eac3: .init(stereo: 160_000, surround51: 384_000),
        ])

    /// Small and quick; for looking through. HEVC stays at `fast`: below it x265 drops what saves the bits.
    public static let low = Preset(
        name: "low",
        video: [
            .h264: .init(quality: 26, speed: "veryfast"),
            .hevc: .init(quality: 28, speed: "fast"),
            .vp9: .init(quality: 38, speed: "4"),
            .av1: .init(quality: 40, speed: "10"),
            .mpeg4: .init(quality: 9),
        ],
        audio: [
            .aac: .init(stereo: 128_000, surround51: 320_000),
            .opus: .init(stereo: 88_000, surround51: 208_000),
            .mp3: .init(mono: 80_000, stereo: 128_000, surround51: 320_000),
            .ac3: .init(mono: 80_000, stereo: 160_000, surround51: 384_000),
            .eac3: .init(stereo: 128_000, surround51: 320_000),
        ])

    private static let builtIns = [high, medium, low]

    /// The names `builtIn(named:)` knows, best quality first.
    public static let builtInNames = builtIns.map(\.name)

    public static func builtIn(named name: String) -> Preset? { builtIns.first { $0.name == name } }
}

private func thousands(_ rate: Int64) -> Int64 { (rate + 500) / 1000 * 1000 }
