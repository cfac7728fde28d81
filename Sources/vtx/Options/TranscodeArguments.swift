// The options of `vtx transcode`, by subject.

import ArgumentParser
import VTXKit
import VTXModel
import VTXPlanning

struct VideoArguments: ParsableArguments {
    @Option(help: "Video codec; copy: no re-encode; none: no video.")
    var video: VideoChoice = .automatic

    @Option(help: ArgumentHelp("Index of the video stream to use.", valueName: "index"))
    var videoTrack: Int?

    @Option(help: ArgumentHelp("Constant rate factor on the encoder's scale; lower is better.", valueName: "n"))
    var crf: Double?

    @Option(help: ArgumentHelp("Average video bit rate, e.g. 2500k or 4M.", valueName: "rate"))
    var bitrate: BitRate?

    @Option(help: ArgumentHelp("Maximum video bit rate (VBV).", valueName: "rate"))
    var maxBitrate: BitRate?

    @Flag(help: "Two-pass encoding, to meet --bitrate more accurately.")
    var twoPass = false

    @Option(
        help: ArgumentHelp("Encoder speed: ultrafast...placebo, or a number for VP9 and AV1.", valueName: "name"),
        completion: .speeds(of: VideoCodec.allCases))
    var speed: String?

    @Option(
        help: """
            'software'; hardware: 'nvenc' (NVIDIA), 'qsv' (Intel), 'vaapi' (AMD, Intel); 'auto': hardware if any works \
            here. Hardware is faster and needs more bits for the same quality.
            """)
    var encoder: EncoderChoice = .software

    @Option(help: ArgumentHelp("Output height in pixels; keeps the aspect ratio.", valueName: "rows"))
    var height: Rows?

    @Option(
        help: ArgumentHelp(
            "Length of the shorter side in pixels: of mixed folders, landscape and portrait; never upscales.",
            valueName: "rows"))
    var resolution: Rows?

    @Option(help: ArgumentHelp("Exact output size; adds black bars if the aspect ratio differs.", valueName: "WxH"))
    var size: PixelSize?

    @Option(help: ArgumentHelp("Maximum output size; never upscales.", valueName: "WxH"))
    var fit: PixelSize?

    @Option(help: ArgumentHelp("Constant frame rate, e.g. 25, 29.97 or 30000/1001.", valueName: "rate"))
    var fps: Rational?

    @Option(
        help: ArgumentHelp(
            "Fixed keyframe interval in seconds (no scene-cut keyframes); needed for vtx package.", valueName: "s"))
    var gop: Seconds?

    @Option(
        help: ArgumentHelp("Pixel format, e.g. yuv420p10le for 10 bits.", valueName: "name"),
        completion: .pixelFormats)
    var pixelFormat: String?

    @Option(help: "HDR handling (default: tonemap; presets for a purpose may keep it).")
    var hdr: HDRChoice?

    @Option(
        help: """
            Deinterlacing: 'auto' if the video is interlaced; 'frame' always, one frame per frame; 'field' always, one \
            frame per field (doubles the frame rate); 'pulldown' restores 23.976 fps from film at 29.97 fps.
            """)
    var deinterlace: DeinterlaceChoice = .automatic

    @Option(
        name: .customLong("option"),
        help: ArgumentHelp("Video encoder option; may be repeated.", valueName: "key=value"))
    var options: [KeyValue] = []

    func validate() throws {
        if [height != nil, resolution != nil, size != nil, fit != nil].count(where: { $0 }) > 1 {
            throw ValidationError("--height, --resolution, --size and --fit cannot be combined")
        }
        if let fps, !fps.isPositive || fps > Rational(240) {
            throw ValidationError("--fps must be above 0 and at most 240")
        }
        if let gop = gop?.value, !gop.isPositive || gop > Rational(600) {
            throw ValidationError("--gop must be above 0 and at most 600")
        }
    }
}

struct AudioArguments: ParsableArguments {
    @Option(help: "Audio codec; copy: no re-encode; none: no audio.")
    var audioCodec: AudioChoice = .automatic

    @Option(
        help: ArgumentHelp(
            "Audio tracks by number (from 1) or language: eng,2 · all · none; 1+2 joins mono tracks.",
            valueName: "tracks"))
    var audio: String?

    @Option(help: "Channel layout.")
    var channels: ChannelChoice = .keep

