// One elementary stream written as a run of pieces in memory: CMAF fragments or transport stream packets.

import CLibAV
package import VTXModel

/// A muxer for one stream whose output is taken away piece by piece. Stays on one thread.
package final class FragmentMuxer: @unchecked Sendable {
    // @unchecked: used by one stage at a time.
    private var context: UnsafeMutablePointer<AVFormatContext>?
    private let output = OutputBuffer()
    private var outputBase = Rational(1, 90_000)
    private let type: SegmentType
    /// AAC with a header in front of each frame, as transport streams have it, loses those headers in fMP4.
    private var filter: BitstreamFilter?

    /// - Parameters:
    ///   - parameters: of the stream; with global headers for fMP4, without for transport streams.
    ///   - timeBase: unit of the packets, and the media timescale in fMP4.
    package init(
        _ type: SegmentType, parameters: CodecParameters, timeBase: Rational, label: TrackLabel, tag: String?
    ) throws(AVFailure) {
        self.type = type
        Log.forget()
        try check(
            avformat_alloc_output_context2(&context, nil, type == .fmp4 ? "mp4" : "mpegts", nil),
            "make the segment writer")
        // Whole transport packets, so that each delivery begins with one.
        let capacity = Int32(type == .ts ? 188 * 348 : 1 << 16)
        output.dropsServiceTable = type == .ts
        guard let buffer = av_malloc(Int(capacity)),
            let io = avio_alloc_context(
                buffer.assumingMemoryBound(to: UInt8.self), capacity, 1,
                Unmanaged.passUnretained(output).toOpaque(), nil,
                { opaque, bytes, count in
                    guard let bytes, count > 0 else { return 0 }
                    Unmanaged<OutputBuffer>.fromOpaque(opaque!).takeUnretainedValue()
                        .append(UnsafeBufferPointer(start: bytes, count: Int(count)))
                    return count
                }, nil)
        else { throw outOfMemory("make the segment writer") }
        context!.pointee.pb = io
        context!.pointee.flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_BITEXACT
        // libav's own default (its command line's too): frames of audio share transport packets, and the clock
        // runs ahead of them. Without it each frame is padded by itself, a third more bytes.
        if type == .ts { context!.pointee.max_delay = 700_000 }
        io.pointee.seekable = 0
        let stream = try parameters.addStream(to: context!, timeBase: timeBase, tag: tag)
        if let language = label.language.map(shortLanguage) {
            av_dict_set(&stream.pointee.metadata, "language", language, 0)
        }
        var options: Options
        switch type {
        case .fmp4:
            // delay_moov: the edit list that hides AAC's priming is known only with the first packets.
            // Video needs none: with offsets that may be negative, the first one is shown at 0.
            let isVideo = parameters.pointer.pointee.codec_type == AVMEDIA_TYPE_VIDEO
            options = Options([
                "movflags": "frag_custom+delay_moov+default_base_moof" + (isVideo ? "+negative_cts_offsets" : ""),
                "use_editlist": isVideo ? "0" : "1",
            ])
            // The boxes of Dolby Vision are not ISO's own, so that libav has to be asked for them.
            if parameters.hasDolbyVision { options.set("strict", "unofficial") }
        case .ts:
            // Times are written as they come: every rendition has the same origin.
            options = Options([
                "mpegts_copyts": "1", "mpegts_flags": "+resend_headers", "pat_period": "3600", "sdt_period": "3600",
            ])
        }
        try check(avformat_write_header(context, &options.pointer), "write the header")
        outputBase = Rational(stream.pointee.time_base) ?? outputBase
        let source = parameters.pointer.pointee
        if type == .fmp4, source.codec_id == AV_CODEC_ID_AAC, source.extradata_size == 0 {
            filter = try BitstreamFilter("aac_adtstoasc", for: parameters, base: outputBase)
        }
    }

    deinit {
        if let io = context?.pointee.pb {
            av_freep(&io.pointee.buffer)
            avio_context_free(&context!.pointee.pb)
        }
        avformat_free_context(context)
    }

    /// Writes one packet, whose times are in `base`.
    package func write(_ packet: consuming Packet, base: Rational) throws {
        packet.stream = 0
        packet.rescale(from: base, to: outputBase)
        guard let filter else { return try write(packet) }
        try filter.push(packet) { try write($0) }
    }

    private func write(_ packet: borrowing Packet) throws(AVFailure) {
        try check(av_write_frame(context, packet.pointer), "write a segment")
    }

    /// Ends the piece begun last: a fragment, or the pending transport stream packets.
    package func endPiece() throws(AVFailure) {
        try check(av_write_frame(context, nil), "end a fragment")
        avio_flush(context!.pointee.pb)
    }

    /// Makes the next packet of a transport stream follow new program tables.
    package func beginSegment() throws(AVFailure) {
        guard type == .ts else { return }
        try check(av_opt_set(context!.pointee.priv_data, "mpegts_flags", "+resend_headers", 0), "begin a segment")
    }

    /// Everything written since the last call.
    package func takeBytes() -> [UInt8] { output.take() }

    /// Gives bytes that were taken back, so that their memory holds what comes next.
    package func reuse(_ bytes: consuming [UInt8]) { output.reuse(bytes) }

    private final class OutputBuffer {
        private var bytes: [UInt8] = []
        /// libav writes the service description table before the program tables, which should come first
        /// (RFC 8216, 3.2); no player needs it.
        var dropsServiceTable = false

        func append(_ more: UnsafeBufferPointer<UInt8>) {
            let (length, servicePID) = (188, 0x11)
            guard dropsServiceTable else { return bytes.append(contentsOf: more) }
            var start = 0
            for offset in stride(from: 0, to: more.count - length + 1, by: length)
            where Int(more[offset + 1] & 0x1F) << 8 | Int(more[offset + 2]) == servicePID {
                bytes.append(contentsOf: more[start..<offset])
                start = offset + length
            }
            bytes.append(contentsOf: more[start...])
        }

        func take() -> [UInt8] {
            let taken = bytes
            bytes = []
            return taken
        }

        func reuse(_ spare: consuming [UInt8]) {
            guard bytes.isEmpty, spare.capacity > bytes.capacity else { return }
            spare.removeAll(keepingCapacity: true)
            bytes = spare
        }
    }
}
