// From an opened file to the value that plans are made from.

import CLibAV
package import VTXModel

extension Demuxer {
    /// Everything the header, the index and libav's look at the first packets tell.
    package func describe() -> MediaDescription {
        let file = context!.pointee
        let size = max(0, avio_size(file.pb))
        var description = MediaDescription(
            path: path,
            format: string(file.iformat.pointee.name) ?? "unknown",
            formatLongName: string(file.iformat.pointee.long_name) ?? "",
            duration: time(file.duration, MediaTime.microsecond.av).flatMap { $0.ticks > 0 ? $0 : nil },
            start: time(file.start_time, MediaTime.microsecond.av),
            size: size,
            bitRate: file.bit_rate > 0 ? file.bit_rate : nil,
            metadata: tags(file.metadata),
            chapters: chapters(),
            streams: streams.indices.map(describeStream))
        if description.duration != nil {
            description.durationSource =
                switch file.duration_estimation_method {
                case AVFMT_DURATION_FROM_PTS: .timestamps
                case AVFMT_DURATION_FROM_BITRATE: .bitRate
                default: .header
                }
        }
        if description.durationSource == .header { description.forgetLead() }
        if isISO, streams.contains(where: { isUnknown($0!.pointee.duration) }) {
            description.duration = nil
            description.durationSource = .unknown
        }
        description.tagEncoding = tagEncoding?.name
        description.missingBytes = missingBytes(fileSize: size)
        let programs = programs
        if programs.count > 1 { description.programs = programs }
        return description
    }

    /// The size to which the display shape of a stream belongs, where the container says a shape of the whole image.
    package func shapedSize(of stream: Int) -> PixelSize? {
        let isMatroska = string(context!.pointee.iformat.pointee.name)?.hasPrefix("matroska") == true
        guard isMatroska, headerSizes.indices.contains(stream), headerSizes[stream].area > 0 else { return nil }
        return headerSizes[stream]
    }

    /// Size and shape of the pixels by the stream itself, where the look at the first packets has told them; `nil`: they
    /// may be the container's.
    ///
    /// H.264's pixel format is known only once parameter sets and a slice were read. HEVC's may come from the sets in
    /// front alone, which count where there are no others: `hvc1` (ISO/IEC 14496-15, 8.4.1).
    package func streamShape(of index: Int) -> (size: PixelSize, sampleAspectRatio: Rational?)? {
        let parameters = streams[index]!.pointee.codecpar.pointee
        guard parameters.format != AV_PIX_FMT_NONE.rawValue, parameters.width > 0, parameters.height > 0 else {
            return nil
        }
        switch parameters.codec_id {
        case AV_CODEC_ID_H264: break
        case AV_CODEC_ID_HEVC where isISO && ["hvc1", "dvh1"].contains(tagText(parameters.codec_tag)): break
        default: return nil
        }
        return (
            PixelSize(Int(parameters.width), Int(parameters.height)), pixelShape(parameters.sample_aspect_ratio)
        )
    }

    /// All bits set: unknown, for a movie that is written in fragments (ISO/IEC 14496-12, 8.2.2).
    private func isUnknown(_ duration: Int64) -> Bool { isISO && duration == Int64(UInt32.max) }

    private func chapters() -> [Chapter] {
        let file = context!.pointee
        return (0..<Int(file.nb_chapters)).compactMap { index in
            let chapter = file.chapters[index]!.pointee
            guard let start = time(chapter.start, chapter.time_base),
                let end = time(chapter.end, chapter.time_base), end >= start
            else { return nil }
            return Chapter(
                start: start, end: end,
                title: tags(chapter.metadata)["title"])
        }
    }

    /// Whether the format has a table of all times.
    var isISO: Bool { string(context!.pointee.iformat.pointee.name)?.hasPrefix("mov,") == true }

