import Testing
import VTXModel
import VTXPlanning

@Suite("Presets for a purpose")
struct PurposeTests {
    private func named(_ name: String) throws -> Preset { try #require(Preset.builtIn(named: name)) }

    @Test(
        "A preset chooses codecs that its container holds",
        arguments: [
            ("web", "out.mp4", VideoCodec.h264, AudioCodec.aac), ("web", "out.webm", .vp9, .opus),
            ("phone", "out.mov", .h264, .aac), ("archive", "out.mkv", .ffv1, .flac), ("edit", "out.mov", .prores, .pcm),
            ("edit", "out.mkv", .prores, .pcm), ("youtube", "out.mp4", .h264, .aac),
            ("telegram", "out.mp4", .h264, .aac), ("discord", "out.mp4", .h264, .aac),
            ("email-25mb", "out.mp4", .h264, .aac),
        ])
    func codecs(name: String, output: String, video: VideoCodec, audio codec: AudioCodec) throws {
        let preset = try named(name)
        let made = try plan(media(picture(), audio()), to: output) { $0.preset = preset }
        #expect(made.video?.encode?.codec == video && made.audio.first?.encode?.codec == codec)
        #expect(made.decisions.contains(.output(.chosenByPreset(name, video, codec, within: made.limitOfPreset))))
    }

    @Test(
        "Of a preset for video its audio is used in files for audio alone, where the codecs fit",
        arguments: [
            ("archive", "out.flac", AudioCodec.flac), ("archive", "out.ogg", .flac), ("web", "out.m4a", .aac),
            ("web", "out.opus", .opus), ("edit", "out.wav", .pcm), ("youtube", "out.m4a", .aac),
            ("web", "out.mp3", nil),
            ("archive", "out.m4a", nil),
        ] as [(String, String, AudioCodec?)])
    func audioOnly(name: String, output: String, codec: AudioCodec?) throws {
        let preset = try named(name)
        let source = media(picture(), audio(rate: 44_100, layout: "5.1", channels: 6))
        guard let codec else {
            let error = refusal(source, to: output) { $0.preset = preset }
            let possible = name == "web" ? ".m4a, .ogg or .opus" : ".ogg or .flac"
            #expect(
                error.message.contains("preset '\(name)' is for") && error.remedy?.contains(possible) == true,
                "\(error)")
            return
        }
        let made = try plan(source, to: output) { $0.preset = preset }
        let encode = try #require(made.audio.first?.encode)
        #expect(made.video == nil && encode.codec == codec)
        #expect(encode.sampleRate == (name == "youtube" || codec == .opus ? 48_000 : 44_100))
        #expect((encode.layout == "stereo") == (name == "web"))
    }

    @Test(
        "Values of a preset that options replace are named",
        arguments: [
            ("archive", "vp9 30", "--video vp9 instead of FFV1, --crf 30 instead of CRF"), ("web", "23 slow", nil),
            ("web", "30 fast", "--crf 30 instead of CRF 23, --speed fast instead of slow"),
            ("web", "1M", "--bitrate 1000000 instead of CRF 23"),
            ("phone", "high", "--option profile=high instead of main"),
            ("phone", "1080p", "--height 1080 instead of at most 1280x720"), ("web", "1080p", nil),
            ("youtube", "gop", "--gop 2 instead of 0.5 s"), ("high", "30", "--crf 30 instead of CRF"),
            ("medium", "30", nil),
        ] as [(String, String, String?)])
    func replaced(name: String, change: String, text: String?) throws {
        let preset = try named(name)
        let made = try plan(media(picture(), audio()), to: name == "archive" ? "out.mkv" : "out.mp4") {
            $0.preset = preset
            switch change {
            case "vp9 30": ($0.video, $0.crf) = (.codec(.vp9), 30)
            case "23 slow": ($0.crf, $0.speed) = (23, "slow")
            case "30 fast": ($0.crf, $0.speed) = (30, "fast")
            case "1M": $0.bitRate = 1_000_000
            case "high": $0.encoderOptions = ["profile": "high"]
            case "1080p": $0.fit = .height(1080)
            case "gop": ($0.gopDuration, $0.sampleRate, $0.audioBitRate) = (Rational(2), 44_100, 96_000)
            default: $0.crf = 30
            }
        }
        let texts = made.decisions.compactMap { decision -> String? in
            guard case .output(.replacedOfPreset(name, _)) = decision else { return nil }
            return decision.text.action.rendered { part in
                if case .setting(let setting, let value) = part { "--\(spelling[setting]!) \(value!)" } else { "" }
            }
        }
        #expect(texts.count == (text == nil ? 0 : 1))
        if let text { #expect(texts.first?.contains(text) == true, "\(texts)") }
        if name == "youtube" {
            #expect(texts.first?.contains("--sample-rate 44100 instead of 48000") == true, "\(texts)")
            #expect(texts.first?.contains("--audio-bitrate 96000 instead of 384000") == true, "\(texts)")
        }
    }

    private let spelling: [Setting: String] = [
        .video: "video", .crf: "crf", .speed: "speed", .bitRate: "bitrate", .encoderOption: "option", .height: "height",
        .keyFrameInterval: "gop", .sampleRate: "sample-rate", .audioBitRate: "audio-bitrate",
    ]

    @Test("Every purpose has a codec for each of its containers", arguments: Preset.builtInNames)
    func complete(name: String) throws {
        guard let purpose = try named(name).purpose else { return }
        #expect(purpose.preset == name)
        for container in purpose.containers {
            #expect(
                purpose.videoCodec(in: container) != nil && purpose.audioCodec(in: container) != nil, "\(container)")
        }
    }

