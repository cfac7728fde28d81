// The scales and kinds that encoders of video differ in.

/// What the quality of an encoder is counted in.
package enum QualityScale: Hashable, Sendable {
    /// Constant rate factor; lower is better.
    case crf(ClosedRange<Double>, isWhole: Bool = false)
    /// Constant quantizer, whole numbers; lower is better.
    case quantizer(ClosedRange<Double>)
    /// Every bit of the source is kept.
    case lossless
    /// The encoder's profile says how good it is.
    case profile
}

/// How many bits a codec takes, roughly, for estimates before anything is encoded.
///
/// Quality sets no rate: what real sources take lies between a third and three times of this.
package struct TypicalRate: Hashable, Sendable {
    /// Bits per pixel at `quality`.
    package var bitsPerPixel: Double
    /// On the codec's scale; `nil` if it has none.
    package var quality: Double?
    /// Steps of quality that halve the bits.
    package var halving: Double

    package init(bitsPerPixel: Double, at quality: Double? = nil, halving: Double = 6) {
        self.bitsPerPixel = bitsPerPixel
        self.quality = quality
        self.halving = halving
    }

    /// - Parameters:
    ///   - pixels: per second.
    ///   - value: quality on the codec's scale; `nil` for its usual one.
    /// - Returns: bits per second.
    package func bitRate(pixels: Double, quality value: Double? = nil) -> Double {
        var rate = pixels * bitsPerPixel
        guard let quality, let value else { return rate }
        for _ in 0..<Int(abs(value - quality) / halving) { rate *= value > quality ? 0.5 : 2 }
        return rate
    }
}

/// Speeds of an encoder, in its own words.
package struct SpeedScale: Hashable, Sendable {
    /// The encoder's option.
    package var option: String
    /// Its values, in the encoder's order.
    package var values: [String]

    package init(option: String, values: [String]) {
        self.option = option
        self.values = values
    }
}

/// How an encoder passes on to a second pass what the first learnt.
package enum TwoPassKind: Hashable, Sendable {
    /// In a file that this option names.
    case file(option: String)
    /// In a file that is named, with the pass, among the parameters of this option.
    case parameters(option: String)
    /// In memory, through libavcodec.
    case memory
}

/// What timestamps of a codec can express.
package enum CodecClock: Hashable, Sendable {
    /// Any time: the container keeps it.
    case any
    /// Multiples of a frame at a constant rate, whose numerator is `mostTicks` at most.
    case frames(mostTicks: Int64)
}

/// What an encoder of video is told about its frames before its options are made.
package struct EncodedVideo: Hashable, Sendable {
    /// In pixels.
    package var size: PixelSize
    /// libav's name.
    package var pixelFormat: String
    /// Colour tags that are written.
    package var color: ColorDescription
    package var mastering: MasteringDisplay?
    package var contentLight: ContentLight?
    /// Encoder options that the user gave.
    package var asked: [String: String]

    package init(
        size: PixelSize, pixelFormat: String, color: ColorDescription, mastering: MasteringDisplay? = nil,
        contentLight: ContentLight? = nil, asked: [String: String] = [:]
    ) {
        self.size = size
        self.pixelFormat = pixelFormat
        self.color = color
        self.mastering = mastering
        self.contentLight = contentLight
        self.asked = asked
    }
}

extension [String: String] {
    /// Adds to an encoder's list of its own parameters, which colons separate (`x264-params`).
    package mutating func addParameters(_ more: String, to key: String) {
        self[key] = [self[key], more].compactMap { $0 }.joined(separator: ":")
    }
}
