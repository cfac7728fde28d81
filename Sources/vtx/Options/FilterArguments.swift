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

    var options: FilterOptions {
        var options = FilterOptions()
        options.crop = crop
        return options
    }
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