    /// How far the sample tables of an MP4 reach beyond the end of the file.
    private func missingBytes(fileSize: Int64) -> Int64? {
        guard isISO, fileSize > 0 else { return nil }
        var end: Int64 = 0
        for stream in streams {
            for index in 0..<avformat_index_get_entries_count(stream) {
                guard let entry = avformat_index_get_entry(stream, index)?.pointee else { continue }
                end = max(end, entry.pos &+ Int64(entry.size))
            }
        }
        return end > fileSize ? end - fileSize : nil
    }

    package func describeStream(_ index: Int) -> StreamDescription {
        let stream = streams[index]!
        let parameters = stream.pointee.codecpar.pointee
        let base = Rational(stream.pointee.time_base) ?? Rational(1, 90_000)
        var metadata = tags(stream.pointee.metadata)
        let codecID = codec(of: index)
        let codec = String(cString: avcodec_get_name(codecID))
        let descriptor = avcodec_descriptor_get(codecID)
        let named = metadata.removeValue(forKey: "language")
        let language = languageTags[index] ?? named
        var result = StreamDescription(
            index: index,
            kind: kind(of: parameters.codec_type),
            codec: codec,
            codecLongName: string(descriptor?.pointee.long_name) ?? "",
            codecTag: tagText(parameters.codec_tag),
            profile: string(avcodec_profile_name(parameters.codec_id, parameters.profile)),
            level: levelText(codec: codec, level: Int(parameters.level)),
            isDecodable: avcodec_find_decoder(codecID) != nil,
            timeBase: base,
            start: time(stream.pointee.start_time, stream.pointee.time_base),
            duration: time(stream.pointee.duration, stream.pointee.time_base)
                .flatMap { $0.ticks > 0 && !isUnknown($0.ticks) ? $0 : nil },
            bitRate: parameters.bit_rate > 0 ? parameters.bit_rate : Int64(metadata["BPS"] ?? ""),
            frameCount: frameCount(stream) ?? Int64(metadata["NUMBER_OF_FRAMES"] ?? ""),
            language: language == "und" ? nil : language,
            title: metadata.removeValue(forKey: "title") ?? handlerTitle(metadata["handler_name"]),
            metadata: metadata,
            disposition: dispositions(stream.pointee.disposition))
        result.encryption = encryption(of: index, metadata: metadata)
        result.ignoredCrop = crops[index]
        result.takeText(movieTrack(of: index)?.sampleEntries ?? [])
        if let rates = movieTrack(of: index)?.editRates, !rates.isEmpty { result.editRates = rates }
        switch result.kind {
        case .video:
            result.video = describeVideo(stream)
            if movieTrack(of: index)?.hasMesh ?? false { result.video?.projection = VideoDescription.mesh }
        case .audio: result.audio = describeAudio(parameters)
        case .subtitle:
            let properties = descriptor?.pointee.props ?? 0
            result.subtitle = SubtitleDescription(
                form: properties & AV_CODEC_PROP_BITMAP_SUB != 0
                    ? .bitmap : properties & AV_CODEC_PROP_TEXT_SUB != 0 ? .text : .unknown,
                size: parameters.width > 0
                    ? PixelSize(Int(parameters.width), Int(parameters.height)) : nil)
        default: break
        }
        return result
    }

    /// The number of samples in the index; `nil` where there is none. Fragments come after an index of nothing, so that
    /// an empty track is one beside others that are not.
    private func frameCount(_ stream: UnsafeMutablePointer<AVStream>) -> Int64? {
        if stream.pointee.nb_frames > 0 { return stream.pointee.nb_frames }
        guard isISO, avformat_index_get_entries_count(stream) == 0 else { return nil }
        return streams.contains { $0!.pointee.nb_frames > 0 } ? 0 : nil
    }

