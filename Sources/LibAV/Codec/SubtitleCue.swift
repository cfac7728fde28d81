// A text cue, as WebVTT has it.

import CLibAV
package import VTXModel

/// One cue of text.
package struct SubtitleCue: Hashable, Sendable {
    /// Output time.
    package var start: MediaTime
    package var end: MediaTime
    /// WebVTT cue text; lines end in `\n`.
    package var text: String
    /// WebVTT settings: `line:0 position:20%`.
    package var settings: String

    /// From a packet of WebVTT; `nil` if it is not shown at all.
    package init?(_ packet: borrowing Packet) {
        guard let time = packet.presentation, packet.duration > 0, time + packet.duration > 0 else { return nil }
        start = MediaTime(max(0, time), SubtitleConverter.timeBase)
        end = MediaTime(time + packet.duration, SubtitleConverter.timeBase)
        text = packet.withBytes { String(decoding: $0, as: UTF8.self) }
        settings = String(decoding: packet.sideData(AV_PKT_DATA_WEBVTT_SETTINGS) ?? [], as: UTF8.self)
    }
}
