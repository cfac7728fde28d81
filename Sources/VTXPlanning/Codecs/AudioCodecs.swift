// What each audio encoder takes: layouts, sample rates, bit rates. As libavcodec 59 has it.

import VTXModel

extension AudioCodec {
    var title: String {
        switch self {
        case .aac: "AAC"
        case .opus: "Opus"
        case .mp3: "MP3"
        case .ac3: "AC-3"
        case .eac3: "E-AC-3"
        case .flac: "FLAC"
        case .pcm: "PCM"
        }
    }

    /// Hz; `nil` for any up to 192,000.
    var sampleRates: [Int]? {
        switch self {
        case .aac: [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350]
        case .opus: [48000, 24000, 16000, 12000, 8000]
        case .mp3: [48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000]
        case .ac3, .eac3: [48000, 44100, 32000]
        case .flac, .pcm: nil
        }
    }

    /// The rate for a source of `rate` Hz: the same or the next higher, so that nothing audible is lost.
    /// Opus runs at 48 kHz inside whatever comes in.
    ///
    /// - Parameter possible: the rates to choose from; `nil` for any up to 192,000.
    func sampleRate(for rate: Int, among possible: [Int]?) -> Int {
        if self == .opus { return 48000 }
        guard let possible else { return min(rate, 192_000) }
        return possible.filter { $0 >= rate }.min() ?? possible.max()!
    }

    /// Layouts, by libav's names, that decoders everywhere know for this codec.
    var layouts: Set<String> {
        switch self {
        case .aac: ["mono", "stereo", "3.0", "4.0", "5.0", "5.1", "7.1"]
        case .opus, .flac: ["mono", "stereo", "3.0", "quad", "5.0", "5.1", "6.1", "7.1"]
        case .ac3, .eac3: ["mono", "stereo", "3.0", "4.0", "quad", "5.0", "5.1"]
        case .mp3: ["mono", "stereo"]
        case .pcm: ["mono", "stereo", "3.0", "4.0", "quad", "5.0", "5.1", "6.1", "7.1"]
        }
    }

    /// The layout for a source of `layout` (see `plainLayout`): the same, or the one that loses least.
    func layout(for layout: String) -> String {
        let instead: [String: [String]] = [
            "7.1": ["5.1", "stereo"], "6.1": ["5.1", "stereo"], "5.1": ["stereo"], "5.0": ["5.1", "stereo"],
            "quad": ["5.0", "5.1", "stereo"], "4.0": ["5.0", "5.1", "stereo"], "3.0": ["stereo"],
        ]
        return ([layout] + (instead[layout] ?? [])).first { layouts.contains($0) } ?? "stereo"
    }

    func sampleFormat(bitsPerSample: Int?) -> String {
        switch self {
        case .aac, .mp3, .ac3, .eac3: "fltp"
        case .opus: "flt"
        case .flac: (bitsPerSample ?? 16) > 16 ? "s32" : "s16"
        case .pcm: "s16"
        }
    }

    /// The bit rates the format has, or the range it allows; bits per second.
    func bitRates(sampleRate: Int, channels: Int) -> BitRates {
        switch self {
        case .aac:
            // 6144 bits for each frame of 1024 samples and channel.
            .range(8_000...Int64(6 * sampleRate * channels))
        case .opus: .range(6_000...Int64(256_000 * channels))
        case .mp3:
            if sampleRate >= 32000 {
                .list([32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320])
            } else if sampleRate >= 16000 {
                .list([8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160])
            } else {
                .list([8, 16, 24, 32, 40, 48, 56, 64])
            }
        case .ac3:
            .list([32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640])
        case .eac3: .range(32_000...6_144_000)
        case .flac, .pcm: .range(0...0)
        }
    }
}

enum BitRates: Equatable {
    case range(ClosedRange<Int64>)
    /// In thousands.
    case list([Int64])

    func contains(_ rate: Int64) -> Bool {
        switch self {
        case .range(let range): range.contains(rate)
        case .list(let list): list.contains { $0 * 1000 == rate }
        }
    }

    func nearest(_ rate: Int64) -> Int64 {
        switch self {
        case .range(let range): min(max(rate, range.lowerBound), range.upperBound)
        case .list(let list): list.map { $0 * 1000 }.min { abs($0 - rate) < abs($1 - rate) }!
        }
    }

