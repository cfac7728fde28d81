// How the values of options are written.

public import ArgumentParser
public import VTXModel
public import VTXPlanning
import VTXSystem

extension MediaTime: ExpressibleByArgument {
    /// Seconds or clock time.
    public init?(argument: String) { self.init(clock: argument) }
}

extension Rational: ExpressibleByArgument {
    /// A decimal number or a fraction: `29.97`, `30000/1001`.
    public init?(argument: String) { self.init(argument) }
}

extension PixelSize: ExpressibleByArgument {
    /// `1280x720`.
    public init?(argument: String) {
        let sides = argument.lowercased().split(separator: "x", omittingEmptySubsequences: false)
        guard sides.count == 2, let width = Int(sides[0]), let height = Int(sides[1]),
            (2...16384).contains(width), (2...16384).contains(height)
        else { return nil }
        self.init(width, height)
    }
}

extension Container: ExpressibleByArgument {}
extension HDRChoice: ExpressibleByArgument {}
extension DeinterlaceChoice: ExpressibleByArgument {}
extension CaptionChoice: ExpressibleByArgument {}
extension ChannelChoice: ExpressibleByArgument {}

extension VideoChoice: ExpressibleByArgument {
    /// `auto`, `copy`, `none` or the name of a codec.
    public init?(argument: String) {
        switch argument {
        case "auto": self = .automatic
        case "copy": self = .copy
        case "none": self = .none
        default:
            guard let codec = VideoCodec(rawValue: argument) else { return nil }
            self = .codec(codec)
        }
    }

    /// The default as help prints it.
    public var defaultValueDescription: String { self == .automatic ? "auto" : "\(self)" }

    /// All values, for help and completions.
    public static var allValueStrings: [String] { ["auto", "copy", "none"] + VideoCodec.allCases.map(\.rawValue) }
}

extension AudioChoice: ExpressibleByArgument {
    /// `auto`, `copy`, `none` or the name of a codec.
    public init?(argument: String) {
        switch argument {
        case "auto": self = .automatic
        case "copy": self = .copy
        case "none": self = .none
        default:
            guard let codec = AudioCodec(rawValue: argument) else { return nil }
            self = .codec(codec)
        }
    }

    /// The default as help prints it.
    public var defaultValueDescription: String { self == .automatic ? "auto" : "\(self)" }

    /// All values, for help and completions.
    public static var allValueStrings: [String] { ["auto", "copy", "none"] + AudioCodec.allCases.map(\.rawValue) }
}

/// Bits per second: `800000`, `800k`, `2.5M`.
struct BitRate: ExpressibleByArgument {
    let value: Int64

    init?(argument: String) {
        let factor: Double =
            switch argument.last {
            case "k", "K": 1000
            case "m", "M": 1_000_000
            default: 1
            }
        guard let number = Double(factor == 1 ? argument[...] : argument.dropLast()), number > 0,
            number * factor <= 2e9, number * factor >= 1000
        else { return nil }
        value = Int64((number * factor).rounded())
    }
}

/// `key=value`.
struct KeyValue: ExpressibleByArgument {
    let key: String
    let value: String

    init?(argument: String) {
        guard let sign = argument.firstIndex(of: "="), sign != argument.startIndex else { return nil }
        key = String(argument[..<sign])
        value = String(argument[argument.index(after: sign)...])
    }
}

/// `FILE` or `LANGUAGE:FILE`.
struct SubtitleFileArgument: ExpressibleByArgument {
    let file: SubtitleFile

    init?(argument: String) {
        guard !argument.isEmpty else { return nil }
        let (tag, path) = LanguageTag.prefix(of: argument)
        guard !path.isEmpty else { return nil }
        file = SubtitleFile(path: path, language: tag?.text)
    }
}

/// An encoding that iconv knows: `cp1252`, `UTF-16`, `Shift_JIS`.
struct TextEncodingArgument: ExpressibleByArgument {
    let name: String

    init?(argument: String) {
        guard let encoding = TextEncoding(named: argument) else { return nil }
        name = encoding.name
    }
}

extension LadderOptions.Rate: ExpressibleByArgument {}
extension SegmentType: ExpressibleByArgument {}
extension AudioCodec: ExpressibleByArgument {}

/// Codecs of 5.1 renditions: those that Apple's HLS authoring specification names.
enum SurroundCodec: String, ExpressibleByArgument, CaseIterable {
    case aac, eac3

    var codec: AudioCodec {
        switch self {
        case .aac: .aac
        case .eac3: .eac3
        }
    }
}
