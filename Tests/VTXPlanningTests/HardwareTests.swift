// Hardware encoders: chosen, refused, and told what they understand.

import Testing
import VTXModel
import VTXPlanning

@Suite("Hardware encoders")
struct HardwareTests {
    /// A machine on which some engines work.
    private func machine(_ working: HardwareEngine...) -> Capabilities {
        var found = everything
        found.hardware = HardwareEngine.allCases.flatMap { engine in
            [VideoCodec.h264, .hevc].map {
                HardwareFinding(engine: engine, codec: $0, problem: working.contains(engine) ? nil : "no device")
            }
        }
        return found
    }

    private func encode(
        _ choice: EncoderChoice, _ capabilities: Capabilities, _ change: (inout TranscodeOptions) -> Void = { _ in }
    ) throws -> VideoEncodePlan {
        let made = try plan(media(picture()), to: "out.mp4", capabilities) {
            $0.encoder = choice
            change(&$0)
        }
        return try #require(made.video?.encode)
    }

    @Test(
        "The engine that is asked for encodes, with options of its own",
        arguments: [
            (
                EncoderChoice.nvenc, "h264_nvenc", "yuv420p",
                ["preset": "p5", "tune": "hq", "rc": "vbr", "bf": "2", "a53cc": "0"]
            ),
            (.qsv, "h264_qsv", "nv12", ["preset": "medium", "bf": "2", "a53cc": "0"]),
            (.vaapi, "h264_vaapi", "nv12", ["bf": "2"]),
        ] as [(EncoderChoice, String, String, [String: String])])
    func named(choice: EncoderChoice, encoder: String, format: String, options: [String: String]) throws {
        let made = try encode(choice, machine(.nvenc, .qsv, .vaapi))
        #expect(made.encoder == encoder && made.hardware == choice.engine && made.codec == .h264)
        #expect(made.pixelFormat == format && made.options == options)
        #expect(made.rate == .constantQuality(crf: 21) && made.keyFrameInterval == 250)
    }

    @Test("Quality, speed and key frames are given in the engine's words")
    func asked() throws {
        let made = try encode(.nvenc, machine(.nvenc)) {
            ($0.crf, $0.speed, $0.gopDuration) = (28, "p7", Rational(2))
        }
        #expect(made.rate == .constantQuality(crf: 28) && made.options["preset"] == "p7")
        #expect(made.keyFrameInterval == 50 && made.options["no-scenecut"] == "1")
        let rate = try encode(.vaapi, machine(.vaapi)) { $0.bitRate = 2_000_000 }
        #expect(rate.rate == .average(bitRate: 2_000_000, maximum: 3_000_000, buffer: 4_000_000))
    }

    @Test("auto takes what works, and otherwise software, and says so")
    func automatic() throws {
        let source = media(picture())
        let found = try plan(source, to: "out.mp4", machine(.vaapi)) { $0.encoder = .automatic }
        #expect(found.video?.encode?.encoder == "h264_vaapi" && found.says("encoded by hardware, VA-API"))
        let none = try plan(source, to: "out.mp4", machine()) { $0.encoder = .automatic }
        #expect(none.video?.encode?.encoder == "libx264" && none.video?.encode?.hardware == nil)
        #expect(none.says("encoded by software, libx264"))
        #expect(none.decisions.contains { $0.description.contains("works here: no device") })
        let vp9 = try plan(source, to: "out.webm", machine(.nvenc)) { $0.encoder = .automatic }
        #expect(vp9.video?.encode?.encoder == "libvpx-vp9" && vp9.says("encoded by software"))
    }

    @Test("What does not work, or has no encoder for the codec, is refused")
    func refused() {
        let missing = refusal(media(picture()), to: "out.mp4", machine()) { $0.encoder = .nvenc }
        #expect(missing.kind == .unavailable && missing.cause?.description == "no device")
        #expect(missing.message.description == "NVENC cannot encode H.264 on this machine")
        let codec = refusal(media(picture()), to: "out.webm", machine(.nvenc)) { $0.encoder = .nvenc }
        #expect(codec.kind == .usage && codec.message.description == "NVENC has no encoder for VP9")
        let copied = refusal(media(picture())) { ($0.encoder, $0.video) = (.nvenc, .copy) }
        #expect(copied.kind == .usage && copied.message.contains("encoder"))
        let passes = refusal(media(picture()), to: "out.mp4", machine(.nvenc)) {
            ($0.encoder, $0.bitRate, $0.twoPass) = (.nvenc, 2_000_000, true)
        }
        #expect(passes.kind == .usage && passes.message.contains("h264_nvenc"))
        let speed = refusal(media(picture()), to: "out.mp4", machine(.vaapi)) {
            ($0.encoder, $0.speed) = (.vaapi, "fast")
        }
        #expect(speed.kind == .usage && speed.message.contains("h264_vaapi"))
    }

    @Test("HDR goes to HEVC in 10 bits, and long sources are not divided into chunks")
    func depth() throws {
        let hdr = media(
            picture {
                $0.color = ColorDescription(range: "tv", primaries: "bt2020", transfer: "smpte2084", matrix: "bt2020nc")
                ($0.pixelFormat, $0.bitDepth) = ("yuv420p10le", 10)
            }, duration: 4000)
        let made = try plan(hdr, to: "out.mp4", machine(.qsv)) {
            ($0.encoder, $0.video, $0.hdr) = (.qsv, .codec(.hevc), .keep)
        }
        #expect(made.video?.encode?.encoder == "hevc_qsv" && made.video?.encode?.pixelFormat == "p010le")
        #expect(made.video?.tag == "hvc1" && made.chunkDuration == nil)
        let error = refusal(hdr, to: "out.mp4", machine(.qsv)) { ($0.encoder, $0.hdr) = (.qsv, .keep) }
        #expect(error.kind == .usage && error.message.contains("H.264 is not written in HDR"))
    }
}
