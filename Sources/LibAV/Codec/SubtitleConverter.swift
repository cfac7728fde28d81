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
