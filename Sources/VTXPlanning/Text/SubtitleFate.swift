// What becomes of a subtitle stream where it is written.

import VTXModel

/// What becomes of one subtitle stream in a target.
enum SubtitleFate: Equatable {
    case copy
    case convert(SubtitleCodec)
    case impossible(SubtitleObstacle)
}

/// Text codecs, by libav's names, that libavcodec decodes to text.
let textCodecs: Set = [
    "subrip", "srt", "ass", "ssa", "webvtt", "mov_text", "text", "microdvd", "sami", "mpl2", "jacosub", "pjs",
    "realtext", "stl", "subviewer", "subviewer1", "vplayer", "eia_608",
]

/// Codecs of subtitles that are images, by libav's names.
let bitmapCodecs: Set = ["hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle", "xsub"]

/// Decides what becomes of a stream.
///
/// - Parameter isExact: timestamps must be exact to the cut, so text is decoded even where it could be copied.
func subtitleFate(_ stream: StreamDescription, under rules: TrackRules, isExact: Bool) -> SubtitleFate {
    let codec = stream.codec
    guard let subtitles = rules.subtitles else { return .impossible(rules.subtitleObstacle(isBitmap: false)) }
    if bitmapCodecs.contains(codec) {
        return subtitles.bitmaps.contains(codec) ? .copy : .impossible(rules.subtitleObstacle(isBitmap: true))
    }
    guard textCodecs.contains(codec), stream.isDecodable else {
        return .impossible(.notText(codec: codec))
    }
    guard let first = subtitles.text.first else {
        return .impossible(rules.container.map { .text($0) } ?? .notText(codec: codec))
    }
    guard let same = subtitles.same(as: codec) else { return .convert(first) }
    return isExact || !rules.copiesText ? .convert(same) : .copy
}

extension TrackRules {
    fileprivate func subtitleObstacle(isBitmap: Bool) -> SubtitleObstacle {
        guard let container else { return .bitmapInPackage }
        return isBitmap ? .bitmap(container) : .container(container)
    }
}

extension SubtitleTraits {
    /// The form of text that is `codec`, by libav's name, already.
    fileprivate func same(as codec: String) -> SubtitleCodec? {
        let name = ["srt": "subrip", "ssa": "ass"][codec] ?? codec
        return text.first { $0.rawValue == name }
    }
}
