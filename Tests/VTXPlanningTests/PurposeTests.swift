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
            ("web", "out.mkv", ".webm"), ("web", "out.mp3", ".mp4"),
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
