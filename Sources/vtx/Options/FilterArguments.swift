// Filters by name, of `transcode` and `ladder`.

public import ArgumentParser
public import VTXModel
public import VTXPlanning

struct FilterArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Cut off black bars: 'auto' finds them in frames of the whole source; or a part in the source's pixels.",
            valueName: "auto|w:h:x:y"), completion: .list(["auto"]))
    var crop: CropChoice?

    @Option(help: "Turn clockwise, in degrees, beyond what the rotation metadata says.")
    var rotate: RotationArgument?

    @Option(help: "Mirror, after turning.")
    var flip: FlipDirection?

    @Option(help: "Reduce noise (hqdn3d).")
    var denoise: FilterStrength?

    @Flag(help: "Reduce banding in gradients.")
    var deband = false

    @Option(help: "Sharpen (contrast-adaptive).")
    var sharpen: FilterStrength?

    @Option(
        help: ArgumentHelp(
            "Lay an image over the video: its corner (bottom-right), its width (15% of the video's), its opacity.",
            valueName: "file[:corner[:size%[:opacity]]]"), completion: .file())
    var overlay: OverlayImage?

    @Option(
        help: ArgumentHelp(
            "Fade video and audio in and out, in seconds: 1:2, or 1 for both.", valueName: "in:out"))
    var fade: FadeLengths?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Change the volume of the audio: +6dB, -3dB, or a factor: 0.5.", valueName: "change"))
    var volume: VolumeChange?

    var options: FilterOptions {
        var options = FilterOptions()
        options.crop = crop
        options.quarterTurns = rotate?.quarterTurns ?? 0
        options.flip = flip
        options.denoise = denoise
        options.deband = deband
        options.sharpen = sharpen
        options.overlay = overlay
        options.fade = fade
        options.volume = volume
        return options
    }
}

/// Chains in libavfilter's words, of `transcode`.
struct ChainArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Filters in libavfilter's words, after those above: 'eq=contrast=1.1,vignette'; size and rate must stay.",
            valueName: "chain"))
    var filter: String?

    @Option(
        help: ArgumentHelp(
            "Audio filters in libavfilter's words: 'highpass=f=80,acompressor'; the length must stay.",
            valueName: "chain"))
    var audioFilter: String?
}

extension CropChoice: ExpressibleByArgument {
    /// `auto` or `1920:800:0:140`.
    public init?(argument: String) {
        if argument.lowercased() == "auto" {
            self = .automatic
        } else {
            guard let area = PixelArea(argument) else { return nil }
            self = .area(area)
        }
    }
}

/// Degrees clockwise.
enum RotationArgument: String, ExpressibleByArgument, CaseIterable {
    case quarter = "90"
    case half = "180"
    case threeQuarters = "270"

    var quarterTurns: Int {
        switch self {
        case .quarter: 1
        case .half: 2
        case .threeQuarters: 3
        }
    }
}

extension OverlayImage: ExpressibleByArgument {
    /// `logo.png:top-right:10%:0.5`.
    public init?(argument: String) { self.init(argument) }
}

extension FlipDirection: ExpressibleByArgument {}
extension FilterStrength: ExpressibleByArgument {}

extension FadeLengths: ExpressibleByArgument {
    /// `1:2`, or `1` for both.
    public init?(argument: String) { self.init(argument) }
}

extension VolumeChange: ExpressibleByArgument {
    /// `+6dB`, `-3dB` or `0.5`.
    public init?(argument: String) { self.init(argument) }
}