    @Option(help: ArgumentHelp("Sample rate in Hz.", valueName: "hz"))
    var sampleRate: SampleRate?

    @Option(help: ArgumentHelp("Bit rate of each audio track, e.g. 192k.", valueName: "rate"))
    var audioBitrate: BitRate?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Target loudness in LUFS (EBU R 128), e.g. -16; peaks stay below -1 dBTP.", valueName: "lufs"))
    var loudness: Double?
}

struct SubtitleArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Subtitle tracks by number or language, all or none.", valueName: "tracks"))
    var subtitles: String?

    @Option(
        help: ArgumentHelp("Subtitle file to add; may be repeated.", valueName: "[lang:]file"), completion: .file())
    var subtitleFile: [SubtitleFileArgument] = []

    @Option(
        help: ArgumentHelp("Encoding of subtitles that are not UTF-8 (default: detected).", valueName: "name"))
    var subtitleEncoding: TextEncodingArgument?

    @Option(
        help: """
            Closed captions inside the video (CEA-608, CEA-708): 'keep' them in the video, make a text track ('webvtt'), \
            or 'drop' them.
            """)
    var captions: CaptionChoice = .keep

    @Option(
        help: ArgumentHelp(
            "Burn subtitles into the video: track N (counted from 1) of the source, or a subtitle file.",
            valueName: "n|file"), completion: .file())
    var burn: BurnChoice?
}

struct CutArguments: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Start time in the source: 90, h:mm:ss or 1m30s.", valueName: "time"))
    var start: MediaTime?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("End time in the source.", valueName: "time"))
    var end: MediaTime?

    @Option(parsing: .unconditional, help: ArgumentHelp("Duration of the output.", valueName: "time"))
    var duration: MediaTime?

    @Option(
        help: """
            'exact': to the frame, by encoding; 'keyframe': without encoding, from the keyframe at or before the start; \
            'smart': to the frame, encoding only what is not whole groups of frames (default: exact).
            """)
    var cut: CutMode?

    @Option(
        help: ArgumentHelp("Play at this many times the speed, 0.25 to 8; audio keeps its pitch.", valueName: "speed"))
    var speedUp: Rational?
}

extension TranscodeOptions {
    /// The options that were typed.
    init(
        output: String, preset: Preset, container: Container?, video: VideoArguments, audio: AudioArguments,
        threads: Int?
    ) throws {
        self.init(output: output, preset: preset, container: container)
        self.video = video.video
        videoStream = video.videoTrack
        crf = video.crf
        bitRate = video.bitrate?.value
        maximumBitRate = video.maxBitrate?.value
        twoPass = video.twoPass
        speed = video.speed
        encoder = video.encoder
        fit =
            video.height.map { VideoFit.height($0.value) } ?? video.resolution.map { VideoFit.shortSide($0.value) }
            ?? video.size.map(VideoFit.size) ?? video.fit.map(VideoFit.box)
        frameRate = video.fps
        gopDuration = video.gop?.value
        pixelFormat = video.pixelFormat
        hdr = video.hdr
        deinterlace = video.deinterlace
        for option in video.options {
            guard encoderOptions.updateValue(option.value, forKey: option.key) == nil else {
                throw VTXError(.usage, "--option \(option.key) is given twice")
            }
        }
        audioCodec = audio.audioCodec
        if let text = audio.audio { audioTracks = try TrackSelection(parsing: text) }
        channels = audio.channels
        sampleRate = audio.sampleRate?.value
        audioBitRate = audio.audioBitrate?.value
        loudness = audio.loudness
        self.threads = threads
        cores = processorCount
    }

    /// The same with subtitles, for a part of the source.
    init(
        output: String, preset: Preset, container: Container?, video: VideoArguments, audio: AudioArguments,
        subtitles: SubtitleArguments, cut: CutArguments, threads: Int?
    ) throws {
        try self.init(
            output: output, preset: preset, container: container, video: video, audio: audio, threads: threads)
        if let text = subtitles.subtitles { subtitleTracks = try TrackSelection(parsing: text) }
        subtitleFiles = subtitles.subtitleFile.map(\.file)
        subtitleEncoding = subtitles.subtitleEncoding?.name
        captions = subtitles.captions
        burn = subtitles.burn
        start = cut.start
        end = cut.end
        duration = cut.duration
        cutMode = cut.cut
        speedUp = cut.speedUp
    }
}
