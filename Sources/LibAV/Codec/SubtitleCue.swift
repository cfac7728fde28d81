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

    /// From a packet of WebVTT; `nil` if it is not shown at all.
    package init?(_ packet: borrowing Packet) {
        guard let time = packet.presentation, packet.duration > 0, time + packet.duration > 0 else { return nil }
        let data = UnsafeBufferPointer(start: packet.pointer.pointee.data, count: packet.size)
        start = MediaTime(max(0, time), SubtitleConverter.timeBase)
        end = MediaTime(time + packet.duration, SubtitleConverter.timeBase)
        text = String(decoding: data, as: UTF8.self)
    }
}
