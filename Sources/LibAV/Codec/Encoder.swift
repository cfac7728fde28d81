// Turns frames into packets.

import CLibAV
package import VTXModel

/// A libavcodec encoder. Stays on one thread after it was made.
package final class Encoder: @unchecked Sendable {
    // @unchecked: used by one stage at a time.
    private var context: UnsafeMutablePointer<AVCodecContext>?
    package let timeBase: Rational
    package let parameters: CodecParameters
    /// Samples per frame that the encoder takes; 0 if any number will do.
    package let frameSize: Int
    /// Samples that a decoder gives out before the first one that was encoded.
    package var initialPadding: Int { Int(context?.pointee.initial_padding ?? 0) }
    package private(set) var frames = 0
    /// Most frames by which decoding is ahead of what is shown.
    package let reordering: Int
    /// Captions of frames whose packets have not come out, by time; `nil` if the encoder writes them, or nobody does.
    private var captions: [Int64: [UInt8]]?

    /// Where frames go first; `nil` for encoders that read memory.
    private var device: HardwareFrames?

    /// Which pass of how many, and where the passes meet.
    package struct Pass: Sendable {
        package var number: Int
        package var count: Int
        /// File for the statistics of encoders that write one.
        package var statistics: String

        package init(number: Int = 1, count: Int = 1, statistics: String = "") {
            self.number = number
            self.count = count
            self.statistics = statistics
        }
    }

    /// - Parameters:
    ///   - needsGlobalHeader: whether the container keeps parameter sets outside the packets.
    ///   - firstPass: what the first pass returned, for encoders that keep statistics in memory (libvpx).
    /// - Throws: `.unavailable` if this build has no such encoder, `.usage` for an option it does not know.
    package init(
        video plan: VideoEncodePlan, needsGlobalHeader: Bool, pass: Pass = Pass(), firstPass: [UInt8] = []
    ) throws(VTXError) {
        let context = try makeContext(plan.encoder)
        var owned: UnsafeMutablePointer<AVCodecContext>? = context
        var options = plan.options
        plan.traits.makeRepeatable(&options, width: plan.size.width)
        do {
            context.pointee.width = Int32(plan.size.width)
            context.pointee.height = Int32(plan.size.height)
            context.pointee.pix_fmt = try PixelFormat.named(plan.pixelFormat)
            if plan.traits.needsUpload {
                device = try HardwareFrames(size: plan.size, format: context.pointee.pix_fmt, for: context)
            }
            context.pointee.sample_aspect_ratio = (plan.pixelShape ?? Rational(1)).av
            context.pointee.time_base = plan.timeBase.av
            context.pointee.framerate = plan.frameRate.av
            setColor(plan.color, on: context)
            context.pointee.thread_count = Int32(plan.encoderThreads)
            if let interval = plan.keyFrameInterval { context.pointee.gop_size = Int32(interval) }
            if needsGlobalHeader { context.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER }
            apply(plan.rate, to: context, &options, quality: plan.traits.qualityOption)
            if pass.count > 1 {
                context.pointee.flags |= pass.number == 1 ? AV_CODEC_FLAG_PASS1 : AV_CODEC_FLAG_PASS2
                switch plan.traits.twoPass {
                case .file(let option): options[option] = pass.statistics
                case .parameters(let option):
                    options.addParameters("pass=\(pass.number):stats=\(pass.statistics)", to: option)
                case .memory, nil:
                    // libvpx divides bits by how long frames last, for which libavcodec 59 has nothing but this.
                    let ticks = (plan.frameRate * plan.timeBase).inverse.value.rounded()
                    context.pointee.ticks_per_frame = Int32(clamping: Int64(max(1, min(ticks, 1e9))))
                    if pass.number == 2 {
                        // Freed by avcodec_free_context? No: libavcodec leaves stats_in to the caller.
                        let text = av_strdup(String(decoding: firstPass, as: UTF8.self))
                        context.pointee.stats_in = text
                    }
                }
            }
            try Encoder.open(context, plan.encoder, options: options)
            parameters = try CodecParameters(of: context)
            reordering = plan.traits.reordering ?? Int(context.pointee.has_b_frames)
            if plan.keepsCaptions, plan.traits.captions == .afterwards { captions = [:] }
            if let mastering = plan.mastering { parameters.add(mastering) }
            if let light = plan.contentLight { parameters.add(light) }
        } catch {
            av_freep(&context.pointee.stats_in)
            avcodec_free_context(&owned)
            throw encoderError(error, plan.encoder)
        }
        self.context = context
        timeBase = plan.timeBase
        frameSize = 0
    }

    /// - Throws: as for video.
    package init(audio plan: AudioEncodePlan, needsGlobalHeader: Bool) throws(VTXError) {
        let context = try makeContext(plan.encoder)
        var owned: UnsafeMutablePointer<AVCodecContext>? = context
        do {
            context.pointee.sample_fmt = av_get_sample_fmt(plan.sampleFormat)
            context.pointee.sample_rate = Int32(plan.sampleRate)
            context.pointee.ch_layout = try channelLayout(named: plan.layout)
            context.pointee.time_base = AVRational(num: 1, den: Int32(plan.sampleRate))
            if let rate = plan.bitRate { context.pointee.bit_rate = rate }
            if needsGlobalHeader { context.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER }
            context.pointee.thread_count = 1
            try Encoder.open(context, plan.encoder, options: plan.options)
            parameters = try CodecParameters(of: context)
        } catch {
            avcodec_free_context(&owned)
            throw encoderError(error, plan.encoder)
        }
        self.context = context
        timeBase = Rational(1, Int64(plan.sampleRate))
        reordering = 0
        let varies = context.pointee.codec.pointee.capabilities & AV_CODEC_CAP_VARIABLE_FRAME_SIZE != 0
        frameSize = varies ? 0 : Int(context.pointee.frame_size)
    }

    deinit {
        if context != nil { av_freep(&context!.pointee.stats_in) }
        avcodec_free_context(&context)
    }

    private static func open(
        _ context: UnsafeMutablePointer<AVCodecContext>, _ name: String, options: [String: String]
    ) throws {
        var dictionary = Options(options)
        Log.forget()
        try check(avcodec_open2(context, context.pointee.codec, &dictionary.pointer), "open the encoder \(name)")
        if let unknown = dictionary.values.keys.sorted().first {
            throw VTXError(
                .usage, "the encoder \(name) has no option '\(unknown)'",
                remedy: "`ffmpeg -h encoder=\(name)` lists its options")
        }
    }

    /// Encodes one frame, whose time is in `timeBase`.
    package func encode(_ frame: borrowing Frame, emit: (consuming Packet) throws -> Void) throws {
        frames += 1
        if captions != nil, let time = frame.time {
            let bytes = frame.captions
            if !bytes.isEmpty { captions?[time] = bytes }
        }
        if let device {
            let copy = try device.upload(frame)
            return try send(copy.pointer, emit: emit)
        }
        try send(frame.pointer, emit: emit)
    }

    /// Hands out what the encoder still holds.
    ///
    /// - Parameter isEnough: asked before each packet; what the encoder holds then is not encoded.
    package func drain(
        until isEnough: () -> Bool = { false }, emit: (consuming Packet) throws -> Void
    ) throws {
        try send(nil, until: isEnough, emit: emit)
    }

    /// What a first pass has learnt, for encoders that keep it in memory; complete after `drain`.
    package var statistics: [UInt8] {
        guard let text = context?.pointee.stats_out else { return [] }
        return Array(String(cString: text).utf8)
    }

    private func send(
        _ frame: UnsafeMutablePointer<AVFrame>?, until isEnough: () -> Bool = { false },
        emit: (consuming Packet) throws -> Void
    ) throws {
        // Nobody reads it, and libavcodec's x265 keeps a copy for each frame, which it loses when an encode is
        // given up (FFmpeg 5.1).
        frame?.pointee.reordered_opaque = 0
        try check(avcodec_send_frame(context, frame), "encode")
        while !isEnough() {
            let packet = Packet()
            let code = avcodec_receive_packet(context, packet.pointer)
            if code == vtx_error_again || code == vtx_error_end_of_file { return }
            try check(code, "encode")
            if let time = packet.presentation, let bytes = captions?.removeValue(forKey: time) {
                try packet.setCaptions(bytes)
            }
            try emit(packet)
        }
    }
}

