// One decoded video frame, or a run of audio samples.

import CLibAV
package import VTXModel

/// The only owner of an `AVFrame`.
package struct Frame: ~Copyable, @unchecked Sendable {
    // @unchecked: uniquely owned, and libav counts buffer references atomically.
    let pointer: UnsafeMutablePointer<AVFrame>

    package init() {
        guard let pointer = av_frame_alloc() else { fatalError("out of memory for a frame") }
        self.pointer = pointer
    }

    deinit {
        var pointer: UnsafeMutablePointer<AVFrame>? = pointer
        av_frame_free(&pointer)
    }

    /// A transparent frame of `size` in RGBA.
    package init(blank size: PixelSize) throws(AVFailure) {
        self.init()
        pointer.pointee.format = AV_PIX_FMT_RGBA.rawValue
        pointer.pointee.width = Int32(size.width)
        pointer.pointee.height = Int32(size.height)
        try check(av_frame_get_buffer(pointer, 0), "allocate a frame")
    }

    /// Makes an RGBA frame fully transparent.
    package func clearPicture() {
        guard let data = pointer.pointee.data.0 else { return }
        let size = Int(pointer.pointee.linesize.0) * Int(pointer.pointee.height)
        UnsafeMutableRawPointer(data).initializeMemory(as: UInt8.self, repeating: 0, count: size)
    }

    package var time: Int64? {
        get { known(pointer.pointee.pts) }
        nonmutating set { pointer.pointee.pts = newValue ?? vtx_no_timestamp }
    }
    /// 0 if unknown; same unit as `time`.
    package var duration: Int64 {
        get { vtx_frame_duration(pointer) }
        nonmutating set { vtx_frame_set_duration(pointer, newValue) }
    }

    package var shape: FrameShape {
        FrameShape(
            size: PixelSize(Int(pointer.pointee.width), Int(pointer.pointee.height)),
            pixelFormat: PixelFormat.name(AVPixelFormat(pointer.pointee.format)))
    }
    /// Whether one field is shown again after the frame.
    package var repeatsField: Bool { pointer.pointee.repeat_pict == 1 }
    package var isInterlaced: Bool { vtx_frame_is_interlaced(pointer) != 0 }
    package var isTopFieldFirst: Bool { vtx_frame_is_top_first(pointer) != 0 }
    /// Decoded from damaged data, or with pieces made up.
    package var isDamaged: Bool {
        pointer.pointee.flags & AV_FRAME_FLAG_CORRUPT != 0 || pointer.pointee.decode_error_flags != 0
    }

    /// Width over height of a pixel, as the stream itself says it; `nil` if it does not, or says nonsense.
    package var sampleAspectRatio: Rational? { pixelShape(pointer.pointee.sample_aspect_ratio) }

    /// Audio samples per channel.
    package var samples: Int { Int(pointer.pointee.nb_samples) }
    package var sampleRate: Int { Int(pointer.pointee.sample_rate) }

    /// What filters left on the frame under `key`.
    package func metadata(_ key: String) -> String? {
        av_dict_get(pointer.pointee.metadata, key, nil, 0).flatMap { string($0.pointee.value) }
    }

    /// Lets the encoder choose the frame type: the decoder's types would force the encoder's.
    package func clearFrameType() {
        pointer.pointee.pict_type = AV_PICTURE_TYPE_NONE
        pointer.pointee.key_frame = 0
    }

    /// Asks the encoder for a key frame, or for one that is predicted from earlier ones.
    package func chooseFrameType(isKey: Bool) {
        pointer.pointee.pict_type = isKey ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_P
    }

    /// A second owner of the same data.
    package func copy() throws(AVFailure) -> Frame {
        let copy = Frame()
        try check(av_frame_ref(copy.pointer, pointer), "reference a frame")
        return copy
    }
}

extension Frame {
    /// What has to stay the same from frame to frame for a audio filter chain to stay valid.
    package var audioFormat: String {
        "\(pointer.pointee.sample_rate) \(pointer.pointee.format) \(describe(pointer.pointee.ch_layout))"
    }
}

extension Frame {
    /// Silence of one channel.
    ///
    /// - Parameters:
    ///   - samples: how many.
    ///   - format: libav's sample format.
    init(monoSilence samples: Int, rate: Int32, format: Int32) throws(AVFailure) {
        self.init()
        pointer.pointee.format = format
        pointer.pointee.sample_rate = rate
        pointer.pointee.nb_samples = Int32(samples)
        av_channel_layout_default(&pointer.pointee.ch_layout, 1)
        try check(av_frame_get_buffer(pointer, 0), "allocate silence")
        try check(
            av_samples_set_silence(
                pointer.pointee.extended_data, 0, Int32(samples), 1, AVSampleFormat(pointer.pointee.format)),
            "make silence")
    }

    /// Silence in the format of `other`, `samples` long.
    package init(silenceLike other: borrowing Frame, samples: Int) throws(AVFailure) {
        self.init()
        pointer.pointee.format = other.pointer.pointee.format
        pointer.pointee.sample_rate = other.pointer.pointee.sample_rate
        pointer.pointee.nb_samples = Int32(samples)
        try check(av_channel_layout_copy(&pointer.pointee.ch_layout, &other.pointer.pointee.ch_layout), "copy a layout")
        try check(av_frame_get_buffer(pointer, 0), "allocate silence")
        try check(
            av_samples_set_silence(
                pointer.pointee.extended_data, 0, Int32(samples), pointer.pointee.ch_layout.nb_channels,
                AVSampleFormat(pointer.pointee.format)), "make silence")
    }
}
