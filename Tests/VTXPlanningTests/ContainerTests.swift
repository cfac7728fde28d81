import Testing
import VTXModel
import VTXPlanning

@Suite("Containers and codecs")
struct ContainerTests {
    @Test(
        "The extension chooses container, codecs and muxer options",
        arguments: [
            ("out.mp4", "libx264", "aac"), ("out.MOV", "libx264", "aac"),
            ("out.webm", "libvpx-vp9", "libopus"),
            ("out.mkv", "libx264", "aac"), ("out.avi", "mpeg4", "libmp3lame"),
        ])
    func defaults(output: String, videoEncoder: String, audioEncoder: String) throws {
        let made = try plan(media(picture(), audio()), to: output)
        #expect(made.video?.encode?.encoder == videoEncoder)
        #expect(made.audio.first?.encode?.encoder == audioEncoder)
        #expect(made.muxerOptions["movflags"] == (made.container.isISO ? "+faststart" : nil))
    }

    @Test(
        "A name without a known extension is refused with the known ones",
        arguments: [
            "out", "out.", "dir.mp4/out", "out.xyz",
        ])
    func unknownExtension(output: String) {
        let error = refusal(media(picture()), to: output)
        #expect(error.kind == .usage)
        #expect(error.remedy?.contains(".mp4 ") == true)
    }

    @Test(
        "A codec that the container does not take is refused with those it takes",
        arguments: [
            ("out.webm", VideoCodec.h264, "vp9 or av1"), ("out.avi", .hevc, "mpeg4 or h264"),
            ("out.mov", .av1, "h264, hevc, mpeg4 or prores"),
        ])
    func impossiblePairs(output: String, codec: VideoCodec, possible: String) {
        let error = refusal(media(picture()), to: output) { $0.video = .codec(codec) }
        #expect(error.kind == .usage)
        #expect(error.remedy?.contains(possible) == true)
    }

    @Test("A missing video encoder is an error that names the present ones")
    func missingEncoder() {
        let few = Capabilities(encoders: ["libx265", "mpeg4", "aac"], filters: [])
        let error = refusal(media(picture()), few)
        #expect(error.kind == .unavailable)
        #expect(error.remedy?.contains("hevc, mpeg4") == true)
    }

    @Test("A missing audio encoder makes way for the next, which is said")
    func nextAudioEncoder() throws {
        let few = Capabilities(encoders: ["libx264", "ac3"], filters: [])
        let made = try plan(media(picture(), audio()), few)
        #expect(made.audio[0].encode?.codec == .ac3)
        #expect(made.says("audio 1: encoded as AC-3"))
    }

    @Test(
        "HEVC in MP4 and its kin is tagged for Apple's players, encoded or copied",
        arguments: [
            ("out.mp4", "hvc1"), ("out.mov", "hvc1"), ("out.mkv", nil),
        ] as [(String, String?)])
    func hevcTag(output: String, tag: String?) throws {
        let source = media(picture(codec: "hevc"))
        #expect(try plan(source, to: output) { $0.video = .codec(.hevc) }.video?.tag == tag)
        #expect(try plan(source, to: output) { $0.video = .copy }.video?.tag == tag)
    }

    @Test("Sources without audio or picture are bad media, whatever else they hold")
    func nothingToPlay() {
        let data = StreamDescription(index: 0, kind: .data, codec: "bin_data")
        var cover = picture(codec: "png", disposition: ["attached_pic"])
        cover.index = 1
        #expect(refusal(media(data)).kind == .badMedia)
        #expect(refusal(media(cover)).kind == .badMedia)
        #expect(refusal(media()).kind == .badMedia)
    }

    @Test("An audio-only container drops the video, and refuses a source that has nothing else")
    func audioOnly() throws {
        let made = try plan(media(picture(), audio()), to: "out.m4a")
        #expect(made.video == nil)
        #expect(made.audio.count == 1)
        #expect(made.says("video: dropped stream #0"))
        #expect(refusal(media(picture()), to: "out.m4a").kind == .usage)
        #expect(refusal(media(picture(), audio()), to: "out.m4a") { $0.crf = 20 }.kind == .usage)
        #expect(refusal(media(picture(), audio()), to: "out.m4a") { $0.video = .codec(.h264) }.kind == .usage)
    }

    @Test(
        "Cover art goes where the muxer writes it, and is said to be dropped elsewhere",
        arguments: [
            ("out.mp4", true), ("out.m4a", true), ("out.mp3", true), ("out.flac", true), ("out.mov", false),
        ])
    func coverArt(output: String, isKept: Bool) throws {
        let made = try plan(
            media(audio(0), picture(1, codec: "mjpeg", 600, 600, disposition: ["attached_pic"])), to: output)
        #expect(made.video == nil)
        #expect(made.attachments == (isKept ? [1] : []))
        #expect(made.says("cover art: dropped") == !isKept)
    }

    @Test("Fonts stay in Matroska, and data streams are dropped in one decision")
    func attachments() throws {
        let font = StreamDescription(index: 1, kind: .attachment, codec: "ttf")
        let data = [2, 3].map {
            StreamDescription(index: $0, kind: .data, codec: "bin_data", codecTag: "gpmd")
        }
        let source = media(picture(), font, data[0], data[1])
        #expect(try plan(source, to: "out.mkv").attachments == [1])
        let made = try plan(source)
        #expect(made.attachments.isEmpty)
        #expect(made.says("data: dropped streams #2 gpmd, #3 gpmd"))
    }