private func makeContext(_ name: String) throws(VTXError) -> UnsafeMutablePointer<AVCodecContext> {
    guard let codec = avcodec_find_encoder_by_name(name) else {
        throw VTXError(
            .unavailable, "no encoder \(name) in this FFmpeg build",
            remedy: "choose another codec, or install a build that has it")
    }
    guard let context = avcodec_alloc_context3(codec) else {
        throw VTXError(.internal, "cannot make the encoder \(name)", cause: "out of memory")
    }
    return context
}

private func encoderError(_ error: any Error, _ name: String) -> VTXError {
    if let error = error as? VTXError { return error }
    guard let failure = error as? AVFailure else { return VTXError(.internal, "\(error)") }
    return VTXError(
        .usage, "cannot \(failure.operation)", cause: failure.words,
        remedy: "check \(.encoderOption), \(.speed) and \(.pixelFormat), or leave them out")
}

/// Sets up how bits are spent. What `options` say of it already stays.
private func apply(
    _ rate: RateControl, to context: UnsafeMutablePointer<AVCodecContext>, _ options: inout [String: String],
    quality: String
) {
    switch rate {
    case .constantQuality(let crf), .capped(let crf, _, _):
        options[quality] = options[quality] ?? trimmed(crf)
        context.pointee.bit_rate = 0
        if case .capped(_, let maximum, let buffer) = rate {
            options["maxrate"] = String(maximum)
            options["bufsize"] = String(buffer)
        }
    case .quantizer(let value):
        context.pointee.flags |= AV_CODEC_FLAG_QSCALE
        context.pointee.global_quality = FF_QP2LAMBDA * Int32(value)
    case .average(let average, let maximum, let buffer):
        context.pointee.bit_rate = average
        context.pointee.rc_max_rate = maximum
        context.pointee.rc_buffer_size = Int32(clamping: buffer)
    case .lossless, .profile: break
    }
}

