// What the user asked for, before anything is known about the source.

public import VTXModel

/// Options of one transcode. Every `nil` means: decide from the source and the container.
public struct TranscodeOptions: Hashable, Sendable {
    /// Path of the output.
    public var output: String
    /// `nil`: from the output's extension.
    public var container: Container?
    /// Quality settings.
    public var preset: Preset
    /// Program of a transport stream (`program_number`); `nil`: the first one with video, or else audio.
    public var program: Int?
    /// Video codec, `copy` or `none`.
    public var video: VideoChoice = .automatic
    /// Source stream index (absolute).
    public var videoStream: Int?
    /// Audio codec; by default the first one of the container.
    public var audioCodec: AudioChoice = .automatic
    /// Audio tracks to take.
    public var audioTracks: TrackSelection = .automatic
    /// Subtitle tracks to take.
    public var subtitleTracks: TrackSelection = .automatic
    /// Subtitle files to add.
    public var subtitleFiles: [SubtitleFile] = []
    /// What subtitles that are not UTF-8 are in, by iconv's name; `nil`: what is detected.
    public var subtitleEncoding: String?
    /// Subtitle to draw into the video.
    public var burn: BurnChoice?

    /// Constant rate factor on the encoder's scale.
    public var crf: Double?
    /// Bits per second.
    public var bitRate: Int64?
    /// Bits per second; alone it caps a CRF encode.
    public var maximumBitRate: Int64?
    /// Encodes twice to spread `bitRate` better.
    public var twoPass = false
    /// Bytes of the output; bit rates follow from it. `nil`: the limit of the preset, if it has one.
    public var targetSize: Int64?
    /// Speed preset, as the encoder names it.
    public var speed: String?
    /// `nil`: the source's size in square pixels.
    public var fit: VideoFit?
    /// Makes the rate constant.
    public var frameRate: Rational?
    /// Seconds between key frames, with closed GOPs and key frames nowhere else; `nil`: where the encoder likes.
    public var gopDuration: Rational?
    /// libav's name; `nil` for 8-bit 4:2:0.
    public var pixelFormat: String?
    /// What happens to HDR; `nil`: it is mapped to BT.709, unless the preset's purpose keeps it.
    public var hdr: HDRChoice?
    /// When to deinterlace.
    public var deinterlace: DeinterlaceChoice = .automatic
    /// Filters by name.
    public var filters = FilterOptions()
    /// What happens to closed captions inside the video.
    public var captions: CaptionChoice = .keep

    /// Tags, chapters and cover art.
    public var tags = TagOptions()

    /// From the earliest start of the tracks that are used.
    public var start: MediaTime?
    /// Counted like `start`.
    public var end: MediaTime?
    /// Counted from `start`; not together with `end`.
    public var duration: MediaTime?

    /// How the part is cut out; `nil`: exactly, by encoding.
    public var cutMode: CutMode?
    /// Where the source can be cut, for a mode that copies; `nil` before anybody looked.
    package var cutPoints: CutPoints?

    /// Seconds of the source in a second of the output, 0.25 to 8; `nil`: 1.
    public var speedUp: Rational?

    /// Channel layout.
    public var channels: ChannelChoice = .keep
    /// Hz.
    public var sampleRate: Int?
    /// Bits per second of each audio track.
    public var audioBitRate: Int64?
    /// LUFS.
    public var loudness: Double?

    /// Seconds per chunk; `nil`: what suits the source, 0: all of it is one.
    public var chunkDuration: Rational?
    /// Threads of each encoder; `nil`: chosen automatically.
    public var threads: Int?
    /// Cores of the machine.
    public var cores: Int = 2
    /// Further options of the video encoder, in libav's names.
    public var encoderOptions: [String: String] = [:]

    /// Whether hardware encodes.
    public var encoder: EncoderChoice = .software

    /// Paths of the files that are read beside the source.
    public var otherInputs: [String] {
        (subtitleFiles + [burn?.file].compactMap(\.self)).map(\.path) + filters.inputs + tags.files
    }

    /// The value made of its parts; what is left out is as its declaration says.
    public init(output: String, preset: Preset = .medium, container: Container? = nil) {
        self.output = output
        self.preset = preset
        self.container = container
    }
}

extension TranscodeOptions {
    /// What is asked of the video track.
    var videoTrack: VideoTrackOptions {
        VideoTrackOptions(
            preset: preset, choice: video, stream: videoStream, crf: crf, bitRate: bitRate,
            maximumBitRate: maximumBitRate, twoPass: twoPass, speed: speed, encoderOptions: encoderOptions,
            encoder: encoder, fit: fit, frameRate: frameRate, gopDuration: gopDuration, pixelFormat: pixelFormat,
            hdr: hdr ?? .toneMap, deinterlace: deinterlace, filters: filters, captions: captions, burn: burn,
            textEncoding: subtitleEncoding, cutPoints: cutPoints, threads: threads, cores: cores)
    }

    /// What is asked of the audio tracks.
    var audioTrack: AudioTrackOptions {
        AudioTrackOptions(
            preset: preset, codec: audioCodec, tracks: audioTracks, channels: channels, sampleRate: sampleRate,
            bitRate: audioBitRate, loudness: loudness, filters: filters)
    }

    /// What is asked of the subtitle tracks.
    var textTrack: TextTrackOptions {
        TextTrackOptions(tracks: subtitleTracks, files: subtitleFiles, encoding: subtitleEncoding, burn: burn?.track)
    }

    /// The part of the source that is used.
    var cut: CutOptions { CutOptions(start: start, end: end, duration: duration, speed: speedUp ?? Rational(1)) }
}
