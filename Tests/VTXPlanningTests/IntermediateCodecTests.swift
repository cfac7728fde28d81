// FFV1 and ProRes: what editors and archives ask for.

import Testing
import VTXModel
import VTXPlanning

@Suite("Intermediate codecs")
struct IntermediateCodecTests {
    private func encode(
        _ source: StreamDescription, _ codec: VideoCodec, to output: String,
        _ change: (inout TranscodeOptions) -> Void = { _ in }
    ) throws -> VideoEncodePlan {
        let made = try plan(media(source), to: output) {
            $0.video = .codec(codec)
            change(&$0)
        }
        return try #require(made.video?.encode)
    }

    @Test(
        "FFV1 keeps the source's pixel format, or takes one that holds its samples",
        arguments: [
            ("yuv420p", 8, "4:2:0", "yuv420p"), ("yuv422p10le", 10, "4:2:2", "yuv422p10le"),
            ("yuv444p12le", 12, "4:4:4", "yuv444p12le"), ("gbrp10le", 10, "rgb", "gbrp10le"),
            ("gray", 8, "gray", "gray"), ("nv12", 8, "4:2:0", "yuv420p"), ("p010le", 10, "4:2:0", "yuv420p10le"),
            ("yuv420p10be", 10, "4:2:0", "yuv420p10le"),
        ])
    func lossless(source: String, depth: Int, sampling: String, written: String) throws {
        let made = try encode(
            picture {
                $0.pixelFormat = source
                $0.bitDepth = depth
                $0.sampling = sampling
            }, .ffv1, to: "out.mkv")
        #expect(made.pixelFormat == written)
        #expect(made.rate == .lossless)
        #expect(made.keyFrameInterval == 1)
        #expect(made.options == ["level": "3", "slices": "16", "slicecrc": "1"])
        if source == written { #expect(made.filters.isEmpty) }
    }

    @Test(
        "ProRes has the preset's profile, the one asked for, or the one that holds the source",
        arguments: [
            ("high", nil, "4:2:0", "hq", "yuv422p10le"), ("medium", nil, "4:2:2", "standard", "yuv422p10le"),
            ("low", nil, "4:2:0", "proxy", "yuv422p10le"), ("medium", nil, "4:4:4", "4444", "yuv444p10le"),
            ("medium", "lt", "4:4:4", "lt", "yuv422p10le"), ("medium", "4444", "4:2:0", "4444", "yuv444p10le"),
        ] as [(String, String?, String, String, String)])
    func profiles(preset: String, asked: String?, sampling: String, profile: String, format: String) throws {
        let made = try encode(picture { $0.sampling = sampling }, .prores, to: "out.mov") {
            $0.preset = Preset.builtIn(named: preset)!
            if let asked { $0.encoderOptions["profile"] = asked }
        }
        #expect(made.options["profile"] == profile)
        #expect(made.pixelFormat == format)
        #expect(made.rate == .profile)
    }

    @Test(
        "Options that intermediate codecs do not have are refused",
        arguments: [
            Asked(.ffv1, { $0.crf = 20 }), Asked(.prores, { $0.crf = 20 }), Asked(.ffv1, { $0.bitRate = 2_000_000 }),
            Asked(.prores, { $0.maximumBitRate = 2_000_000 }), Asked(.prores, { $0.speed = "slow" }),
            Asked(.ffv1, { $0.gopDuration = Rational(2) }),
        ])
    func refused(asked: Asked) {
        let error = refusal(media(picture()), to: "out.mkv") {
            $0.video = .codec(asked.codec)
            asked.change(&$0)
        }
        #expect(error.kind == .usage)
    }

    @Test(
        "Containers that do not take them are refused",
        arguments: [(VideoCodec.ffv1, "out.mov"), (.ffv1, "out.mp4"), (.prores, "out.mp4"), (.prores, "out.webm")])
    func containers(codec: VideoCodec, output: String) {
        #expect(refusal(media(picture()), to: output) { $0.video = .codec(codec) }.kind == .usage)
    }

    @Test("Ladders are not written in intermediate codecs", arguments: [VideoCodec.ffv1, .prores])
    func ladders(codec: VideoCodec) {
        var options = LadderOptions(output: "out")
        options.codecs = [codec]
        #expect(throws: VTXError.self) {
            try planLadder(of: media(picture()), options: options, capabilities: everything)
        }
    }
}
