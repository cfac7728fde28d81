// Subtitles that are drawn into the video.

import VTXModel

/// How a subtitle is drawn into the video: by filters, or as a bitmap stream that is laid over it.
struct BurntSubtitle {
    var filters: [String] = []
    var overlay: Int?
}

extension VideoPlanner {
    /// The subtitle asked for; nothing if none is.
    ///
    /// - Throws: `.usage` if it is not there, `.unavailable` if this libav cannot draw it.
    func planBurn() throws(VTXError) -> BurntSubtitle {
        guard let number = options.burn else { return BurntSubtitle() }
        let all = source.numberedTracks(.subtitle)
        guard let track = all.first(where: { $0.number == number }) else {
            throw VTXError(
                .usage, "there is no subtitle \(number) to burn in '\(source.path)'",
                cause: all.isEmpty
                    ? "it has no subtitles" : "it has \(counted(all.count, "subtitle track")), counted from 1",
                remedy: all.isEmpty
                    ? "leave out \(.burnSubtitle)" : "`\(command: .probe)` lists them in this order")
        }
        let codec = track.stream.codec
        if bitmapCodecs.contains(codec), track.stream.isDecodable { return BurntSubtitle(overlay: track.stream.index) }
        guard textCodecs.contains(codec), track.stream.isDecodable else {
            throw VTXError(
                .unavailable, "this libav cannot draw subtitle \(number) (\(codec)) of '\(source.path)'")
        }
        try context.require(filter: "subtitles", to: "burn text")
        // The filter counts what libav itself calls subtitles.
        let place = all.prefix(number - 1).count { $0.stream.isDecodable || !$0.stream.isMovieText }
        var draw = "subtitles=filename=\(escapedForGraph(source.path)):si=\(place)"
        if let encoding = options.textEncoding { draw += ":charenc=\(escapedForGraph(encoding))" }
        guard cut.origin.ticks != 0 else { return BurntSubtitle(filters: [draw]) }
        // The filter looks up text by source time. A whole number of ticks forth and back changes nothing.
        let offset = "round(\(cut.origin.ticks)/1000000/TB)"
        return BurntSubtitle(filters: ["setpts=PTS+\(offset)", draw, "setpts=PTS-\(offset)"])
    }
}
