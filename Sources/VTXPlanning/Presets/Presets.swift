// The built-in presets: `high`, `medium` and `low` for quality, and those for a purpose.
//
// Numbers are encoders' own scales: a CRF of libx264 is not a CRF of libvpx.

public import VTXModel

/// How well and how fast each codec is encoded.
public struct Preset: Hashable, Sendable {
    /// Settings of a video codec.
    public struct Video: Hashable, Sendable {
        /// CRF; for MPEG-4 the quantizer, a whole number from 2 to 31; `nil` for codecs without a scale.
        public var quality: Double?
        /// In the encoder's own words; `nil` where it has none.
        public var speed: String?
        /// Further options of the encoder.
        public var options: [String: String]

        /// The value made of its parts; what is left out is as its declaration says.
        public init(quality: Double? = nil, speed: String? = nil, options: [String: String] = [:]) {
            self.quality = quality
            self.speed = speed
            self.options = options
        }
    }

    /// Bits per second by number of channels.
    public struct Audio: Hashable, Sendable {
        /// Bits per second of one channel.
        public var mono: Int64
        /// Bits per second of two channels.
        public var stereo: Int64
        /// Bits per second of 5.1.
        public var surround51: Int64
        /// Bits per second of 7.1.
        public var surround71: Int64

        /// - Parameters:
        ///   - mono: bits per second; `nil` for 60 % of stereo.
        ///   - stereo: bits per second of two channels.
        ///   - surround51: bits per second of 5.1.
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

    /// Name it is chosen by.
    public var name: String
    /// Settings by video codec.
    public var video: [VideoCodec: Video]
    /// Codecs that lose something; the others need no bit rate.
    public var audio: [AudioCodec: Audio]
    /// What it is made for; `nil`: any file, in the codecs of its container.
    public var purpose: PresetPurpose?

    /// The value made of its parts; what is left out is as its declaration says.
    public init(name: String, video: [VideoCodec: Video], audio: [AudioCodec: Audio]) {
        self.name = name
        self.video = video
        self.audio = audio
    }
}

private func thousands(_ rate: Int64) -> Int64 { (rate + 500) / 1000 * 1000 }
