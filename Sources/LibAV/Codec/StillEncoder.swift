// Frames as files of one image.

import CLibAV
package import VTXModel

/// Encodes one frame as the contents of an image file.
///
/// - Parameter frame: `rgb24` or `rgba` for PNG, `yuvj420p` for JPEG, `yuv420p` for WebP.
package func encodeStill(_ frame: borrowing Frame, as format: ImageFormat) throws(AVFailure) -> [UInt8] {
    // libavcodec's scale of 2 to 31: the best one.
    if format == .jpeg { return try encodeJPEG(frame, quantizer: 2) }
    guard let codec = avcodec_find_encoder_by_name(format.stillEncoder), let context = avcodec_alloc_context3(codec)
    else { throw AVFailure("find the encoder \(format.stillEncoder)", vtx_error_encoder_not_found) }
    var owned: UnsafeMutablePointer<AVCodecContext>? = context
    defer { avcodec_free_context(&owned) }
    context.pointee.width = frame.pointer.pointee.width
    context.pointee.height = frame.pointer.pointee.height
    context.pointee.pix_fmt = AVPixelFormat(frame.pointer.pointee.format)
    context.pointee.time_base = AVRational(num: 1, den: 25)
    context.pointee.flags |= AV_CODEC_FLAG_BITEXACT
    var options = Options(format == .webp ? ["quality": "90"] : [:])
    Log.forget()
    try check(avcodec_open2(context, codec, &options.pointer), "open the encoder \(format.stillEncoder)")
    frame.time = 0
    // The frame's own type would ask some encoders for another one than they write.
    frame.clearFrameType()
    try check(avcodec_send_frame(context, frame.pointer), "encode an image")
    try check(avcodec_send_frame(context, nil), "encode an image")
    let packet = Packet()
    try check(avcodec_receive_packet(context, packet.pointer), "encode an image")
    return packet.withBytes { Array($0) }
}
