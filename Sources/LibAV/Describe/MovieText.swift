// Text in MP4 that libavformat 59 takes for data: TTML and WebVTT in samples (ISO/IEC 14496-30).

import VTXModel

/// Codecs of sample entries, by libav's names.
private let textEntries = [
    "stpp": (codec: "ttml", name: "Timed Text Markup Language"), "wvtt": (codec: "webvtt", name: "WebVTT subtitle"),
]

extension StreamDescription {
    /// Makes subtitles of data that the track itself calls text. There is no decoder for their samples.
    mutating func takeText(_ sampleEntries: [String]) {
        guard kind == .data || kind == .unknown, let entry = sampleEntries.first, let text = textEntries[entry] else {
            return
        }
        kind = .subtitle
        codec = text.codec
        codecLongName = text.name
        codecTag = entry
        isDecodable = false
        subtitle = SubtitleDescription(form: .text, size: nil)
    }
}
