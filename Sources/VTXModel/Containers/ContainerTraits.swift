// What each container holds, as a table. Codecs and muxers by libav's names.

/// What is particular to one container. Facts; choosing is planning's work.
package struct ContainerTraits: Sendable {
    /// The name as text for people writes it: `WebM`.
    package var title: String
    /// libavformat's name of the muxer.
    package var muxer: String
    package var isAudioOnly = false
    /// Whether it belongs to the MP4 family: sample tables, edit lists, `hvc1`, `mov_text`.
    package var isISO = false
    /// Whether the format stores a timestamp for each frame.
    package var hasTimestamps = true
    /// Codecs that vtx writes into it, the one to choose first in front.
    package var audioCodecs: [AudioCodec]
    /// Audio tracks at most; `nil` for no limit worth naming.
    package var mostAudioTracks: Int?
    /// Sample rates of a codec from which on it works in this container, in Hz.
    package var lowestSampleRates: [AudioCodec: Int] = [:]
    /// Codecs whose packets go in as they are.
    package var copyableVideo = CopyableCodecs.some([])
    package var copyableAudio: CopyableCodecs
    /// `nil`: no subtitles.
    package var subtitles: SubtitleTraits?
    package var hasChapters = true
    /// Whether libavformat 59 writes attached pictures; to .mov it silently does not.
    package var hasCoverArt = false
    /// How cover art is written that `hasCoverArt` does not stand for; `nil`: not at all.
    package var otherCover: CoverForm?
    /// How cover art is written; `nil`: not at all.
    package var coverForm: CoverForm? { hasCoverArt ? .picture : otherCover }
    /// Whether it holds attached files, such as fonts.
    package var hasAttachments = false
    /// Whether its languages are ISO 639-2's bibliographic codes only (`ger`, not `deu`); libav leaves out others.
    package var hasLibraryLanguages = false
    /// The tags that it has a place for, in lower case; `nil` for any.
    package var tags: Set<String>?
    /// Whether libavformat 59 writes projections and stereo modes of video.
    package var hasSpatialVideo = false
    /// How it is written where nothing that was written can be changed any more: in a pipe.
    package var streaming = StreamingForm.whole
}

/// What becomes of a container that is written from its beginning to its end.
package enum StreamingForm: Hashable, Sendable {
    /// Nothing is missing.
    case whole
    /// In fragments, each with its own index.
    case fragmented
    /// Something is missing, in words: `an index`.
    case lacking(String)
    /// It cannot be written so.
    case impossible
}

/// Codecs that a container takes without encoding.
package enum CopyableCodecs: Hashable, Sendable {
    /// Nearly all.
    case all
    case some([String])

    /// Whether packets of `codec` go in; `none` stands for a codec that libav does not know.
    package func contains(_ codec: String) -> Bool {
        switch self {
        case .all: codec != "none"
        case .some(let list): list.contains(codec)
        }
    }

    /// The codecs to name; empty where nearly all go in.
    package var list: [String] {
        if case .some(let list) = self { list } else { [] }
    }
}

/// The subtitles that a container holds.
package struct SubtitleTraits: Hashable, Sendable {
    /// Forms of text; what has another form becomes the first one.
    package var text: [SubtitleCodec]
    /// Bitmap codecs, by libav's names.
    package var bitmaps: Set<String> = []

    package init(text: [SubtitleCodec], bitmaps: Set<String> = []) {
        self.text = text
        self.bitmaps = bitmaps
    }
}

extension Container {
    /// All that is particular to the container.
    package var traits: ContainerTraits {
        switch self {
        case .mp4: .mp4(title: "MP4")
        case .m4v: .mp4(title: "M4V")
        case .mov: .mov
        case .webm: .webm
        case .mkv: .mkv
        case .avi: .avi
        case .ts: .ts
        case .m4a: .m4a
        case .mp3: .mp3
        case .ogg: .ogg
        case .opus: .opus
        case .flac: .flac
        case .wav: .wav
        }
    }
}

extension ContainerTraits {
    fileprivate static func mp4(title: String) -> ContainerTraits {
        ContainerTraits(
            title: title, muxer: "mp4", isISO: true, audioCodecs: [.aac, .ac3, .eac3, .opus, .mp3, .flac],
            copyableVideo: .some(["h264", "hevc", "av1", "vp9", "mpeg4", "mpeg2video", "mpeg1video", "mjpeg"]),
            copyableAudio: .some(["aac", "ac3", "eac3", "mp3", "mp2", "opus", "flac", "alac", "dts"]),
            subtitles: SubtitleTraits(text: [.movText]), hasCoverArt: true, hasSpatialVideo: true,
            streaming: .fragmented)
    }

