// What is asked of a video track, in files and packages.

import VTXModel

/// Options of one video track; `nil` means: decide from the source and the target.
struct VideoTrackOptions {
    var preset: Preset
    var choice = VideoChoice.automatic
    /// Source stream index (absolute).
    var stream: Int?

    /// Constant rate factor on the encoder's scale.
    var crf: Double?
    /// Bits per second.
    var bitRate: Int64?
    /// Bits per second; alone it caps a CRF encode.
    var maximumBitRate: Int64?
    var twoPass = false
    var speed: String?
    var encoderOptions: [String: String] = [:]
    var encoder = EncoderChoice.software

    var fit: VideoFit?
    var frameRate: Rational?
    /// Seconds between key frames.
    var gopDuration: Rational?
    var pixelFormat: String?
    var hdr = HDRChoice.toneMap
    var deinterlace = DeinterlaceChoice.automatic
    /// Whether `.automatic` also undoes 3:2 pulldown.
    var removesPulldown = false
    var filters = FilterOptions()
    var captions = CaptionChoice.keep
    /// Subtitle to draw into the video.
    var burn: BurnChoice?
    /// What burnt text that is not UTF-8 is in, by iconv's name.
    var textEncoding: String?

    /// Where the source can be cut, for a mode that copies; `nil` before anybody looked.
    var cutPoints: CutPoints?
    /// Threads of the encoder; `nil`: chosen automatically.
    var threads: Int?
    /// Cores of the machine.
    var cores = 2
}

extension VideoTrackOptions {
    /// The options that only an encoder can follow.
    var needingEncoder: [(setting: Setting, isSet: Bool)] { needingVideo + filters.ofBoth }

    /// Those that nothing but the video can follow.
    var needingVideo: [(setting: Setting, isSet: Bool)] {
        [
            (.crf, crf != nil), (.bitRate, bitRate != nil), (.maximumBitRate, maximumBitRate != nil),
            (.twoPass, twoPass), (.speed, speed != nil), (fit?.setting ?? .size, fit != nil),
            (.frameRate, frameRate != nil),
            (.keyFrameInterval, gopDuration != nil), (.pixelFormat, pixelFormat != nil),
            (.deinterlacing, [.frame, .field, .pulldown].contains(deinterlace)), (.burnSubtitle, burn != nil),
            (.captions, captions != .keep), (.encoder, encoder != .software),
            (.encoderOption, !encoderOptions.isEmpty),
        ] + filters.ofVideo
    }

    /// What the preset says about a codec.
    func preset(of codec: VideoCodec) -> Preset.Video { preset.video[codec] ?? Preset.medium.video[codec]! }
}
