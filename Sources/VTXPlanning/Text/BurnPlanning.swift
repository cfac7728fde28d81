// Subtitles that are drawn into the video.

import VTXModel

/// How a subtitle is drawn into the video: by filters, or as a bitmap stream that is laid over it.
struct BurntSubtitle {
    var filters: [String] = []
    /// A stream of bitmaps.
    var overlay: Int?
    /// The file that the stream is in; `nil`: the source.
    var overlayFile: String?
    var decisions: [Decision] = []
}

extension VideoPlanner {
    /// The subtitle asked for; nothing if none is.
    ///
    /// - Throws: `.usage` if it is not there, `.unavailable` if this libav cannot draw it, `.badMedia` for a file without
    ///   subtitles.
    func planBurn() throws(VTXError) -> BurntSubtitle {
        switch options.burn {
        case nil: BurntSubtitle()
        case .track(let number): try planBurn(track: number)
        case .file(let file): try planBurn(file: file)
        }
    }

    private func planBurn(track number: Int) throws(VTXError) -> BurntSubtitle {
        let all = source.numberedTracks(.subtitle)
        guard let track = all.first(where: { $0.number == number }) else {
            throw VTXError(
                .usage, "there is no subtitle \(number) to burn in '\(source.path)'",
                cause: all.isEmpty
                    ? "it has no subtitles" : "it has \(counted(all.count, "subtitle track")), counted from 1",
                remedy: all.isEmpty
                    ? "leave out \(.burnSubtitle), or name a subtitle file there"
                    : "`\(command: .probe)` lists them in this order")
        }
        let stream = track.stream
        if isBitmap(stream) { return BurntSubtitle(overlay: stream.index) }
        try checkText(stream, "subtitle \(number) (\(stream.codec)) of '\(source.path)'")
        // The filter counts what libav itself calls subtitles.
        let place = all.prefix(number - 1).count { $0.stream.isDecodable || !$0.stream.isMovieText }
        return BurntSubtitle(
            filters: drawing(source.path, place: place, encoding: options.textEncoding, offset: cut.origin))
    }

    private func planBurn(file: SubtitleFile) throws(VTXError) -> BurntSubtitle {
        guard let stream = file.streams.first(where: { $0.kind == .subtitle }) else {
            throw VTXError(.badMedia, "'\(file.path)' has no subtitles")
        }
        if isBitmap(stream) {
            return BurntSubtitle(overlay: stream.index, overlayFile: file.path, decisions: file.decisions)
        }
        try checkText(stream, "the subtitles (\(stream.codec)) of '\(file.path)'")
        return BurntSubtitle(
            filters: drawing(
                file.path, place: 0, encoding: file.encoding ?? options.textEncoding, offset: cut.skipped ?? .zero),
            decisions: file.decisions)
    }

    private func isBitmap(_ stream: StreamDescription) -> Bool {
        bitmapCodecs.contains(stream.codec) && stream.isDecodable
    }

    private func checkText(_ stream: StreamDescription, _ name: String) throws(VTXError) {
        guard textCodecs.contains(stream.codec), stream.isDecodable else {
            throw VTXError(.unavailable, "this libav cannot draw \(name)")
        }
        try context.require(filter: "subtitles", to: "burn text")
    }

    /// The filters that draw text.
    ///
    /// - Parameters:
    ///   - place: of the track among the file's subtitles, from 0.
    ///   - offset: what the file's clock shows at the start of the output.
    private func drawing(_ path: String, place: Int, encoding: String?, offset: MediaTime) -> [String] {
        var draw = "subtitles=filename=\(escapedForGraph(path)):si=\(place)"
        // libavformat itself reads UTF-16 with a byte order mark, and the filter would decode it once more.
        if let encoding, !encoding.uppercased().hasPrefix("UTF") { draw += ":charenc=\(escapedForGraph(encoding))" }
        guard offset.ticks != 0 else { return [draw] }
        // The filter looks up text by the file's time. A whole number of ticks forth and back changes nothing.
        let ticks = "round(\(offset.ticks)/1000000/TB)"
        return ["setpts=PTS+\(ticks)", draw, "setpts=PTS-\(ticks)"]
    }
}