    private func describeVideo(_ stream: UnsafeMutablePointer<AVStream>) -> VideoDescription {
        let parameters = stream.pointee.codecpar.pointee
        let size = PixelSize(Int(parameters.width), Int(parameters.height))
        let format = AVPixelFormat(parameters.format)
        var video = VideoDescription(
            codedSize: codedSize(stream) ?? size, size: size,
            sampleAspectRatio: Rational(av_guess_sample_aspect_ratio(context, stream, nil)),
            pixelFormat: PixelFormat.name(format),
            averageFrameRate: Rational(stream.pointee.avg_frame_rate),
            nominalFrameRate: Rational(stream.pointee.r_frame_rate),
            fieldOrder: fieldOrder(parameters.field_order),
            color: ColorDescription(
                range: name(parameters.color_range, av_color_range_name),
                primaries: name(parameters.color_primaries, av_color_primaries_name),
                transfer: name(parameters.color_trc, av_color_transfer_name),
                matrix: name(parameters.color_space, av_color_space_name),
                chromaLocation: parameters.chroma_location == AVCHROMA_LOC_UNSPECIFIED
                    ? nil : string(av_chroma_location_name(parameters.chroma_location))))
        if let descriptor = av_pix_fmt_desc_get(format)?.pointee {
            video.bitDepth = Int(descriptor.comp.0.depth)
            video.sampling = sampling(descriptor)
            video.hasAlpha = descriptor.flags & UInt64(AV_PIX_FMT_FLAG_ALPHA) != 0
        }
        // VP8 and VP9 store alpha as a second frame in each block (WebM, AlphaMode).
        if entries(of: stream.pointee.metadata)["alpha_mode"] == "1" { video.hasAlpha = true }
        if let matrix = sideData(stream, AV_PKT_DATA_DISPLAYMATRIX, of: Int32.self), matrix.count >= 9 {
            if let orientation = Orientation(matrix: matrix[0], matrix[1], matrix[3], matrix[4]) {
                video.orientation = orientation
            } else {
                video.hasOddMatrix = true
            }
        }
        video.hdr = describeHDR(stream, color: video.color)
        video.projection = sideData(stream, AV_PKT_DATA_SPHERICAL, of: AVSphericalMapping.self)?.first
            .flatMap { string(av_spherical_projection_name($0.projection)) }
        video.stereo = sideData(stream, AV_PKT_DATA_STEREO3D, of: AVStereo3D.self)?.first
            .flatMap { $0.type == AV_STEREO3D_2D ? nil : string(av_stereo3d_type_name(UInt32($0.type.rawValue))) }
        return video
    }

    /// What the decoder will hold, for codecs that say so in their header.
    private func codedSize(_ stream: UnsafeMutablePointer<AVStream>) -> PixelSize? {
        let id = stream.pointee.codecpar.pointee.codec_id
        guard id == AV_CODEC_ID_H264 || id == AV_CODEC_ID_HEVC, let codec = avcodec_find_decoder(id) else { return nil }
        var context = avcodec_alloc_context3(codec)
        defer { avcodec_free_context(&context) }
        guard let opened = context, avcodec_parameters_to_context(opened, stream.pointee.codecpar) >= 0,
            avcodec_open2(opened, codec, nil) >= 0, opened.pointee.coded_width >= stream.pointee.codecpar.pointee.width,
            opened.pointee.coded_height >= stream.pointee.codecpar.pointee.height
        else { return nil }
        return PixelSize(Int(opened.pointee.coded_width), Int(opened.pointee.coded_height))
    }