    fileprivate static let mov = ContainerTraits(
        title: "MOV", muxer: "mov", isISO: true, audioCodecs: [.aac, .ac3, .eac3, .mp3, .pcm],
        copyableVideo: .some([
            "h264", "hevc", "mpeg4", "mpeg2video", "mpeg1video", "mjpeg", "prores", "dnxhd", "dvvideo", "h263", "svq3",
            "cinepak", "qtrle", "png", "jpeg2000", "rawvideo",
        ]),
        copyableAudio: .some([
            "aac", "ac3", "eac3", "mp3", "mp2", "alac", "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be", "pcm_s32le",
            "pcm_s32be", "pcm_f32le", "pcm_f32be", "pcm_mulaw", "pcm_alaw", "adpcm_ima_qt",
        ]),
        subtitles: SubtitleTraits(text: [.movText]), hasLibraryLanguages: true, streaming: .fragmented)

    fileprivate static let webm = ContainerTraits(
        title: "WebM", muxer: "webm", audioCodecs: [.opus], copyableVideo: .some(["vp8", "vp9", "av1"]),
        copyableAudio: .some(["opus", "vorbis"]), subtitles: SubtitleTraits(text: [.webvtt]),
        streaming: .lacking("an index"))

    fileprivate static let mkv = ContainerTraits(
        title: "MKV", muxer: "matroska", audioCodecs: [.aac, .opus, .ac3, .eac3, .mp3, .flac, .pcm],
        copyableVideo: .all, copyableAudio: .all,
        subtitles: SubtitleTraits(
            text: [.subrip, .ass], bitmaps: ["hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle"]),
        otherCover: .attachment, hasAttachments: true, hasSpatialVideo: true, streaming: .lacking("an index"))

    fileprivate static let avi = ContainerTraits(
        title: "AVI", muxer: "avi", hasTimestamps: false, audioCodecs: [.mp3, .ac3, .aac, .pcm],
        // AVI keeps no encoder delay: the 1105 samples of LAME stay under one frame (1152 samples) only for
        // MPEG-1's rates, and libav's AVI times MPEG-2.5 frames (8 to 12 kHz) at twice their length.
        lowestSampleRates: [.mp3: 32_000],
        copyableVideo: .some([
            "mpeg4", "h264", "mjpeg", "mpeg2video", "mpeg1video", "dvvideo", "msmpeg4v2", "msmpeg4v3", "h263",
            "huffyuv", "ffvhuff", "ffv1", "cinepak", "wmv3", "vc1",
        ]),
        copyableAudio: .some(["mp3", "mp2", "ac3", "aac", "pcm_s16le", "pcm_u8", "dts", "adpcm_ms", "wmav2"]),
        hasChapters: false, tags: listedTags, streaming: .impossible)

    // ISO/IEC 13818-1. Its text is teletext, which libav does not write; of its tags libav writes the name of a service.
    fileprivate static let ts = ContainerTraits(
        title: "MPEG-TS", muxer: "mpegts", audioCodecs: [.aac, .ac3, .eac3, .mp3],
        copyableVideo: .some(["h264", "hevc", "mpeg2video", "mpeg1video", "mpeg4"]),
        copyableAudio: .some(["aac", "ac3", "eac3", "mp3", "mp2", "dts"]),
        subtitles: SubtitleTraits(text: [], bitmaps: ["dvb_subtitle"]), hasChapters: false, tags: [])

    fileprivate static let m4a = ContainerTraits(
        title: "M4A", muxer: "ipod", isAudioOnly: true, isISO: true, audioCodecs: [.aac, .ac3],
        copyableAudio: .some(["aac", "alac", "ac3"]), hasCoverArt: true, streaming: .fragmented)

    fileprivate static let mp3 = ContainerTraits(
        title: "MP3", muxer: "mp3", isAudioOnly: true, hasTimestamps: false, audioCodecs: [.mp3], mostAudioTracks: 1,
        copyableAudio: .some(["mp3"]), hasCoverArt: true,
        streaming: .lacking("the header that tells the duration and hides the encoder's delay"))

    fileprivate static let ogg = ContainerTraits(
        title: "Ogg", muxer: "ogg", isAudioOnly: true, audioCodecs: [.opus, .flac],
        copyableAudio: .some(["opus", "vorbis", "flac", "speex"]), otherCover: .tag)

    fileprivate static let opus = ContainerTraits(
        title: "Opus", muxer: "opus", isAudioOnly: true, audioCodecs: [.opus], copyableAudio: .some(["opus"]),
        otherCover: .tag)

    fileprivate static let flac = ContainerTraits(
        title: "FLAC", muxer: "flac", isAudioOnly: true, hasTimestamps: false, audioCodecs: [.flac],
        mostAudioTracks: 1, copyableAudio: .some(["flac"]), hasChapters: false, hasCoverArt: true,
        streaming: .lacking("its duration"))

    fileprivate static let wav = ContainerTraits(
        title: "WAV", muxer: "wav", isAudioOnly: true, hasTimestamps: false, audioCodecs: [.pcm], mostAudioTracks: 1,
        copyableAudio: .some([
            "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_u8", "pcm_mulaw", "pcm_alaw", "adpcm_ms",
        ]), hasChapters: false, tags: listedTags, streaming: .lacking("its duration"))
}
