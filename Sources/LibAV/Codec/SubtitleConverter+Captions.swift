// Captions of CEA-608: commands and characters, a few bytes for each frame, of which libavcodec makes cues.

import CLibAV
import VTXModel

extension SubtitleConverter {
    /// Whether cues come out when they end, and not with the packet that begins them.
    var isCaptions: Bool { source == "eia_608" }

    /// The longest that captions without an end stay: decoders erase them after 16 seconds (47 CFR 79.101).
    private static let longestCue: Int64 = 16_000

    /// The cue that ends with a packet; `nil` if none does.
    func decodeCaptions(_ packet: borrowing Packet) -> TextCue? {
        if let time = packet.presentation { captionEnd = max(captionEnd, time &+ max(0, packet.duration)) }
        guard packet.size > 0 else { return nil }
        return captionCue(packet)
    }

    /// What is shown when the source ends; `nil` if nothing is. Of other formats nothing is left.
    package func finish() -> TextCue? {
        guard isCaptions else { return nil }
        guard var cue = erased() ?? captionCue(Packet()) else { return nil }
        let end = rescale(captionEnd, from: sourceTimeBase, to: Self.timeBase)
        cue.end = min(max(end, cue.start + 1), cue.start + Self.longestCue)
        return cue
    }

    /// What is shown until the end: rows that are rolled up come out when they are erased.
    private func erased() -> TextCue? {
        guard let packet = try? Packet([captionField == 2 ? 0xFD : 0xFC, 0x94, 0x2C]) else { return nil }
        packet.presentation = captionEnd
        packet.decoding = captionEnd
        return captionCue(packet)
    }

    private func captionCue(_ packet: borrowing Packet) -> TextCue? {
        var subtitle = AVSubtitle()
        var isWhole: Int32 = 0
        let code = avcodec_decode_subtitle2(decoder, &subtitle, &isWhole, packet.pointer)
        defer { avsubtitle_free(&subtitle) }
        guard code >= 0 else {
            counts.read += 1
            counts.unreadable += 1
            return nil
        }
        guard isWhole != 0, subtitle.num_rects > 0, let time = known(subtitle.pts) else { return nil }
        counts.read += 1
        let start = rescale(time, from: MediaTime.microsecond, to: Self.timeBase)
        let cue = TextCue(
            start: start, end: start + max(1, Int64(subtitle.end_display_time)), lines: dialogue(subtitle))
        guard !cue.lines.isEmpty else {
            counts.empty += 1
            return nil
        }
        return cue
    }
}
