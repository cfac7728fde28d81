// What `ladder` and `package` have in common: the shape of the package, and which tracks go into it.

import ArgumentParser
import VTXModel
import VTXPlanning

struct PackagingArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Segment duration in seconds.", valueName: "s"))
    var segment = Seconds(Rational(6))

    @Option(help: "Segment format.")
    var segments: SegmentType = .fmp4

    @Flag(help: "One file per rendition, using byte ranges.")
    var singleFile = false

    @Option(help: ArgumentHelp("Audio tracks by number or language, all or none.", valueName: "tracks"))
    var audio: String?

    @Option(help: ArgumentHelp("Subtitle tracks by number or language, all or none.", valueName: "tracks"))
    var subtitles: String?

    @Option(
        help: ArgumentHelp("Subtitle file to add; may be repeated.", valueName: "[lang:]file"), completion: .file())
    var subtitleFile: [SubtitleFileArgument] = []

    @Option(
        help: ArgumentHelp("Encoding of subtitles that are not UTF-8 (default: detected).", valueName: "name"))
    var subtitleEncoding: TextEncodingArgument?

    @Option(
        help: """
            Closed captions inside the video (CEA-608, CEA-708): 'keep' them in the video, make a text track ('webvtt'), \
            or 'drop' them.
            """)
    var captions: CaptionChoice = .keep

    func validate() throws {
        if !segment.value.isPositive || segment.value > Rational(60) {
            throw ValidationError("--segment must be above 0 and at most 60")
        }
    }
}
