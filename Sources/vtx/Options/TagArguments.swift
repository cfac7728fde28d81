// The options about tags, chapters and cover art.

public import ArgumentParser
import VTXModel
public import VTXPlanning

struct TagArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Set a tag, or without a value remove it; may be repeated. a:2:title= is that of audio track 2.",
            valueName: "key=value"))
    var metadata: [TagChange] = []

    @Flag(help: "Leave out all tags of the source (places, dates, devices, titles of tracks) but languages.")
    var stripMetadata = false

    @Option(
        help: ArgumentHelp(
            "Chapters from a text file (FFmpeg metadata, CHAPTER01=, WebVTT), in the source's time; none: no chapters.",
            valueName: "file"), completion: .file())
    var chapters: String?

    @Option(
        help: ArgumentHelp("Cover art from a JPEG or PNG file; none: no cover art.", valueName: "file"),
        completion: .file(extensions: ["jpg", "jpeg", "png"]))
    var cover: String?

    var options: TagOptions {
        var options = TagOptions()
        options.changes = metadata
        options.strips = stripMetadata
        if chapters == "none" { options.chapters = [] } else { options.chapterFile = chapters }
        if cover == "none" { options.dropsCover = true } else { options.cover = cover.map { CoverFile(path: $0) } }
        return options
    }
}

extension TagChange: ExpressibleByArgument {
    /// `title=A film`, `comment=`, `a:2:language=deu`.
    public init?(argument: String) { self.init(argument) }
}