/// A colour value by name; `unknown` where the plan has none.
private func code(
    _ name: String?, _ find: (UnsafePointer<CChar>?) -> Int32, unknown: Int32 = 0
) -> UInt32 {
    guard let name else { return UInt32(unknown) }
    let value = find(name)
    return UInt32(value < 0 ? unknown : value)
}

/// `21`, `21.5`: without a needless fraction.
private func trimmed(_ value: Double) -> String {
    value == value.rounded() ? String(Int(value)) : String(value)
}

extension CodecParameters {
    /// Adds the mastering display to what the container says of the stream.
    fileprivate func add(_ mastering: MasteringDisplay) {
        guard mastering.chromaticities.count == 8 else { return }
        var value = AVMasteringDisplayMetadata()
        let c = mastering.chromaticities.map(\.av)
        value.display_primaries = ((c[0], c[1]), (c[2], c[3]), (c[4], c[5]))
        value.white_point = (c[6], c[7])
        value.min_luminance = mastering.minimumLuminance.av
        value.max_luminance = mastering.maximumLuminance.av
        value.has_primaries = 1
        value.has_luminance = 1
        sideData.append((AV_PKT_DATA_MASTERING_DISPLAY_METADATA, withUnsafeBytes(of: value) { Array($0) }))
    }

    fileprivate func add(_ light: ContentLight) {
        let value = AVContentLightMetadata(MaxCLL: UInt32(light.maximum), MaxFALL: UInt32(light.frameAverage))
        sideData.append((AV_PKT_DATA_CONTENT_LIGHT_LEVEL, withUnsafeBytes(of: value) { Array($0) }))
    }
}

/// Sets the colour description that encoders write into the bit stream; 2 is "unspecified" (ITU-T H.273).
private func setColor(_ color: ColorDescription, on context: UnsafeMutablePointer<AVCodecContext>) {
    context.pointee.color_range = AVColorRange(code(color.range, av_color_range_from_name))
    context.pointee.color_primaries = AVColorPrimaries(
        code(color.primaries, av_color_primaries_from_name, unknown: 2))
    context.pointee.color_trc = AVColorTransferCharacteristic(
        code(color.transfer, av_color_transfer_from_name, unknown: 2))
    context.pointee.colorspace = AVColorSpace(code(color.matrix, av_color_space_from_name, unknown: 2))
    context.pointee.chroma_sample_location = AVChromaLocation(
        code(color.chromaLocation, av_chroma_location_from_name))
}
