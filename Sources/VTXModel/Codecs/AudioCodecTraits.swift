// What each audio encoder takes: layouts, sample rates, bit rates. As libavcodec 59 has it.

/// What is particular to one audio codec and its encoder in libavcodec.
package struct AudioCodecTraits: Sendable {
    /// The name as text for people writes it: `E-AC-3`.
    package var title: String
    /// libavcodec's name of the encoder.
    package var encoder: String
    /// Hz; `nil` for any up to 192,000.
    package var sampleRates: [Int]?
    /// The rate it runs at inside, whatever comes in, in Hz; `nil` for the rate of its input.
    package var innerRate: Int?
    /// Layouts, by libav's names, that decoders everywhere know for this codec.
    package var layouts: Set<String>
    /// libav's sample format for sources of so many bits a sample; `nil` if the source has none.
    package var sampleFormat: @Sendable (_ bitsPerSample: Int?) -> String
    /// Bits of a sample that vtx writes at most, where that is less than sources of such samples have.
    package var mostBits: Int?
    /// The bit rates the format has, in bits per second; `nil` for lossless codecs.
    package var bitRates: (@Sendable (_ sampleRate: Int, _ channels: Int) -> AudioBitRates)?
    /// Samples of each channel in a packet; `nil` where any number may be.
    package var packetSamples: Int?
    /// Types of segments that hold it.
    package var segments: Set<SegmentType> = []
    /// Bits per second of a 5.1 rendition of a ladder; `nil` if ladders do not have one in this codec.
    package var surroundRate: Int64?
}

extension AudioCodec {
    /// All that is particular to the codec.
    package var traits: AudioCodecTraits {
        switch self {
        case .aac: .aac
        case .opus: .opus
        case .mp3: .mp3
        case .ac3: .ac3
        case .eac3: .eac3
        case .flac: .flac
        case .pcm: .pcm
        }
    }
}

extension AudioCodecTraits {
    fileprivate static let aac = AudioCodecTraits(
        title: "AAC", encoder: "aac",
        sampleRates: [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350],
        layouts: ["mono", "stereo", "3.0", "4.0", "5.0", "5.1", "7.1"], sampleFormat: { _ in "fltp" },
        // 6144 bits for each frame of 1024 samples and channel.
        bitRates: { .range(8_000...Int64(6 * $0 * $1)) },
        packetSamples: 1024, segments: [.fmp4, .ts], surroundRate: 384_000)

    fileprivate static let opus = AudioCodecTraits(
        title: "Opus", encoder: "libopus", sampleRates: [48000, 24000, 16000, 12000, 8000], innerRate: 48000,
        layouts: ["mono", "stereo", "3.0", "quad", "5.0", "5.1", "6.1", "7.1"], sampleFormat: { _ in "flt" },
        bitRates: { .range(6_000...Int64(256_000 * $1)) }, packetSamples: 960, segments: [.fmp4])

    fileprivate static let mp3 = AudioCodecTraits(
        title: "MP3", encoder: "libmp3lame",
        sampleRates: [48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000],
        layouts: ["mono", "stereo"], sampleFormat: { _ in "fltp" },
        bitRates: { sampleRate, _ in
            // MPEG-1, MPEG-2 and MPEG-2.5, layer III.
            if sampleRate >= 32000 {
                .list([32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320])
            } else if sampleRate >= 16000 {
                .list([8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160])
            } else {
                .list([8, 16, 24, 32, 40, 48, 56, 64])
            }
        }, packetSamples: 1152, segments: [.fmp4, .ts])

    private static let dolbyLayouts: Set<String> = ["mono", "stereo", "3.0", "4.0", "quad", "5.0", "5.1"]

    fileprivate static let ac3 = AudioCodecTraits(
        title: "AC-3", encoder: "ac3", sampleRates: [48000, 44100, 32000], layouts: dolbyLayouts,
        sampleFormat: { _ in "fltp" },
        bitRates: { _, _ in
            .list([32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640])
        }, packetSamples: 1536, segments: [.fmp4, .ts])

    fileprivate static let eac3 = AudioCodecTraits(
        title: "E-AC-3", encoder: "eac3", sampleRates: [48000, 44100, 32000], layouts: dolbyLayouts,
        sampleFormat: { _ in "fltp" }, bitRates: { _, _ in .range(32_000...6_144_000) }, packetSamples: 1536,
        segments: [.fmp4, .ts], surroundRate: 256_000)

    fileprivate static let flac = AudioCodecTraits(
        title: "FLAC", encoder: "flac", layouts: ["mono", "stereo", "3.0", "quad", "5.0", "5.1", "6.1", "7.1"],
        sampleFormat: { ($0 ?? 16) > 16 ? "s32" : "s16" })

    fileprivate static let pcm = AudioCodecTraits(
        title: "PCM", encoder: "pcm_s16le",
        layouts: ["mono", "stereo", "3.0", "4.0", "quad", "5.0", "5.1", "6.1", "7.1"], sampleFormat: { _ in "s16" },
        mostBits: 16)
}

/// The bit rates that an audio format has.
package enum AudioBitRates: Hashable, Sendable {
    /// Bits per second.
    case range(ClosedRange<Int64>)
    /// Thousands of bits per second.
    case list([Int64])

    /// Whether the format has `rate`, in bits per second.
    package func contains(_ rate: Int64) -> Bool {
        switch self {
        case .range(let range): range.contains(rate)
        case .list(let list): list.contains { $0 * 1000 == rate }
        }
    }

    /// The rate that the format has nearest to `rate`, in bits per second.
    package func nearest(_ rate: Int64) -> Int64 {
        switch self {
        case .range(let range): min(max(rate, range.lowerBound), range.upperBound)
        case .list(let list): list.map { $0 * 1000 }.min { abs($0 - rate) < abs($1 - rate) }!
        }
    }

    /// The highest rate that the format has up to `rate`, in bits per second; `nil` if all are higher.
    package func highest(upTo rate: Int64) -> Int64? {
        switch self {
        case .range(let range): rate < range.lowerBound ? nil : min(rate, range.upperBound)
        case .list(let list): list.map { $0 * 1000 }.last { $0 <= rate }
        }
    }

    /// `8k to 576k`, or all rates with commas between them.
    package var text: String {
        switch self {
        case .range(let range): "\(range.lowerBound / 1000)k to \(range.upperBound / 1000)k"
        case .list(let list): list.map { "\($0)k" }.joined(separator: ", ")
        }
    }
}
