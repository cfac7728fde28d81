// Which subtitles are kept as tracks, in which form, and which are drawn into the picture.

import VTXModel

/// What becomes of one subtitle stream in a container.
enum SubtitleFate: Equatable {
    case copy
    case convert(SubtitleCodec)
    case impossible(SubtitleObstacle)
}

/// Text codecs, by libav's names, that libavcodec decodes to text.
private let textCodecs: Set = [
    "subrip", "srt", "ass", "ssa", "webvtt", "mov_text", "text", "microdvd", "sami", "mpl2", "jacosub", "pjs",
    "realtext", "stl", "subviewer", "subviewer1", "vplayer", "eia_608",
]
private let bitmapCodecs: Set = ["hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle", "xsub"]

/// - Parameter isExact: times must be exact to the cut, so text is decoded even where it could be copied.
func subtitleFate(_ stream: StreamDescription, in container: Container, isExact: Bool) -> SubtitleFate {
    let codec = stream.codec
    guard let subtitles = container.traits.subtitles else { return .impossible(.container(container)) }
    if bitmapCodecs.contains(codec) {
        return subtitles.bitmaps.contains(codec) ? .copy : .impossible(.bitmap(container))
    }
    guard textCodecs.contains(codec), stream.isDecodable else {
        return .impossible(.notText(codec: codec))
    }
    guard let same = subtitles.same(as: codec) else { return .convert(subtitles.text[0]) }
    return isExact ? .convert(same) : .copy
}

extension SubtitleTraits {
    /// The form of text that is `codec`, by libav's name, already.
    fileprivate func same(as codec: String) -> SubtitleCodec? {
        let name = ["srt": "subrip", "ssa": "ass"][codec] ?? codec
        return text.first { $0.rawValue == name }
    }

    /// What a file of text becomes.
    fileprivate func codec(forText codec: String) -> SubtitleCodec { same(as: codec) ?? text[0] }
}

extension SubtitleFile {
    /// How it was read, where that is not plain.
    var decisions: [OutputDecision] {
        var decisions: [OutputDecision] = []
        if let encoding {
            decisions.append(.decodedText(path: path, encoding: encoding, isDetected: isEncodingDetected))
        }
        if hasStyles { decisions.append(.droppedStyles(path: path)) }
        return decisions
    }
}

extension Planner {
    mutating func planSubtitles(times: Times) throws(VTXError) -> [SubtitleTrackPlan] {
        let all = numbered(.subtitle)
        var chosen: [NumberedStream] = []
        var isExplicit = false
        switch options.subtitleTracks {
        case .none: break
        case .automatic, .all: chosen = all
        case .some(let selectors):
            chosen = try select(selectors, from: all, kind: "subtitle", of: source.path)
            isExplicit = true
        }
        var tracks: [SubtitleTrackPlan] = []
        for track in chosen where track.number != options.burn {
            switch subtitleFate(track.stream, in: container, isExact: times.skipped != nil) {
            case .copy:
                tracks.append(
                    SubtitleTrackPlan(
                        stream: track.stream.index, label: label(track.stream), encoding: options.subtitleEncoding))
            case .convert(let codec):
                guard capabilities.encoders.contains(codec.encoder) else {
                    decide(.dropped(.noEncoder(codec.encoder), burn: nil), on: track)
                    continue
                }
                noteConversion(of: track, from: track.stream.codec, to: codec)
                tracks.append(
                    SubtitleTrackPlan(
                        stream: track.stream.index, label: label(track.stream), convert: codec,
                        encoding: options.subtitleEncoding))
            case .impossible(let obstacle):
                let isBitmap = bitmapCodecs.contains(track.stream.codec)
                let hasWaysOut =
                    !container.isAudioOnly && (isBitmap || container.traits.subtitles == nil)
                if isExplicit {
                    throw VTXError(
                        .usage, "subtitle \(track.number) (\(track.stream.codec)): \(obstacle.text)",
                        remedy: hasWaysOut
                            ? .advice(SubtitleDecision.waysOut(burn: track.number))
                            : "choose another subtitle or container")
                }
                decide(.dropped(obstacle, burn: hasWaysOut ? track.number : nil), on: track)
            }
        }
        for file in options.subtitleFiles { tracks += try planFile(file) }
        return tracks
    }