    var text: String {
        switch self {
        case .range(let range): "\(range.lowerBound / 1000)k to \(range.upperBound / 1000)k"
        case .list(let list): list.map { "\($0)k" }.joined(separator: ", ")
        }
    }
}

/// One name for layouts that differ only in where the surround speakers are said to stand, and a guess for
/// those that name no speakers.
func plainLayout(_ layout: String, channels: Int) -> String {
    switch layout {
    case "mono", "stereo", "3.0", "4.0", "quad", "5.0", "5.1", "6.1", "7.1": return layout
    case "downmix", "2.1", "3.0(back)": return "stereo"
    case "5.0(side)": return "5.0"
    case "quad(side)": return "quad"
    case "5.1(side)", "3.1", "4.1": return "5.1"
    case "6.1(back)", "6.1(front)", "hexagonal": return "6.1"
    case "7.1(wide)", "7.1(wide-side)", "7.1(top)", "octagonal", "7.0", "7.0(front)": return "7.1"
    case "6.0", "6.0(front)": return "5.1"
    default:
        switch channels {
        case 1: return "mono"
        case 6: return "5.1"
        case 8: return "7.1"
        default: return "stereo"
        }
    }
}

func channelCount(_ layout: String) -> Int {
    ["mono": 1, "stereo": 2, "3.0": 3, "4.0": 4, "quad": 4, "5.0": 5, "5.1": 6, "6.1": 7, "7.1": 8][layout]
        ?? 2
}

/// A `pan` filter from one layout to one with fewer channels; `nil` where libswresample does it well.
///
/// Weights of ITU-R BS.775: the centre and each surround at −3 dB, the bass channel left out of stereo. They are not
/// divided by their sum, as libswresample does it, because that is what makes dialogue quiet.
func downmix(from source: String, to target: String) -> String? {
    let left: [String: String] = [
        "3.0": "FL+0.707*FC",
        "4.0": "FL+0.707*FC+0.5*BC",
        "5.0": "FL+0.707*FC+0.707*BL",
        "5.1": "FL+0.707*FC+0.707*BL",
        "6.1": "FL+0.707*FC+0.707*SL+0.5*BC",
        "7.1": "FL+0.707*FC+0.5*SL+0.5*BL",
    ]
    let mono: [String: String] = [
        "3.0": "0.5*FL+0.5*FR+0.707*FC",
        "4.0": "0.5*FL+0.5*FR+0.707*FC+0.5*BC",
        "5.0": "0.5*FL+0.5*FR+0.707*FC+0.354*BL+0.354*BR",
        "5.1": "0.5*FL+0.5*FR+0.707*FC+0.354*BL+0.354*BR",
        "6.1": "0.5*FL+0.5*FR+0.707*FC+0.354*SL+0.354*SR+0.5*BC",
        "7.1": "0.5*FL+0.5*FR+0.707*FC+0.25*SL+0.25*SR+0.25*BL+0.25*BR",
    ]
    let same = "pan=5.1|FL=FL|FR=FR|FC=FC|LFE=LFE"
    switch (source, target) {
    case (_, "stereo"):
        guard let left = left[source] else { return nil }
        // The right side is the mirror image: FL, BL, SL become FR, BR, SR.
        let right = ["FL", "BL", "SL"].reduce(left) { text, name in
            replacing(name, with: String(name.first!) + "R", in: text)
        }
        return "pan=stereo|FL=\(left)|FR=\(right)"
    case (_, "mono"): return mono[source].map { "pan=mono|FC=\($0)" }
    case ("7.1", "5.1"): return "\(same)|BL=0.707*BL+0.707*SL|BR=0.707*BR+0.707*SR"
    case ("6.1", "5.1"): return "\(same)|BL=SL+0.707*BC|BR=SR+0.707*BC"
    default: return nil
    }
}

private func replacing(_ word: String, with other: String, in text: String) -> String {
    text.split(separator: word, omittingEmptySubsequences: false).joined(separator: other)
}

extension Container {
    /// The codec's rates that work in this container.
    ///
    /// AVI keeps no encoder delay: the 1105 samples of LAME stay under one frame (1152 samples) only for
    /// MPEG-1's rates, and libav's AVI times MPEG-2.5 frames (8 to 12 kHz) at twice their length.
    func sampleRates(of codec: AudioCodec) -> [Int]? {
        self == .avi && codec == .mp3 ? codec.sampleRates?.filter { $0 >= 32000 } : codec.sampleRates
    }
}