    private func describeHDR(
        _ stream: UnsafeMutablePointer<AVStream>, color: ColorDescription
    ) -> HDRDescription? {
        let vision = sideData(stream, AV_PKT_DATA_DOVI_CONF, of: AVDOVIDecoderConfigurationRecord.self)?.first
        let mastering = sideData(
            stream, AV_PKT_DATA_MASTERING_DISPLAY_METADATA, of: AVMasteringDisplayMetadata.self)?.first
            .flatMap(masteringDisplay)
        let light = sideData(stream, AV_PKT_DATA_CONTENT_LIGHT_LEVEL, of: AVContentLightMetadata.self)?.first
            .map { ContentLight(maximum: Int($0.MaxCLL), frameAverage: Int($0.MaxFALL)) }
        guard vision != nil || color.isHDR else { return nil }
        let format: HDRDescription.Format =
            vision != nil ? .dolbyVision : color.isHLG ? .hlg : mastering != nil ? .hdr10 : .pq
        return HDRDescription(
            format: format, mastering: mastering, contentLight: light,
            dolbyVisionProfile: vision.map { Int($0.dv_profile) },
            dolbyVisionCompatibility: vision.map { Int($0.dv_bl_signal_compatibility_id) })
    }

    private func describeAudio(_ parameters: AVCodecParameters) -> AudioDescription {
        let channels = Int(parameters.ch_layout.nb_channels)
        let bits = max(Int(parameters.bits_per_raw_sample), Int(av_get_bits_per_sample(parameters.codec_id)))
        let isUnordered = parameters.ch_layout.order == AV_CHANNEL_ORDER_UNSPEC
        return AudioDescription(
            sampleRate: Int(parameters.sample_rate), channels: channels,
            layout: isUnordered ? counted(channels, "channel") : LibAV.describe(parameters.ch_layout),
            sampleFormat: string(av_get_sample_fmt_name(AVSampleFormat(parameters.format))) ?? "unknown",
            bitsPerSample: bits > 0 ? bits : nil)
    }

    private func sideData<T>(
        _ stream: UnsafeMutablePointer<AVStream>, _ type: AVPacketSideDataType, of: T.Type
    ) -> [T]? {
        var size = 0
        guard let data = av_stream_get_side_data(stream, type, &size), size >= MemoryLayout<T>.size else {
            return nil
        }
        let count = size / MemoryLayout<T>.stride
        return (0..<max(1, count)).map {
            UnsafeRawPointer(data).loadUnaligned(fromByteOffset: $0 * MemoryLayout<T>.stride, as: T.self)
        }
    }
}

extension MediaDescription {
    /// Parts of a Matroska file that keep its timestamps say where they end, not how long they are (`ffmpeg -copyts`).
    fileprivate mutating func forgetLead() {
        let unit = MediaTime.microsecond
        guard format.hasPrefix("matroska"), let start = start?.rescaled(to: unit), start.ticks >= 500_000,
            let end = duration?.rescaled(to: unit), start < end
        else { return }
        duration = end - start
    }
}

func masteringDisplay(_ value: AVMasteringDisplayMetadata) -> MasteringDisplay? {
    guard value.has_primaries != 0, value.has_luminance != 0 else { return nil }
    let p = value.display_primaries
    let points = [
        p.0.0, p.0.1, p.1.0, p.1.1, p.2.0, p.2.1, value.white_point.0, value.white_point.1,
    ]
    return MasteringDisplay(
        chromaticities: points.map { Rational($0) ?? Rational(0) },
        minimumLuminance: Rational(value.min_luminance) ?? Rational(0),
        maximumLuminance: Rational(value.max_luminance) ?? Rational(0))
}

extension Frame {
    /// The mastering display that the stream itself names.
    package var mastering: MasteringDisplay? {
        sideData(AV_FRAME_DATA_MASTERING_DISPLAY_METADATA, of: AVMasteringDisplayMetadata.self)
            .flatMap(masteringDisplay)
    }

    package var contentLight: ContentLight? {
        sideData(AV_FRAME_DATA_CONTENT_LIGHT_LEVEL, of: AVContentLightMetadata.self)
            .map { ContentLight(maximum: Int($0.MaxCLL), frameAverage: Int($0.MaxFALL)) }
    }

    private func sideData<T>(_ type: AVFrameSideDataType, of: T.Type) -> T? {
        guard let item = av_frame_get_side_data(pointer, type), item.pointee.size >= MemoryLayout<T>.size else {
            return nil
        }
        return UnsafeRawPointer(item.pointee.data).loadUnaligned(as: T.self)
    }
}

