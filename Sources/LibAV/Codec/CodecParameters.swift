// What a muxer or a decoder must know about a stream before its first packet.

import CLibAV
package import VTXModel

/// A copy of an `AVCodecParameters` with the stream's side data (display matrix, HDR, ...).
package final class CodecParameters: @unchecked Sendable {
    // @unchecked: never changed once it is part of a track.
    let pointer: UnsafeMutablePointer<AVCodecParameters>
    package let timeBase: Rational
    let frameRate: AVRational
    /// The container's where the stream says nothing.
    private var sampleAspectRatio: AVRational?
    var sideData: [(type: AVPacketSideDataType, bytes: [UInt8])] = []

    init(timeBase: Rational, frameRate: AVRational) {
        guard let pointer = avcodec_parameters_alloc() else { fatalError("out of memory for parameters") }
        self.pointer = pointer
        self.timeBase = timeBase
        self.frameRate = frameRate
    }

    convenience init(
        of stream: UnsafeMutablePointer<AVStream>, in context: UnsafeMutablePointer<AVFormatContext>? = nil
    ) throws(AVFailure) {
        self.init(
            timeBase: Rational(stream.pointee.time_base) ?? Rational(1, 90_000),
            frameRate: stream.pointee.avg_frame_rate)
        try check(avcodec_parameters_copy(pointer, stream.pointee.codecpar), "copy parameters")
        sampleAspectRatio = av_guess_sample_aspect_ratio(context, stream, nil)
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

    /// Captions of CEA-608 as a stream of their own.
    ///
    /// - Parameter base: unit of the packets' times.
    package init(captionsIn base: Rational) {
        guard let pointer = avcodec_parameters_alloc() else { fatalError("out of memory for parameters") }
        pointer.pointee.codec_type = AVMEDIA_TYPE_SUBTITLE
        pointer.pointee.codec_id = AV_CODEC_ID_EIA_608
        self.pointer = pointer
        timeBase = base
        frameRate = AVRational(num: 0, den: 1)
    }

    /// The same for packets that are played at `speed` times the speed: their ticks are as much shorter.
    package func played(at speed: Rational) throws(AVFailure) -> CodecParameters {
        let copy = CodecParameters(timeBase: timeBase / speed, frameRate: frameRate)
        try check(avcodec_parameters_copy(copy.pointer, pointer), "copy parameters")
        copy.sampleAspectRatio = sampleAspectRatio
        copy.sideData = sideData
        return copy
    }

    deinit {
        var pointer: UnsafeMutablePointer<AVCodecParameters>? = pointer
        avcodec_parameters_free(&pointer)
    }

    /// Adds a stream of this kind to a file that is being written.
    ///
    /// - Parameter tag: four characters for the container, or `nil` for the muxer's own.
    func addStream(
        to context: UnsafeMutablePointer<AVFormatContext>, timeBase: Rational, tag: String?
    ) throws(AVFailure) -> UnsafeMutablePointer<AVStream> {
        guard let stream = avformat_new_stream(context, nil) else { throw outOfMemory("add a stream") }
        try check(avcodec_parameters_copy(stream.pointee.codecpar, pointer), "copy parameters")
        stream.pointee.codecpar.pointee.codec_tag = 0
        if let bytes = tag.map({ Array($0.utf8) }), bytes.count == 4 {
            stream.pointee.codecpar.pointee.codec_tag =
                UInt32(bytes[0]) | UInt32(bytes[1]) << 8 | UInt32(bytes[2]) << 16 | UInt32(bytes[3]) << 24
        }
        stream.pointee.time_base = timeBase.av
        if pointer.pointee.codec_type == AVMEDIA_TYPE_VIDEO {
            stream.pointee.avg_frame_rate = frameRate
            if let sampleAspectRatio { stream.pointee.codecpar.pointee.sample_aspect_ratio = sampleAspectRatio }
            stream.pointee.sample_aspect_ratio = stream.pointee.codecpar.pointee.sample_aspect_ratio
        }
        for item in sideData {
            guard let space = av_stream_new_side_data(stream, item.type, item.bytes.count) else {
                throw outOfMemory("copy side data")
            }
            item.bytes.withUnsafeBytes {
                UnsafeMutableRawPointer(space).copyMemory(from: $0.baseAddress!, byteCount: $0.count)
            }
        }
        return stream
    }

    /// Takes over how a sphere or two views make the image.
    package func copySpatial(from source: CodecParameters) {
        sideData += source.sideData.filter { [AV_PKT_DATA_SPHERICAL, AV_PKT_DATA_STEREO3D].contains($0.type) }
    }

    package var codec: String { String(cString: avcodec_get_name(pointer.pointee.codec_id)) }

    /// Hz; `nil` for what is not audio.
    package var sampleRate: Int? {
        pointer.pointee.sample_rate > 0 ? Int(pointer.pointee.sample_rate) : nil
    }

    /// Samples per packet of audio codecs with a fixed size; 0 if it varies.
    package var frameSize: Int { Int(pointer.pointee.frame_size) }

    /// What decoders need before the first packet: parameter sets.
    package var header: [UInt8] {
        Array(UnsafeBufferPointer(start: pointer.pointee.extradata, count: Int(pointer.pointee.extradata_size)))
    }
}
