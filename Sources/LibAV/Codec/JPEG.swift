// Frames as JPEG images.

import CLibAV
import VTXModel

/// Filters that turn a frame into what `encodeJPEG` takes.
package let jpegFilters = ["scale=out_range=full", "format=yuvj420p"]

/// Encodes one frame as baseline JPEG.
///
/// - Parameters:
///   - frame: in `yuvj420p`.
///   - quantizer: libavcodec's scale, 2 (best) to 31.
package func encodeJPEG(_ frame: borrowing Frame, quantizer: Int) throws(AVFailure) -> [UInt8] {
    guard let codec = avcodec_find_encoder(AV_CODEC_ID_MJPEG), let context = avcodec_alloc_context3(codec) else {
        throw AVFailure("find the JPEG encoder", vtx_error_encoder_not_found)
    }
    var owned: UnsafeMutablePointer<AVCodecContext>? = context
    defer { avcodec_free_context(&owned) }
    context.pointee.width = frame.pointer.pointee.width
    context.pointee.height = frame.pointer.pointee.height
    context.pointee.pix_fmt = AVPixelFormat(frame.pointer.pointee.format)
    context.pointee.color_range = AVCOL_RANGE_JPEG
    context.pointee.time_base = AVRational(num: 1, den: 25)
    context.pointee.flags |= AV_CODEC_FLAG_QSCALE | AV_CODEC_FLAG_BITEXACT
    context.pointee.global_quality = FF_QP2LAMBDA * Int32(quantizer)
    try check(avcodec_open2(context, codec, nil), "open the JPEG encoder")
    frame.pointer.pointee.quality = context.pointee.global_quality
    frame.pointer.pointee.pts = 0
    try check(avcodec_send_frame(context, frame.pointer), "encode an image")
    let packet = Packet()
    try check(avcodec_receive_packet(context, packet.pointer), "encode an image")
    return Array(UnsafeBufferPointer(start: packet.pointer.pointee.data, count: packet.size))
}
