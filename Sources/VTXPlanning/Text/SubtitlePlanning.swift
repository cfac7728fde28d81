// Which subtitles are kept as tracks, in which form, and which are drawn into the picture.

import VTXModel

/// What becomes of one subtitle stream in a container.
enum SubtitleFate: Equatable {
    case copy
    case convert(SubtitleCodec)
    case impossible(reason: String)
}

/// Text codecs, by libav's names, that libavcodec decodes to text.
private let textCodecs: Set = [
    "subrip", "srt", "ass", "ssa", "webvtt", "mov_text", "text", "microdvd", "sami", "mpl2", "jacosub", "pjs",
    "realtext", "stl", "subviewer", "subviewer1", "vplayer", "eia_608",
]
private let bitmapCodecs: Set = ["hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle", "xsub"]

/// - Parameter isExact: times must be exact to the cut, so text is decoded even where it could be copied.
func subtitleFate(_ stream: StreamDescription, in container: Container, isExact: Bool) -> SubtitleFate {
    let format = ".\(container.rawValue)"
    let codec = stream.codec
    guard let subtitles = container.traits.subtitles else { return .impossible(reason: "\(format) holds no subtitles") }
    if bitmapCodecs.contains(codec) {
        return subtitles.bitmaps.contains(codec) ? .copy : .impossible(reason: "\(format) holds no bitmap subtitles")
    }
    guard textCodecs.contains(codec), stream.isDecodable else {
        return .impossible(reason: "\(codec) cannot be read as text here")
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
            let subject = "subtitle \(track.number)"
            switch subtitleFate(track.stream, in: container, isExact: times.skipped != nil) {
            case .copy:
                tracks.append(SubtitleTrackPlan(stream: track.stream.index, label: label(track.stream)))
            case .convert(let codec):
                guard capabilities.encoders.contains(codec.encoder) else {
                    decide(subject, "dropped", because: "this libav has no encoder '\(codec.encoder)'")
                    continue
                }
                noteConversion(subject, from: track.stream.codec, to: codec)
                tracks.append(
                    SubtitleTrackPlan(stream: track.stream.index, label: label(track.stream), convert: codec))
            case .impossible(let reason):
                let isBitmap = bitmapCodecs.contains(track.stream.codec)
                let way =
                    container.isAudioOnly
                    ? ""
                    : isBitmap || container.traits.subtitles == nil
                        ? "--burn \(track.number) draws it into the picture, .mkv keeps it" : ""
                if isExplicit {
                    throw VTXError(
                        .usage, "subtitle \(track.number) (\(track.stream.codec)): \(reason)",
                        remedy: way.isEmpty ? "choose another subtitle or container" : .advice(Message(way)))
                }
                decide(subject, "dropped", because: way.isEmpty ? reason : "\(reason); \(way)")
            }
        }
        for file in options.subtitleFiles { tracks += try planFile(file) }
        return tracks
    }

    private mutating func noteConversion(_ subject: String, from codec: String, to target: SubtitleCodec) {
        let isStyled = ["ass", "ssa"].contains(codec) && target != .ass
        if isStyled {
            decide(
                subject, "converted to \(target.rawValue), without its styling",
                because: "\(formatName) holds plain text only")
        } else if codec != target.rawValue, !(codec == "srt" && target == .subrip) {
            decide(
                subject, "converted to \(target.rawValue)", because: "\(formatName) does not hold \(codec)")
        }
    }

    private mutating func planFile(_ file: SubtitleFile) throws(VTXError) -> [SubtitleTrackPlan] {
        guard let traits = container.traits.subtitles else {
            throw VTXError(.usage, "\(formatName) holds no subtitles", remedy: "use .mp4, .mkv, .webm or .mov")
        }
        let streams = file.streams.filter { $0.kind == .subtitle }
        guard !streams.isEmpty else { throw VTXError(.badMedia, "'\(file.path)' has no subtitles") }
        var tracks: [SubtitleTrackPlan] = []
        for stream in streams {
            var label = label(stream)
            if let language = file.language { label.language = languageTag(language) }
            switch subtitleFate(stream, in: container, isExact: true) {
            case .copy:
                tracks.append(SubtitleTrackPlan(stream: stream.index, file: file.path, label: label))
            case .convert:
                let codec = traits.codec(forText: stream.codec)
                guard capabilities.encoders.contains(codec.encoder) else {
                    throw VTXError(.unavailable, "this libav has no encoder '\(codec.encoder)'")
                }
                tracks.append(
                    SubtitleTrackPlan(stream: stream.index, file: file.path, label: label, convert: codec))
            case .impossible(let reason):
                throw VTXError(
                    .usage, "'\(file.path)' (\(stream.codec)): \(reason)", remedy: "use a text file or .mkv")
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
        let draw = "subtitles=filename=\(escapedForGraph(source.path)):si=\(number - 1)"
        guard times.origin.ticks != 0 else { return ([draw], nil) }
        // The filter looks up text by source time. A whole number of ticks forth and back changes nothing.
        let offset = "round(\(times.origin.ticks)/1000000/TB)"
        return (["setpts=PTS+\(offset)", draw, "setpts=PTS-\(offset)"], nil)
    }
}
