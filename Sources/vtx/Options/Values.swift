// How the values of options are written.

public import ArgumentParser
public import VTXModel
public import VTXPlanning
import VTXSystem

extension MediaTime: ExpressibleByArgument {
    /// Seconds or clock time, or with units: `90`, `1:30`, `1m30s`.
    public init?(argument: String) {
        guard let time = MediaTime(clock: argument) ?? MediaTime(units: argument) else { return nil }
        self = time
    }
}

extension Rational: ExpressibleByArgument {
    /// A frame rate, a decimal number or a fraction: `29.97`, `30000/1001`, `25fps`.
    public init?(argument: String) {
        let isNamed = argument.lowercased().hasSuffix("fps")
        self.init(isNamed ? String(argument.dropLast(3)) : argument)
    }
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
extension EncoderChoice: ExpressibleByArgument {}
extension CaptionChoice: ExpressibleByArgument {}
extension CutMode: ExpressibleByArgument {}
extension ChannelChoice: ExpressibleByArgument {}

extension VideoChoice: ExpressibleByArgument {
    /// `auto`, `copy`, `none` or the name of a codec.
    public init?(argument: String) {
        switch argument.lowercased() {
        case "auto": self = .automatic
        case "copy": self = .copy
        case "none": self = .none
        default:
            guard let codec = VideoCodec(named: argument) else { return nil }
            self = .codec(codec)
        }
    }

    /// The default as help prints it.
    public var defaultValueDescription: String { self == .automatic ? "auto" : "\(self)" }

    /// All values, for help and completions.
    public static var allValueStrings: [String] { ["auto", "copy", "none"] + VideoCodec.allCases.map(\.rawValue) }

    /// All values, for completion scripts.
    public static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
}

extension AudioChoice: ExpressibleByArgument {
    /// `auto`, `copy`, `none` or the name of a codec.
    public init?(argument: String) {
        switch argument.lowercased() {
        case "auto": self = .automatic
        case "copy": self = .copy
        case "none": self = .none
        default:
            guard let codec = AudioCodec(named: argument) else { return nil }
            self = .codec(codec)
        }
    }

    /// The default as help prints it.
    public var defaultValueDescription: String { self == .automatic ? "auto" : "\(self)" }

    /// All values, for help and completions.
    public static var allValueStrings: [String] { ["auto", "copy", "none"] + AudioCodec.allCases.map(\.rawValue) }

    /// All values, for completion scripts.
    public static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
}

/// Bits per second: `800000`, `800k`, `2.5M`, `2.5Mbps`.
struct BitRate: ExpressibleByArgument {
    let value: Int64

    init?(argument: String) {
        guard let number = parsedBitRate(argument), (1000...2e9).contains(number)
        else { return nil }
        value = Int64(number.rounded())
    }
}

/// The size of a file: `25M`, `2.5MB`, or `8MiB` in powers of 1024.
struct FileSize: ExpressibleByArgument {
    let bytes: Int64

    init?(argument: String) {
        let isBinary = argument.lowercased().hasSuffix("ib")
        guard let number = parsedByteCount(argument, step: isBinary ? 1024 : 1000), (10_000...1e12).contains(number)
        else { return nil }
        bytes = Int64(number)
    }
}

/// Seconds, exact: `2`, `0.5`, `1001/500`, `2s`, `500ms`.
struct Seconds: ExpressibleByArgument {
    let value: Rational

    init(_ value: Rational) { self.value = value }

    init?(argument: String) {
        let withUnits = MediaTime(units: argument).map { Rational($0.ticks) * $0.base }
        guard let value = Rational(argument) ?? withUnits else { return nil }
        self.value = value
    }

    var defaultValueDescription: String { "\(value)" }
}

/// A sample rate in Hz: `48000`, `48k`, `44.1kHz`.
struct SampleRate: ExpressibleByArgument {
    let value: Int

    init?(argument: String) {
        var text = argument.lowercased()
        if text.hasSuffix("hz") { text.removeLast(2) }
        guard let number = parsedByteCount(text, step: 1000), (1...1e7).contains(number),
            abs(number - number.rounded()) < 1e-6
        else { return nil }
        value = Int(number.rounded())
    }
}

/// A height: `720`, `720p`.
struct Rows: ExpressibleByArgument {
    let value: Int

    init?(argument: String) {
        let isNamed = argument.last.map { "pP".contains($0) } ?? false
        guard let rows = Int(isNamed ? argument.dropLast() : argument[...]), (2...16384).contains(rows) else {
            return nil
        }
        value = rows
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

/// `2`, or `captions.srt`; `./2` is a file.
extension BurnChoice: ExpressibleByArgument {
    /// A track's number or a file's path.
    public init?(argument: String) {
        guard !argument.isEmpty else { return nil }
        guard argument.contains(where: { !$0.isNumber }) else {
            guard let number = Int(argument) else { return nil }
            self = .track(number)
            return
        }
        self = .file(SubtitleFile(path: argument))
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

extension CompletionKind {
    /// The speeds of some codecs, each once.
    static func speeds(of codecs: [VideoCodec]) -> CompletionKind {
        var speeds: [String] = []
        for speed in codecs.flatMap({ $0.traits.speeds?.values ?? [] }) where !speeds.contains(speed) {
            speeds.append(speed)
        }
        return .list(speeds)
    }

    /// The pixel formats that codecs are written in, each once.
    static var pixelFormats: CompletionKind { .list(Set(VideoCodec.allCases.flatMap(\.traits.pixelFormats)).sorted()) }
}

/// Codecs of 5.1 renditions: those that Apple's HLS authoring specification names.
enum SurroundCodec: String, ExpressibleByArgument, CaseIterable {
    case aac, eac3

    /// A codec by any of its names.
    init?(argument: String) {
        guard let codec = AudioCodec(named: argument), let own = Self(rawValue: codec.rawValue) else { return nil }
        self = own
    }

    var codec: AudioCodec {
        switch self {
        case .aac: .aac
        case .eac3: .eac3
        }
    }
}
