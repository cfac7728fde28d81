// Subtitles go through libavcodec's older calls: whole cues in, whole cues out.

import CLibAV
package import VTXModel

/// Rewrites text cues from one codec to another.
package final class SubtitleConverter: @unchecked Sendable {
    // @unchecked: used by one stage at a time.
    private var decoder: UnsafeMutablePointer<AVCodecContext>?
    private var encoder: UnsafeMutablePointer<AVCodecContext>?
    package let parameters: CodecParameters
    /// Milliseconds: the finest unit that all text formats have.
    package static let timeBase = Rational(1, 1000)
    /// Unit of the packets that go in.
    package let sourceTimeBase: Rational
    package private(set) var cues = 0
    package private(set) var failures = 0

    package init(from source: CodecParameters, to codec: SubtitleCodec) throws(AVFailure) {
        sourceTimeBase = source.timeBase
        var decoder: UnsafeMutablePointer<AVCodecContext>?
        var encoder: UnsafeMutablePointer<AVCodecContext>?
        do throws(AVFailure) {
            decoder = try openSubtitleDecoder(source)
            guard let found = avcodec_find_encoder_by_name(codec.encoder) else {
                throw AVFailure("find the encoder \(codec.encoder)", vtx_error_encoder_not_found)
            }
            encoder = avcodec_alloc_context3(found)
            guard let encoder, let decoder else { throw outOfMemory("convert subtitles") }
            encoder.pointee.time_base = Self.timeBase.av
            // The ASS header carries the styles that every text decoder of libav describes its cues with.
            if let header = decoder.pointee.subtitle_header {
                let size = Int(decoder.pointee.subtitle_header_size)
                guard let copy = av_mallocz(size + 1) else { throw outOfMemory("convert subtitles") }
                copy.copyMemory(from: header, byteCount: size)
                encoder.pointee.subtitle_header = copy.assumingMemoryBound(to: UInt8.self)
                encoder.pointee.subtitle_header_size = Int32(size)
            }
            try check(avcodec_open2(encoder, found, nil), "open the encoder \(codec.encoder)")
            parameters = try CodecParameters(of: encoder)
        } catch {
            avcodec_free_context(&decoder)
            avcodec_free_context(&encoder)
            throw error
        }
        self.decoder = decoder
        self.encoder = encoder
    }

    deinit {
        avcodec_free_context(&decoder)
        avcodec_free_context(&encoder)
    }

    /// - Parameters:
    ///   - packet: times in the source's unit.
    ///   - emit: takes packets with times in `SubtitleConverter.timeBase`.
    package func convert(_ packet: borrowing Packet, emit: (consuming Packet) throws -> Void) throws {
        var subtitle = AVSubtitle()
        var isWhole: Int32 = 0
        let code = avcodec_decode_subtitle2(decoder, &subtitle, &isWhole, packet.pointer)
        defer { avsubtitle_free(&subtitle) }
        if code < 0 { failures += 1 }
        guard code >= 0, isWhole != 0, subtitle.num_rects > 0, let base = Rational(decoder!.pointee.pkt_timebase)
        else { return }
        let start =
            packet.presentation.map { rescale($0, from: base, to: Self.timeBase) }
            ?? rescale(subtitle.pts, from: MediaTime.microsecond, to: Self.timeBase)
        let declared = rescale(packet.duration, from: base, to: Self.timeBase)
        let shown = Int64(subtitle.end_display_time) - Int64(subtitle.start_display_time)
        let isOpenEnded = subtitle.end_display_time == 0 || subtitle.end_display_time == UInt32.max
        let length = isOpenEnded ? declared : shown
        guard length > 0 else { return }
        let time = start + (isOpenEnded ? 0 : Int64(subtitle.start_display_time))
        subtitle.pts = rescale(time, from: Self.timeBase, to: MediaTime.microsecond)
        subtitle.start_display_time = 0
        subtitle.end_display_time = UInt32(clamping: length)
        let output = Packet()
        try check(vtx_subtitle_encode(encoder!, &subtitle, output.pointer), "encode a subtitle")
        // Cues of drawing commands only leave nothing in a text format.
        guard output.size > 0 else { return }
        output.presentation = time
        output.decoding = time
        output.duration = length
        cues += 1
        try emit(output)
    }
}

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
        let picture: Frame

        package consuming func takePicture() -> Frame { picture }
    }

    package func paint(_ packet: borrowing Packet) throws(AVFailure) -> Canvas? {
        var subtitle = AVSubtitle()
        var isWhole: Int32 = 0
        let code = avcodec_decode_subtitle2(decoder, &subtitle, &isWhole, packet.pointer)
        defer { avsubtitle_free(&subtitle) }
        guard code >= 0, isWhole != 0, let time = packet.presentation else { return nil }
        let picture = try Frame(blank: size)
        vtx_subtitle_draw(
            &subtitle, picture.pointer.pointee.data.0!, picture.pointer.pointee.linesize.0,
            Int32(size.width), Int32(size.height))
        let millisecond = Rational(1, 1000)
        let start = MediaTime(time, base) + MediaTime(Int64(subtitle.start_display_time), millisecond)
        let isOpenEnded = subtitle.end_display_time == 0 || subtitle.end_display_time == UInt32.max
        let end =
            isOpenEnded
            ? (packet.duration > 0 ? MediaTime(time + packet.duration, base) : nil)
            : MediaTime(time, base) + MediaTime(Int64(subtitle.end_display_time), millisecond)
        return Canvas(start: start, end: end, picture: picture)
    }
}

private func openSubtitleDecoder(
    _ source: CodecParameters
) throws(AVFailure) -> UnsafeMutablePointer<AVCodecContext> {
    guard let codec = avcodec_find_decoder(source.pointer.pointee.codec_id) else {
        throw AVFailure("find a decoder for \(source.codec)", vtx_error_decoder_not_found)
    }
    guard let context = avcodec_alloc_context3(codec) else { throw outOfMemory("make a decoder") }
    var owned: UnsafeMutablePointer<AVCodecContext>? = context
    do throws(AVFailure) {
        try check(avcodec_parameters_to_context(context, source.pointer), "set up the decoder")
        context.pointee.pkt_timebase = source.timeBase.av
        Log.forget()
        try check(avcodec_open2(context, codec, nil), "open the \(source.codec) decoder")
    } catch {
        avcodec_free_context(&owned)
        throw error
    }
    return context
}

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
