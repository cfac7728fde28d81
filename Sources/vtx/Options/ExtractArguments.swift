// The options of `vtx extract`, by subject.

import ArgumentParser
import VTXModel
import VTXPlanning

struct ImageArguments: ParsableArguments {
    @Flag(help: "The cover art, byte for byte; the extension has to be that of its format.")
    var cover = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("One frame: the one shown at this time (default: a typical one).", valueName: "time"))
    var at: MediaTime?

    @Option(
        help: ArgumentHelp(
            "A frame every N seconds; -o is a directory, or a name in one such as frames/shot-%03d.png.",
            valueName: "s"))
    var every: Seconds?

    @Option(help: ArgumentHelp("A contact sheet, columns x rows: 4x4.", valueName: "CxR"))
    var sheet: SheetGrid?

    @Option(help: ArgumentHelp("Width of a frame in a contact sheet (default: 320).", valueName: "columns"))
    var tileWidth: Int?

    @Option(help: ArgumentHelp("Height of frames and animations; keeps the aspect ratio.", valueName: "rows"))
    var height: Rows?

    @Option(help: ArgumentHelp("Frame rate of an animation (default: 12.5).", valueName: "rate"))
    var fps: Rational?

    @Option(help: "Format of the images in a directory (default: jpeg).")
    var format: StillFormat?

    @Option(help: ArgumentHelp("Index of the video stream to use.", valueName: "index"))
    var videoTrack: Int?

    func validate() throws {
        if let every, !every.value.isPositive { throw ValidationError("--every must be above 0") }
        if let tileWidth, !(16...4096).contains(tileWidth) {
            throw ValidationError("--tile-width must be from 16 to 4096")
        }
    }
}

struct TextArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Subtitle track by number or language, or captions inside the video: CC1 to CC4 (default: the default track).",
            valueName: "track"))
    var track: String?

    @Option(
        help: ArgumentHelp("Encoding of subtitles that are not UTF-8 (default: detected).", valueName: "name"))
    var subtitleEncoding: TextEncodingArgument?
}

struct PartArguments: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Start time in the source: 90, h:mm:ss or 1m30s.", valueName: "time"))
    var start: MediaTime?

    @Option(parsing: .unconditional, help: ArgumentHelp("End time in the source.", valueName: "time"))
    var end: MediaTime?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Duration of the part (default for animations: 5 s).", valueName: "time"))
    var duration: MediaTime?
}

/// Columns and rows: `4x4`.
struct SheetGrid: ExpressibleByArgument {
    let grid: ExtractOptions.Grid

    init?(argument: String) {
        let sides = argument.lowercased().split(separator: "x", omittingEmptySubsequences: false)
        guard sides.count == 2, let columns = Int(sides[0]), let rows = Int(sides[1]), (1...50).contains(columns),
            (1...50).contains(rows)
        else { return nil }
        grid = ExtractOptions.Grid(columns: columns, rows: rows)
    }
}

/// Formats of one image.
enum StillFormat: String, ExpressibleByArgument, CaseIterable {
    case jpeg, png, webp

    /// A format by its name or extension.
    init?(argument: String) {
        guard let format = ImageFormat(fileExtension: argument), let own = Self(rawValue: format.rawValue) else {
            return nil
        }
        self = own
    }

    var format: ImageFormat { ImageFormat(rawValue: rawValue) ?? .jpeg }
}

extension ExtractOptions {
    /// The options that were typed.
    init(
        output: String, program: Int?, images: ImageArguments, text: TextArguments, part: PartArguments
    ) {
        self.init(output: output)
        self.program = program
        videoStream = images.videoTrack
        takesCover = images.cover
        time = images.at
        interval = images.every?.value
        grid = images.sheet?.grid
        tileWidth = images.tileWidth
        height = images.height?.value
        frameRate = images.fps
        format = images.format?.format
        track = text.track
        subtitleEncoding = text.subtitleEncoding?.name
        start = part.start
        end = part.end
        duration = part.duration
        cores = processorCount
    }
}
