// Opening a subtitle decoder, for text and for bitmaps.

import CLibAV
import VTXModel

/// Opens the decoder of a subtitle track; the caller frees the context.
///
/// - Parameter options: of the decoder.
/// - Throws: if there is no such decoder, or it refuses the parameters.
func openSubtitleDecoder(
    _ source: CodecParameters, options: [String: String] = [:]
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
        var dictionary = Options(options)
        try check(avcodec_open2(context, codec, &dictionary.pointer), "open the \(source.codec) decoder")
    } catch {
        avcodec_free_context(&owned)
        throw error
    }
    return context
}
