// What a muxer or a decoder must know about a stream before its first packet.

import CLibAV
package import VTXModel

/// A copy of an `AVCodecParameters` with the stream's side data (display matrix, HDR, ...). Immutable.
package final class CodecParameters: @unchecked Sendable {
    // @unchecked: never changed after init.
    let pointer: UnsafeMutablePointer<AVCodecParameters>
    package let timeBase: Rational
    let frameRate: AVRational
    var sideData: [(type: AVPacketSideDataType, bytes: [UInt8])] = []

    private init(timeBase: Rational, frameRate: AVRational) {
        guard let pointer = avcodec_parameters_alloc() else { fatalError("out of memory for parameters") }
        self.pointer = pointer
        self.timeBase = timeBase
        self.frameRate = frameRate
    }

    convenience init(of stream: UnsafeMutablePointer<AVStream>) throws(AVFailure) {
        self.init(
            timeBase: Rational(stream.pointee.time_base) ?? Rational(1, 90_000),
            frameRate: stream.pointee.avg_frame_rate)
        try check(avcodec_parameters_copy(pointer, stream.pointee.codecpar), "copy parameters")
        for index in 0..<Int(stream.pointee.nb_side_data) {
            let item = stream.pointee.side_data[index]
            sideData.append((item.type, Array(UnsafeBufferPointer(start: item.data, count: item.size))))
        }
    }

    convenience init(of encoder: UnsafeMutablePointer<AVCodecContext>) throws(AVFailure) {
        self.init(
            timeBase: Rational(encoder.pointee.time_base) ?? Rational(1, 90_000),
            frameRate: encoder.pointee.framerate)
        try check(avcodec_parameters_from_context(pointer, encoder), "copy parameters")
    }

    deinit {
        var pointer: UnsafeMutablePointer<AVCodecParameters>? = pointer
        avcodec_parameters_free(&pointer)
    }

    package var codec: String { String(cString: avcodec_get_name(pointer.pointee.codec_id)) }

    /// Samples per packet of audio codecs with a fixed size; 0 if it varies.
    package var frameSize: Int { Int(pointer.pointee.frame_size) }

    /// What decoders need before the first packet: parameter sets.
    package var header: [UInt8] {
        Array(UnsafeBufferPointer(start: pointer.pointee.extradata, count: Int(pointer.pointee.extradata_size)))
    }
}