    private mutating func noteConversion(of track: NumberedStream, from codec: String, to target: SubtitleCodec) {
        let isStyled = ["ass", "ssa"].contains(codec) && target != .ass
        guard isStyled || (codec != target.rawValue && !(codec == "srt" && target == .subrip)) else { return }
        decide(.converted(from: codec, to: target, losesStyle: isStyled, in: container), on: track)
    }

    private mutating func planFile(_ file: SubtitleFile) throws(VTXError) -> [SubtitleTrackPlan] {
        guard let traits = container.traits.subtitles else {
            throw VTXError(.usage, "\(formatName) holds no subtitles", remedy: "use .mp4, .mkv, .webm or .mov")
        }
        let streams = file.streams.filter { $0.kind == .subtitle }
        guard !streams.isEmpty else { throw VTXError(.badMedia, "'\(file.path)' has no subtitles") }
        for decision in file.decisions { decide(decision) }
        let encoding = file.encoding ?? options.subtitleEncoding
        var tracks: [SubtitleTrackPlan] = []
        for stream in streams {
            var label = label(stream)
            if let language = file.language { label.language = languageTag(language) }
            switch subtitleFate(stream, in: container, isExact: true) {
            case .copy:
                tracks.append(
                    SubtitleTrackPlan(stream: stream.index, file: file.path, label: label, encoding: encoding))
            case .convert:
                let codec = traits.codec(forText: stream.codec)
                guard capabilities.encoders.contains(codec.encoder) else {
                    throw VTXError(.unavailable, "this libav has no encoder '\(codec.encoder)'")
                }
                tracks.append(
                    SubtitleTrackPlan(
                        stream: stream.index, file: file.path, label: label, convert: codec, encoding: encoding))
            case .impossible(let obstacle):
                throw VTXError(
                    .usage, "'\(file.path)' (\(stream.codec)): \(obstacle.text)", remedy: "use a text file or .mkv")
            }
        }
        return tracks
    }

    // MARK: Burning

    /// The filters that draw the subtitle asked for, or the bitmap stream to lay over the picture.
    func planBurn(times: Times) throws(VTXError) -> (filters: [String], overlay: Int?) {
        guard let number = options.burn else { return ([], nil) }
        let all = numbered(.subtitle)
        guard let track = all.first(where: { $0.number == number }) else {
            throw VTXError(
                .usage, "there is no subtitle \(number) to burn in '\(source.path)'",
                remedy: all.isEmpty ? "it has no subtitles" : "it has \(all.count), counted from 1")
        }
        let codec = track.stream.codec
        if bitmapCodecs.contains(codec), track.stream.isDecodable { return ([], track.stream.index) }
        guard textCodecs.contains(codec), track.stream.isDecodable else {
            throw VTXError(
                .unavailable, "this libav cannot draw subtitle \(number) (\(codec)) of '\(source.path)'")
        }
        try require(filter: "subtitles", to: "burn text")
        var draw = "subtitles=filename=\(escapedForGraph(source.path)):si=\(number - 1)"
        if let encoding = options.subtitleEncoding { draw += ":charenc=\(escapedForGraph(encoding))" }
        guard times.origin.ticks != 0 else { return ([draw], nil) }
        // The filter looks up text by source time. A whole number of ticks forth and back changes nothing.
        let offset = "round(\(times.origin.ticks)/1000000/TB)"
        return (["setpts=PTS+\(offset)", draw, "setpts=PTS-\(offset)"], nil)
    }
}
