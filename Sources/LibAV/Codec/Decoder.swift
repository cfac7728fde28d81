// Turns packets into frames.

import CLibAV
package import VTXModel

/// A libavcodec decoder. Stays on one thread after it was made.
package final class Decoder: @unchecked Sendable {
    // @unchecked: used by one stage at a time.
    private var context: UnsafeMutablePointer<AVCodecContext>?
    /// Unit of the frames' times.
    package let timeBase: Rational
    /// Packets that the decoder refused, and frames it marked as damaged.
    package private(set) var failures = 0
    package private(set) var packets = 0
    package private(set) var frames = 0
    package private(set) var lastFailure: AVFailure?

    /// - Parameter threads: worker threads; libavcodec's own default is 1.
    package init(for parameters: CodecParameters, threads: Int = 1) throws(AVFailure) {
        timeBase = parameters.timeBase
        guard let codec = avcodec_find_decoder(parameters.pointer.pointee.codec_id) else {
            throw AVFailure("find a decoder for \(parameters.codec)", vtx_error_decoder_not_found)
        }
        guard let context = avcodec_alloc_context3(codec) else { throw outOfMemory("make a decoder") }
        self.context = context
        try check(avcodec_parameters_to_context(context, parameters.pointer), "set up the decoder")
        context.pointee.pkt_timebase = parameters.timeBase.av
        context.pointee.thread_count = Int32(threads)
        context.pointee.max_pixels = ProcessLimits.maximumPixels
        // Without, columns that are cut off on the left stay where the rest would not be aligned.
        context.pointee.flags |= AV_CODEC_FLAG_UNALIGNED
        Log.forget()
        try check(avcodec_open2(context, codec, nil), "open the \(parameters.codec) decoder")
    }

    deinit { avcodec_free_context(&context) }

    /// Decodes one packet. Damaged data is counted, not thrown: what can be shown is shown.
    ///
    /// - Parameter emit: takes each frame in presentation order, its `time` set as well as libav knows it.
    package func decode(_ packet: borrowing Packet, emit: (consuming Frame) throws -> Void) throws {
        packets += 1
        if context?.pointee.codec_id == AV_CODEC_ID_JPEG2000, packet.withBytes(isHighThroughput) {
            throw AVFailure("decode High-Throughput JPEG 2000 (HTJ2K)", vtx_error_not_implemented)
        }
        try send(packet.pointer, emit: emit)
    }

    /// Hands out what the decoder still holds. Nothing may be decoded afterwards.
    package func drain(emit: (consuming Frame) throws -> Void) throws { try send(nil, emit: emit) }

    /// Forgets what it has seen, so that packets of another place can be decoded, also after `drain`.
    package func restart() { avcodec_flush_buffers(context) }

    private func send(
        _ packet: UnsafeMutablePointer<AVPacket>?, emit: (consuming Frame) throws -> Void
    ) throws {
        while true {
            let code = avcodec_send_packet(context, packet)
            if code == vtx_error_again {
                // The decoder is full: take frames, then offer the packet again.
                if try receive(emit) == 0 { throw AVFailure("decode", code) }
                continue
            }
            if code < 0, code != vtx_error_end_of_file { try fail(code) }
            break
        }
        _ = try receive(emit)
    }

    private func receive(_ emit: (consuming Frame) throws -> Void) throws -> Int {
        var count = 0
        while true {
            let frame = Frame()
            let code = avcodec_receive_frame(context, frame.pointer)
            if code == vtx_error_again || code == vtx_error_end_of_file { return count }
            if code < 0 {
                try fail(code)
                return count
            }
            try frame.align()
            let limit = plausibleTicks(timeBase.av)
            frame.time = known(frame.pointer.pointee.best_effort_timestamp).flatMap { $0.magnitude <= limit ? $0 : nil }
            if frame.duration < 0 || frame.duration.magnitude > limit { frame.duration = 0 }
            if frame.isDamaged { failures += 1 }
            count += 1
            frames += 1
            try emit(frame)
        }
    }

    private func fail(_ code: Int32) throws(AVFailure) {
        let failure = AVFailure("decode", code)
        if code == vtx_error_no_memory || failure.isInterrupt { throw failure }
        // Not damage, but more than is allowed.
        if vtx_log_saw_large_picture() != 0 {
            let most = ProcessLimits.maximumPixels
            throw AVFailure(
                "decode frames of more than \(most) pixels", vtx_error_invalid_data,
                remedy: "if the file can be trusted, give a larger \(.maximumPixels)")
        }
        failures += 1
        lastFailure = failure
    }
}
