// Bitmap subtitles, drawn onto transparent frames.

import CLibAV
package import VTXModel

/// Draws bitmap cues (PGS, DVD, DVB) onto a transparent canvas.
package final class SubtitlePainter: @unchecked Sendable {
    // @unchecked: used by one stage at a time.
    private var decoder: UnsafeMutablePointer<AVCodecContext>?
    package let size: PixelSize
    private let base: Rational

    /// - Parameter videoSize: the canvas of streams that do not name their own.
    package init(for source: CodecParameters, videoSize: PixelSize) throws(AVFailure) {
        let decoder = try openSubtitleDecoder(source)
        self.decoder = decoder
        base = source.timeBase
        let own = PixelSize(Int(decoder.pointee.width), Int(decoder.pointee.height))
        size = own.width > 0 && own.height > 0 && own.area <= 1 << 26 ? own : videoSize
    }

    deinit { avcodec_free_context(&decoder) }

    /// A canvas and when it is shown; `end` is `nil` if the next one ends it.
    package struct Canvas: ~Copyable {
        package let start: MediaTime
        package let end: MediaTime?
        let image: Frame

        package consuming func takeImage() -> Frame { image }
    }

    package func paint(_ packet: borrowing Packet) throws(AVFailure) -> Canvas? {
        var subtitle = AVSubtitle()
        var isWhole: Int32 = 0
        let code = avcodec_decode_subtitle2(decoder, &subtitle, &isWhole, packet.pointer)
        defer { avsubtitle_free(&subtitle) }
        guard code >= 0, isWhole != 0, let time = packet.presentation else { return nil }
        let image = try Frame(blank: size)
        vtx_subtitle_draw(
            &subtitle, image.pointer.pointee.data.0!, image.pointer.pointee.linesize.0,
            Int32(size.width), Int32(size.height))
        let millisecond = Rational(1, 1000)
        let start = MediaTime(time, base) + MediaTime(Int64(subtitle.start_display_time), millisecond)
        let isOpenEnded = subtitle.end_display_time == 0 || subtitle.end_display_time == UInt32.max
        let end =
            isOpenEnded
            ? (packet.duration > 0 ? MediaTime(time + packet.duration, base) : nil)
            : MediaTime(time, base) + MediaTime(Int64(subtitle.end_display_time), millisecond)
        return Canvas(start: start, end: end, image: image)
    }
}
