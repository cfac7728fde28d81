// What the user asked to extract, before anything is known about the source.

public import VTXModel

/// Options of one extraction. Every `nil` means: decide from the source and the output's name.
public struct ExtractOptions: Hashable, Sendable {
    /// Columns and rows of a contact sheet.
    public struct Grid: Hashable, Sendable {
        /// Frames side by side.
        public var columns: Int
        /// Rows of frames.
        public var rows: Int

        /// - Parameters:
        ///   - columns: 1 or more.
        ///   - rows: 1 or more.
        public init(columns: Int, rows: Int) {
            self.columns = columns
            self.rows = rows
        }
    }

    /// Path of the output; of `frames`, a directory, or a file name in it.
    public var output: String
    /// Format of images in a directory.
    public var format: ImageFormat?
    /// Program of a transport stream.
    public var program: Int?
    /// Index of the video stream.
    public var videoStream: Int?
    /// A subtitle track by number or language, or captions: `2`, `eng`, `CC1`.
    public var track: String?
    /// What text that is not UTF-8 is in, by iconv's name.
    public var subtitleEncoding: String?
    /// Whether the attached image is wanted.
    public var takesCover = false
    /// The time of one frame.
    public var time: MediaTime?
    /// Seconds from one frame to the next.
    public var interval: Rational?
    /// A contact sheet.
    public var grid: Grid?
    /// Pixels of a frame in a contact sheet.
    public var tileWidth: Int?
    /// From the earliest start of audio and video.
    public var start: MediaTime?
    /// Counted like `start`.
    public var end: MediaTime?
    /// Counted from `start`; not together with `end`.
    public var duration: MediaTime?
    /// Rows of images.
    public var height: Int?
    /// Frames per second of an animation.
    public var frameRate: Rational?
    /// Where a typical frame was found; decides if no time is asked for.
    public var typicalTime: MediaTime?
    /// Cores of the machine.
    public var cores = 2

    /// The value made of its parts; what is left out is as its declaration says.
    public init(output: String) { self.output = output }
}

extension ExtractOptions {
    /// The extension of the output's name, in lower case; empty if it has none.
    var suffix: String {
        let name = output.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return "" }
        return name[name.index(after: dot)...].lowercased()
    }

    /// The codec of a file of text; `nil` for other files.
    public var textCodec: SubtitleCodec? {
        switch suffix {
        case "srt": .subrip
        case "vtt": .webvtt
        case "ass", "ssa": .ass
        default: nil
        }
    }

    /// What appears when the job is done: the output, or the directory of frames that are named in it.
    public var destination: String {
        guard interval != nil, ImageFormat(fileExtension: suffix) != nil, let slash = output.lastIndex(of: "/"),
            slash > output.startIndex
        else { return output }
        return String(output[..<slash])
    }

    /// Whether closed captions inside the video were asked for.
    public var asksForCaptions: Bool { track.map { CaptionChannel(name: $0.uppercased()) != nil } ?? false }

    var cut: CutOptions { CutOptions(start: start, end: end, duration: duration) }
    var isCut: Bool { start != nil || end != nil || duration != nil }

    /// What is asked of images, for refusals.
    var ofImages: [(setting: Setting, isSet: Bool)] {
        [
            (.coverArt, takesCover), (.frameTime, time != nil), (.frameInterval, interval != nil),
            (.contactSheet, grid != nil), (.tileWidth, tileWidth != nil), (.height, height != nil),
            (.frameRate, frameRate != nil), (.imageFormat, format != nil),
        ]
    }

    /// What is asked of text.
    var ofText: [(setting: Setting, isSet: Bool)] {
        [(.track, track != nil), (.subtitleEncoding, subtitleEncoding != nil)]
    }

    /// Which part of the source is asked for.
    var ofCut: [(setting: Setting, isSet: Bool)] {
        [(.start, start != nil), (.end, end != nil), (.duration, duration != nil)]
    }
}