    @Test("Metadata of the old container stays behind")
    func metadata() throws {
        var source = media(picture())
        source.metadata = ["title": "Film", "major_brand": "isom", "ENCODER": "Lavf", "DURATION": "10"]
        #expect(try plan(source).metadata == ["title": "Film"])
    }

    @Test("FLAC in MP4 needs the muxer's leave")
    func flacInMP4() throws {
        #expect(
            try plan(media(audio(0)), to: "out.mp4") { $0.audioCodec = .codec(.flac) }
                .muxerOptions["strict"] == "experimental")
        #expect(
            try plan(media(audio(0, codec: "flac")), to: "out.mp4") { $0.audioCodec = .copy }
                .muxerOptions["strict"] == "experimental")
    }

    @Test("The plan reads as a few lines")
    func reading() throws {
        let source = media(picture(), audio(layout: "5.1(side)", channels: 6, language: "eng"))
        let made = try plan(source) { $0.fit = .height(720) }
        #expect(
            describePlan(made, source: source) == [
                "in.mkv → out.mp4",
                "output    .mp4 (mp4), 0:00:10.000",
                "video     #0 h264 1920x1080 → h264 (libx264) 1280x720 25 fps yuv420p crf 21 medium",
                "audio     #1 aac 48000 Hz 5.1(side) → aac (aac) 48000 Hz 5.1 384 kb/s [eng, default]",
            ])
    }
}

@Suite("Copying")
struct CopyTests {
    @Test(
        "Packets are copied where the container takes their codec",
        arguments: [
            ("h264", "out.mp4", true), ("vp9", "out.mp4", true), ("prores", "out.mov", true),
            ("prores", "out.mp4", false),
            ("vp9", "out.mov", false), ("vp8", "out.webm", true), ("h264", "out.webm", false),
            ("theora", "out.mkv", true),
            ("none", "out.mkv", false), ("dvvideo", "out.avi", true), ("hevc", "out.avi", false),
        ])
    func copiedVideo(codec: String, output: String, isPossible: Bool) throws {
        let source = media(picture(codec: codec))
        if isPossible {
            let made = try plan(source, to: output) { $0.video = .copy }
            #expect(made.video != nil && made.video?.encode == nil)
        } else {
            #expect(refusal(source, to: output) { $0.video = .copy }.kind == .usage)
        }
    }

    @Test(
        "Audio is copied where the container takes its codec",
        arguments: [
            ("aac", "out.mp4", true), ("vorbis", "out.mp4", false), ("vorbis", "out.webm", true),
            ("dts", "out.mkv", true),
            ("pcm_s24le", "out.wav", true), ("aac", "out.mp3", false),
        ])
    func copiedAudio(codec: String, output: String, isPossible: Bool) throws {
        let source = media(audio(0, codec: codec))
        if isPossible {
            #expect(try plan(source, to: output) { $0.audioCodec = .copy }.audio[0].encode == nil)
        } else {
            #expect(refusal(source, to: output) { $0.audioCodec = .copy }.kind == .usage)
        }
    }

    @Test(
        "Options that a copy cannot follow are refused, not ignored",
        arguments: [
            { $0.crf = 20 }, { $0.bitRate = 1_000_000 }, { $0.fit = .height(720) },
            { $0.frameRate = Rational(25) },
            { $0.deinterlace = .frame }, { $0.burn = .track(1) }, { $0.speed = "slow" },
            { $0.pixelFormat = "yuv420p" },
            { $0.encoderOptions = ["a": "b"] }, { $0.twoPass = true }, { $0.start = seconds(1) },
            { $0.end = seconds(5) }, { $0.duration = seconds(5) },
        ] as [@Sendable (inout TranscodeOptions) -> Void])
    func refused(change: @Sendable (inout TranscodeOptions) -> Void) {
        let error = refusal(media(picture(), audio(), text(2))) {
            $0.video = .copy
            change(&$0)
        }
        #expect(error.kind == .usage)
        #expect(error.remedy != nil)
    }

    @Test(
        "Options that copied audio cannot follow are refused",
        arguments: [
            { $0.channels = .stereo }, { $0.sampleRate = 44100 }, { $0.audioBitRate = 128_000 },
            { $0.loudness = -16 },
            { $0.start = seconds(1) },
        ] as [@Sendable (inout TranscodeOptions) -> Void])
    func refusedAudio(change: @Sendable (inout TranscodeOptions) -> Void) {
        let error = refusal(media(picture(), audio())) {
            $0.audioCodec = .copy
            change(&$0)
        }
        #expect(error.kind == .usage)
    }

    @Test("A stream that cannot be decoded can still be copied")
    func undecodable() throws {
        var source = media(picture(codec: "vvc"))
        source.streams[0].isDecodable = false
        #expect(refusal(source, to: "out.mkv").kind == .unavailable)
        #expect(try plan(source, to: "out.mkv") { $0.video = .copy }.video != nil)
    }
}
