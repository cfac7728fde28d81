// Subtitles go through libavcodec's older calls: whole cues in, whole cues out.

import CLibAV
package import VTXModel

/// A cue between two formats.
package struct TextCue: Sendable {
    /// In `SubtitleConverter.timeBase`.
    package var start: Int64
    package var end: Int64
    /// Lines of dialogue as libavcodec describes them.
    var lines: [String]
    /// WebVTT as it was in the source: text, settings, identifier.
    var original: (text: [UInt8], settings: [UInt8], identifier: [UInt8])?
}

/// What became of the cues of a track.
package struct CueCounts: Hashable, Sendable {
    /// Cues that the source has, if it says so or as far as they were read.
    package var read = 0
    /// Could not be decoded.
    package var unreadable = 0
    /// Have no duration.
    package var untimed = 0
    /// Have nothing to read: drawings, or nothing at all.
    package var empty = 0

    package init() {}
}

/// Rewrites text cues from one codec to another.
package final class SubtitleConverter: @unchecked Sendable {
    // @unchecked: used by one stage at a time.
    var decoder: UnsafeMutablePointer<AVCodecContext>?
    private var encoder: UnsafeMutablePointer<AVCodecContext>?
    let source: String
    private let target: SubtitleCodec
    private let styles: [String: Set<Character>]
    package let parameters: CodecParameters
    /// Milliseconds: the finest unit that all text formats have.
    package static let timeBase = Rational(1, 1000)
    /// Unit of the packets that go in.
    package let sourceTimeBase: Rational
    package internal(set) var counts = CueCounts()
    /// End of the last packet of captions, in `sourceTimeBase`.
    var captionEnd: Int64 = 0
    /// The field of captions that is decoded, 1 or 2.
    let captionField: Int

    /// - Parameter field: of the captions that are decoded, 1 or 2.
    package init(from source: CodecParameters, to codec: SubtitleCodec, field: Int = 1) throws(AVFailure) {
        sourceTimeBase = source.timeBase
        self.source = source.codec
        target = codec
        captionField = field
        var decoder: UnsafeMutablePointer<AVCodecContext>?
        var encoder: UnsafeMutablePointer<AVCodecContext>?
        do throws(AVFailure) {
            let options = source.codec == "eia_608" ? ["data_field": field == 2 ? "second" : "first"] : [:]
            decoder = try openSubtitleDecoder(source, options: options)
            guard let found = avcodec_find_encoder_by_name(codec.encoder) else {
                throw AVFailure("find the encoder \(codec.encoder)", vtx_error_encoder_not_found)
            }
            encoder = avcodec_alloc_context3(found)
            guard let encoder, let decoder else { throw outOfMemory("convert subtitles") }
            encoder.pointee.time_base = Self.timeBase.av
            var header = ""
            // The ASS header carries the styles that every text decoder of libav describes its cues with.
            if let bytes = decoder.pointee.subtitle_header {
                let size = Int(decoder.pointee.subtitle_header_size)
                guard let copy = av_mallocz(size + 1) else { throw outOfMemory("convert subtitles") }
                copy.copyMemory(from: bytes, byteCount: size)
                encoder.pointee.subtitle_header = copy.assumingMemoryBound(to: UInt8.self)
                encoder.pointee.subtitle_header_size = Int32(size)
                header = String(decoding: UnsafeBufferPointer(start: bytes, count: size), as: UTF8.self)
            }
            try check(avcodec_open2(encoder, found, nil), "open the encoder \(codec.encoder)")
            parameters = try CodecParameters(of: encoder)
            styles = codec == .webvtt ? dialogueStyles(header) : [:]
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

    private var isStyled: Bool { ["ass", "ssa"].contains(source) }

    /// The cue of a packet, whose times are in the source's unit; `nil` if it has none to show.
    package func decode(_ packet: borrowing Packet) -> TextCue? {
        if isCaptions { return decodeCaptions(packet) }
        if isGap(packet) { return nil }
        var subtitle = AVSubtitle()
        var isWhole: Int32 = 0
        let code = avcodec_decode_subtitle2(decoder, &subtitle, &isWhole, packet.pointer)
        defer { avsubtitle_free(&subtitle) }
        counts.read += 1
        guard code >= 0, let base = Rational(decoder!.pointee.pkt_timebase) else {
            counts.unreadable += 1
            return nil
        }
        guard isWhole != 0, subtitle.num_rects > 0 else {
            counts.empty += 1
            return nil
        }
        let start =
            packet.presentation.map { rescale($0, from: base, to: Self.timeBase) }
            ?? rescale(subtitle.pts, from: MediaTime.microsecond, to: Self.timeBase)
        let declared = rescale(packet.duration, from: base, to: Self.timeBase)
        let shown = Int64(subtitle.end_display_time) - Int64(subtitle.start_display_time)
        let isOpenEnded = subtitle.end_display_time == 0 || subtitle.end_display_time == UInt32.max
        let length = isOpenEnded ? declared : shown
        guard length > 0 else {
            counts.untimed += 1
            return nil
        }
        let time = start + (isOpenEnded ? 0 : Int64(subtitle.start_display_time))
        var cue = TextCue(start: time, end: time + length, lines: dialogue(subtitle))
        if source == "webvtt", target == .webvtt {
            cue.original = (
                packet.withBytes { Array($0) }, packet.sideData(AV_PKT_DATA_WEBVTT_SETTINGS) ?? [],
                packet.sideData(AV_PKT_DATA_WEBVTT_IDENTIFIER) ?? []
            )
        }
        guard !cue.lines.isEmpty else {
            counts.empty += 1
            return nil
        }
        return cue
    }

    /// Whether a packet ends a cue and begins none.
    private func isGap(_ packet: borrowing Packet) -> Bool {
        switch source {
        // MP4 fills the time between two cues with samples of no text.
        case "mov_text": packet.size <= 2
        // libav's decoder fails for them.
        case "sami": packet.withBytes { isEmptySAMI(String(decoding: $0, as: UTF8.self)) }
        default: false
        }
    }

    /// The lines of a cue that have something to read, without what text formats would show by mistake.
    func dialogue(_ subtitle: AVSubtitle) -> [String] {
        let rects = (0..<Int(subtitle.num_rects)).compactMap { string(subtitle.rects[$0]!.pointee.ass) }
        guard target != .ass else { return rects }
        return rects.compactMap { rect in
            let text = DialogueText(rect: rect, hasComments: isStyled)
            guard !text.isEmpty else { return nil }
            let fields = rect.split(separator: ",", maxSplits: 8, omittingEmptySubsequences: false)
            return (fields.prefix(8) + [text.plain[...]]).joined(separator: ",")
        }
    }

    /// A packet of the target's codec, with times in `timeBase`; `nil` if nothing of the cue is left.
    package func encode(_ cue: TextCue) throws(AVFailure) -> Packet? {
        let output = target == .webvtt ? try webVTT(cue) : try encoded(cue)
        guard output.size > 0 else { return nil }
        output.presentation = cue.start
        output.decoding = cue.start
        output.duration = cue.end - cue.start
        output.pointer.pointee.flags |= AV_PKT_FLAG_KEY
        return output
    }

    /// Both at once.
    package func convert(_ packet: borrowing Packet, emit: (consuming Packet) throws -> Void) throws {
        if let cue = decode(packet), let output = try encode(cue) { try emit(output) }
    }

    /// What is left when all packets are converted.
    package func finish(emit: (consuming Packet) throws -> Void) throws {
        if let cue = finish(), let output = try encode(cue) { try emit(output) }
    }

    private func webVTT(_ cue: TextCue) throws(AVFailure) -> Packet {
        guard let original = cue.original else {
            let texts = cue.lines.map { DialogueText(rect: $0, hasComments: false).webVTT(styles: styles) }
            return try Packet(Array(texts.joined(separator: "\n").utf8))
        }
        let packet = try Packet(original.text)
        if !original.settings.isEmpty { try packet.addSideData(AV_PKT_DATA_WEBVTT_SETTINGS, original.settings) }
        if !original.identifier.isEmpty { try packet.addSideData(AV_PKT_DATA_WEBVTT_IDENTIFIER, original.identifier) }
        return packet
    }

    private func encoded(_ cue: TextCue) throws(AVFailure) -> Packet {
        var subtitle = AVSubtitle()
        subtitle.format = 1
        subtitle.pts = rescale(cue.start, from: Self.timeBase, to: MediaTime.microsecond)
        subtitle.end_display_time = UInt32(clamping: cue.end - cue.start)
        guard let list = av_calloc(cue.lines.count, MemoryLayout<UnsafeMutablePointer<AVSubtitleRect>?>.stride) else {
            throw outOfMemory("encode a subtitle")
        }
        subtitle.rects = list.bindMemory(to: UnsafeMutablePointer<AVSubtitleRect>?.self, capacity: cue.lines.count)
        defer { avsubtitle_free(&subtitle) }
        for line in cue.lines {
            guard let rect = av_mallocz(MemoryLayout<AVSubtitleRect>.stride) else {
                throw outOfMemory("encode a subtitle")
            }
            let value = rect.bindMemory(to: AVSubtitleRect.self, capacity: 1)
            value.pointee.type = SUBTITLE_ASS
            value.pointee.ass = av_strdup(line)
            subtitle.rects[Int(subtitle.num_rects)] = value
            subtitle.num_rects += 1
        }
        let output = Packet()
        try check(vtx_subtitle_encode(encoder!, &subtitle, output.pointer), "encode a subtitle")
        return output
    }
}
