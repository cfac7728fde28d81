// Animated images: an encoder and a file.

import CLibAV
package import VTXModel

/// Writes frames to an animated GIF or WebP. Stays on one thread.
package final class AnimationWriter: @unchecked Sendable {
    // @unchecked: used by one stage.
    private let path: String
    private let timeBase: Rational
    private let names: (encoder: String, muxer: String)
    private var context: UnsafeMutablePointer<AVCodecContext>?
    private var muxer: Muxer?
    /// Frames so far.
    package private(set) var frames = 0

    /// - Parameters:
    ///   - path: must not exist yet.
    ///   - timeBase: unit of the frames' times.
    /// - Throws: `.internal` for a format without animations.
    package init(creating path: String, as format: ImageFormat, timeBase: Rational) throws(VTXError) {
        guard let names = format.animation else {
            throw VTXError(.internal, "\(format.title) has no animations", remedy: .report())
        }
        self.path = path
        self.timeBase = timeBase
        self.names = names
    }

    deinit { avcodec_free_context(&context) }

    /// Bytes written so far.
    package var bytes: Int64 { muxer?.bytes ?? 0 }

    /// - Parameter frame: in `pal8` for GIF, `yuv420p` for WebP; the first one decides about the size.
    package func write(_ frame: borrowing Frame) throws {
        if context == nil { try open(like: frame) }
        frame.clearFrameType()
        frames += 1
        try send(frame.pointer)
    }

    /// Writes what the encoder holds back, and the end of the file.
    package func finish() throws {
        guard let muxer else { return }
        try send(nil)
        try muxer.finish()
    }

    private func open(like frame: borrowing Frame) throws {
        guard let codec = avcodec_find_encoder_by_name(names.encoder), let made = avcodec_alloc_context3(codec) else {
            throw AVFailure("find the encoder \(names.encoder)", vtx_error_encoder_not_found)
        }
        context = made
        made.pointee.width = frame.pointer.pointee.width
        made.pointee.height = frame.pointer.pointee.height
        made.pointee.pix_fmt = AVPixelFormat(frame.pointer.pointee.format)
        made.pointee.time_base = timeBase.av
        made.pointee.flags |= AV_CODEC_FLAG_BITEXACT
        Log.forget()
        try check(avcodec_open2(made, codec, nil), "open the encoder \(names.encoder)")
        let muxer = try Muxer(creating: path, format: names.muxer)
        _ = try muxer.addStream(CodecParameters(of: made), timeBase: timeBase, label: TrackLabel())
        // Played again and again.
        try muxer.writeHeader(metadata: [:], chapters: [], options: ["loop": "0"])
        self.muxer = muxer
    }

    private func send(_ frame: UnsafeMutablePointer<AVFrame>?) throws {
        try check(avcodec_send_frame(context, frame), "encode")
        while true {
            let packet = Packet()
            let code = avcodec_receive_packet(context, packet.pointer)
            if code == vtx_error_again || code == vtx_error_end_of_file { return }
            try check(code, "encode")
            if packet.decoding == nil { packet.decoding = packet.presentation }
            try muxer?.write(packet, stream: 0, base: timeBase)
        }
    }
}