    @Test(
        "Larger frames are scaled into the limit, turned for portrait video; smaller ones stay",
        arguments: [
            ((3840, 2160), PixelSize(1280, 720)), ((2160, 3840), PixelSize(720, 1280)),
            ((640, 360), PixelSize(640, 360)),
            ((1280, 720), PixelSize(1280, 720)), ((1920, 800), PixelSize(1280, 534)),
            ((720, 1280), PixelSize(720, 1280)),
        ])
    func size(source: (Int, Int), expected: PixelSize) throws {
        let preset = try named("phone")
        let made = try plan(media(picture(0, source.0, source.1))) { $0.preset = preset }
        #expect(made.video?.encode?.size == expected)
        #expect(made.says("at most") == (expected != PixelSize(source.0, source.1)))
    }

    @Test("Options take precedence over a purpose")
    func precedence() throws {
        let preset = try named("phone")
        let made = try plan(media(picture(0, 3840, 2160), audio(layout: "5.1", channels: 6))) {
            $0.preset = preset
            $0.video = .codec(.hevc)
            $0.fit = .height(1080)
            $0.audioCodec = .codec(.ac3)
            $0.channels = .surround51
        }
        #expect(made.video?.encode?.codec == .hevc && made.video?.encode?.size == PixelSize(1920, 1080))
        #expect(made.audio.first?.encode?.codec == .ac3 && made.audio.first?.encode?.layout == "5.1")
        #expect(!made.decisions.contains { if case .output(.chosenByPreset) = $0 { true } else { false } })
    }

    @Test("A copied track is left alone")
    func copies() throws {
        let preset = try named("youtube")
        let made = try plan(media(picture(0, 3840, 2160), audio(rate: 44_100))) {
            $0.preset = preset
            $0.video = .copy
            $0.audioCodec = .copy
        }
        #expect(made.video?.encode == nil && made.audio.first?.encode == nil)
    }

    @Test(
        "Channels are mixed down to two, and mono stays mono",
        arguments: [("5.1", 6, "stereo"), ("stereo", 2, "stereo"), ("mono", 1, "mono")])
    func channels(layout: String, count: Int, expected: String) throws {
        let preset = try named("web")
        let made = try plan(media(audio(0, layout: layout, channels: count))) { $0.preset = preset }
        #expect(made.audio.first?.encode?.layout == expected)
    }

    @Test("What YouTube asks for is asked of the encoders")
    func youtube() throws {
        let preset = try named("youtube")
        let made = try plan(media(picture(), audio(rate: 44_100))) { $0.preset = preset }
        let video = try #require(made.video?.encode)
        #expect(video.options["bf"] == "2" && video.options["profile"] == "high" && video.keyFrameInterval == 13)
        #expect(made.audio.first?.encode?.sampleRate == 48_000 && made.audio.first?.encode?.bitRate == 384_000)
        #expect(made.muxerOptions["movflags"] == "+faststart")
    }

    @Test(
        "Variable rates become constant for editing, and stay for phones",
        arguments: [("edit", true), ("phone", false)])
    func rates(name: String, isConstant: Bool) throws {
        let preset = try named(name)
        let made = try plan(media(picture { $0.hasVariableFrameRate = true }), to: "out.mov") { $0.preset = preset }
        #expect(made.video?.encode?.isConstantRate == isConstant)
        let reason = Decision.video(.constantRate(Rational(25), because: .preset(name)))
        #expect(made.decisions.contains(reason) == isConstant)
    }

    @Test("HDR is kept for editing and keeping, unless it is to be mapped")
    func dynamicRange() throws {
        let source = media(
            picture(codec: "hevc") {
                $0.pixelFormat = "yuv420p10le"
                $0.bitDepth = 10
                $0.color = VideoTests.pq
            })
        let (edit, phone) = (try named("edit"), try named("phone"))
        #expect(try plan(source, to: "out.mov") { $0.preset = edit }.video?.encode?.color.transfer == "smpte2084")
        #expect(try plan(source, to: "out.mov") { $0.preset = phone }.video?.encode?.color.transfer == "bt709")
        let mapped = try plan(source, to: "out.mov") {
            $0.preset = edit
            $0.hdr = .toneMap
        }
        #expect(mapped.video?.encode?.color.transfer == "bt709")
        #expect(try plan(media(picture()), to: "out.mov") { $0.preset = edit }.says("kept as it is") == false)
    }

    @Test(
        "A container or a package that does not serve the purpose is refused",
        arguments: [
            ("phone", "out.webm", "out.mp4"), ("archive", "out.mp4", ".mkv"), ("edit", "out.mp4", ".mov"),
            ("web", "out.mkv", ".webm"), ("web", "out.mp3", ".m4a"),
        ])
    func refused(name: String, output: String, hint: String) throws {
        let preset = try named(name)
        let error = refusal(media(picture(), audio()), to: output) { $0.preset = preset }
        #expect(error.kind == .usage && error.message.description.contains("preset '\(name)'"))
        let words = hint.hasPrefix(".") ? hint : String(hint.dropFirst(3))
        #expect(error.remedy?.message.description.contains(words) == true)
        let ladder = #expect(throws: VTXError.self) {
            try planLadder(
                of: media(picture()), options: LadderOptions(output: "out", preset: preset), capabilities: everything)
        }
        #expect(ladder?.kind == .usage)
    }
}

extension TranscodePlan {
    /// The largest frame that a preset has allowed, if it had an effect.
    fileprivate var limitOfPreset: PixelSize? {
        for case .output(.chosenByPreset(_, _, _, let limit)) in decisions { return limit }
        return nil
    }
}
