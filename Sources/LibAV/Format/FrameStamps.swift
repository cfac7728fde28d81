// Timestamps for elementary streams, which have none: made of the frame rate and the order of display.

import CLibAV
import VTXModel

/// Gives the packets of an elementary stream of H.264, HEVC, MPEG-1 or MPEG-2 their presentation times.
final class FrameStamps {
    private let codec: AVCodecID
    /// Of one frame.
    private let duration: Rational
    private let startsAnew: (UnsafeRawBufferPointer) -> Bool
    private var parser: UnsafeMutablePointer<AVCodecParserContext>?
    private var context: UnsafeMutablePointer<AVCodecContext>?
    private var order = DisplayOrder()
    private var queue: [PacketBox] = []
    private var isFirst = true
    /// Frames handed out.
    private var given = 0
    private(set) var isFinished = false

    /// - Parameters:
    ///   - duration: of a frame, in ticks of the stream.
    ///   - startsAnew: whether the order of display begins anew with a packet.
    init(
        _ parameters: CodecParameters, duration: Rational, startsAnew: @escaping (UnsafeRawBufferPointer) -> Bool
    ) throws(AVFailure) {
        codec = parameters.pointer.pointee.codec_id
        self.duration = duration
        self.startsAnew = startsAnew
        parser = av_parser_init(Int32(codec.rawValue))
        context = avcodec_alloc_context3(nil)
        guard let parser, let context else { throw outOfMemory("make a parser") }
        parser.pointee.flags |= PARSER_FLAG_COMPLETE_FRAMES
        try check(avcodec_parameters_to_context(context, parameters.pointer), "set up the parser")
    }

    deinit {
        av_parser_close(parser)
        avcodec_free_context(&context)
    }

    /// Codecs whose order of display can be told.
    static func supports(_ codec: AVCodecID) -> Bool {
        [AV_CODEC_ID_H264, AV_CODEC_ID_HEVC, AV_CODEC_ID_MPEG1VIDEO, AV_CODEC_ID_MPEG2VIDEO].contains(codec)
    }

    /// Takes the next packet in file order.
    ///
    /// - Throws: if its timestamp cannot be told.
    func add(_ packet: consuming Packet) throws(AVFailure) {
        let isAnchor = packet.withBytes(startsAnew)
        var (bytes, size) = (UnsafeMutablePointer<UInt8>?.none, Int32(0))
        let code = av_parser_parse2(
            parser, context, &bytes, &size, packet.pointer.pointee.data, packet.pointer.pointee.size,
            vtx_no_timestamp, vtx_no_timestamp, packet.position)
        try check(code, "read the order of frames")
        guard let found = parser?.pointee else { return }
        if let reason = obstacle(found) { throw AVFailure(reason, vtx_error_not_implemented) }
        guard order.add(place(found, isFirst: isFirst || isAnchor)) else {
            throw AVFailure("tell the order of frames", vtx_error_not_implemented)
        }
        isFirst = false
        queue.append(PacketBox(packet))
    }

    /// No more packets come.
    func finish() {
        order.finish()
        isFinished = true
    }

    /// The next packet, with its timestamps; `nil` if more packets have to be added first, or none is left.
    func next() -> Packet? {
        guard let first = queue.first, let number = order.take(given) else { return nil }
        guard let packet = first.take() else { return nil }
        queue.removeFirst()
        given += 1
        packet.presentation = ticks(number)
        packet.decoding = nil
        packet.duration = ticks(number + 1) - ticks(number)
        return packet
    }

    private func ticks(_ number: Int) -> Int64 {
        let value = Double(number) * duration.value
        return Int64(value.rounded())
    }

    private func place(_ found: AVCodecParserContext, isFirst: Bool) -> DisplayOrder.Place {
        if codec == AV_CODEC_ID_H264 || codec == AV_CODEC_ID_HEVC {
            return .count(Int(found.output_picture_number), isFirst: isFirst)
        }
        return found.pict_type == AV_PICTURE_TYPE_B.rawValue ? .bidirectional : .reference
    }

    /// Why a constant rate does not give the timestamps.
    private func obstacle(_ found: AVCodecParserContext) -> String? {
        if found.repeat_pict > 1 { return "give timestamps to frames that are shown for longer than others" }
        let isFields =
            found.picture_structure == AV_PICTURE_STRUCTURE_TOP_FIELD
            || found.picture_structure == AV_PICTURE_STRUCTURE_BOTTOM_FIELD
        if isFields, codec == AV_CODEC_ID_H264 || codec == AV_CODEC_ID_HEVC {
            return "give timestamps to fields that are coded one by one"
        }
        return nil
    }
}