/// A colour property by libav's name; `nil` where the file does not say.
private func name<T: RawRepresentable>(_ value: T, _ text: (T) -> UnsafePointer<CChar>?) -> String? {
    guard let name = string(text(value)), name != "unknown", name != "reserved", name != "unspecified" else {
        return nil
    }
    return name
}

private func kind(of type: AVMediaType) -> StreamDescription.Kind {
    switch type {
    case AVMEDIA_TYPE_VIDEO: .video
    case AVMEDIA_TYPE_AUDIO: .audio
    case AVMEDIA_TYPE_SUBTITLE: .subtitle
    case AVMEDIA_TYPE_DATA: .data
    case AVMEDIA_TYPE_ATTACHMENT: .attachment
    default: .unknown
    }
}

private func fieldOrder(_ order: AVFieldOrder) -> FieldOrder {
    switch order {
    case AV_FIELD_PROGRESSIVE: .progressive
    case AV_FIELD_TT, AV_FIELD_TB: .topFirst
    case AV_FIELD_BB, AV_FIELD_BT: .bottomFirst
    default: .unknown
    }
}

/// The title of a track of MP4, where players and libav itself look for it: the handler's name, unless that
/// is a program's own.
private func handlerTitle(_ name: String?) -> String? {
    guard let name, !name.isEmpty else { return nil }
    let lower = name.lowercased()
    let programs = [
        "handle", "core media", "media file", "apple", "gpac", "l-smash", "bento4", "mainconcept", "imported",
    ]
    return programs.contains(where: lower.contains) ? nil : name
}

private func tagText(_ tag: UInt32) -> String? {
    guard tag != 0 else { return nil }
    let bytes = (0..<4).map { UInt8(truncatingIfNeeded: tag >> (8 * $0)) }
    guard bytes.allSatisfy({ $0 >= 32 && $0 < 127 }) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
}

private func dispositions(_ bits: Int32) -> [String] {
    (0..<31).compactMap { bit in
        bits & (1 << bit) != 0 ? string(av_disposition_to_string(1 << bit)) : nil
    }
}

/// libav's disposition bits of our names; unknown names are left out.
func dispositionBits(_ names: [String]) -> Int32 {
    names.reduce(0) { bits, name in
        let bit = av_disposition_from_string(name)
        return bit > 0 ? bits | bit : bits
    }
}

private func sampling(_ format: AVPixFmtDescriptor) -> String {
    if format.flags & UInt64(AV_PIX_FMT_FLAG_RGB) != 0 { return "rgb" }
    if format.flags & UInt64(AV_PIX_FMT_FLAG_PAL) != 0 { return "palette" }
    if format.nb_components < 3 { return "gray" }
    switch (format.log2_chroma_w, format.log2_chroma_h) {
    case (0, 0): return "4:4:4"
    case (1, 0): return "4:2:2"
    case (1, 1): return "4:2:0"
    case (2, 0): return "4:1:1"
    case (0, 1): return "4:4:0"
    case (2, 2): return "4:1:0"
    default: return "other"
    }
}

/// A codec's level as its standard writes it; `nil` where it has none.
func levelText(codec: String, level: Int) -> String? {
    guard level > 0 else { return nil }
    switch codec {
    case "h264": return level == 9 ? "1b" : "\(level / 10).\(level % 10)"  // ISO/IEC 14496-10, A.3
    case "hevc": return "\(level / 30).\(level % 30 / 3)"  // ISO/IEC 23008-2: general_level_idc = 30 × level
    case "av1": return "\(2 + (level >> 2)).\(level & 3)"  // AV1, A.3: X = 2 + (idx >> 2), Y = idx & 3
    case "vp9": return "\(level / 10).\(level % 10)"
    default: return "\(level)"
    }
}
