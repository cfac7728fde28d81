// All that is wrong with options, and qualities that need a profile.

import Testing
import VTXModel
import VTXPlanning

@Suite("Mistakes in options")
struct MistakesTests {
    @Test("All that is wrong with a request is told at once")
    func together() {
        let error = refusal(media(picture(), audio())) {
            $0.crf = 99
            $0.fit = .height(99_999)
            $0.filters.fade = FadeLengths(start: 50, end: 50)
            $0.filters.crop = .area(PixelArea(x: 0, y: 0, size: PixelSize(9998, 2)))
            $0.frameRate = Rational(500)
            $0.sampleRate = 1
            $0.loudness = 3
            $0.end = seconds(0)
        }
        let all = [error] + error.others
        #expect(
            Set(all.flatMap(\.message.settings)) == [
                .crf, .height, .fade, .crop, .frameRate, .sampleRate, .loudness, .start, .end,
            ])
        #expect(all.count == 8 && Set(all.map(\.message)).count == 8, "\(all)")
    }

    @Test("A mistake is told once, and none is made up", arguments: [true, false])
    func once(isAudio: Bool) {
        let error = refusal(media(picture(), audio()), to: isAudio ? "out.mp3" : "out.mp4") {
            $0.bitRate = 1_000_000
            $0.maximumBitRate = 500_000
            $0.twoPass = true
        }
        #expect(error.others.isEmpty, "\(error.others)")
    }

    @Test(
        "Quality 0 of H.264 is lossless, in the profile for that or not at all",
        arguments: [
            (nil, "yuv420p", "medium", "high444"), ("main", "yuv420p", "medium", nil), (nil, "yuv420p", "phone", nil),
            ("high444", "yuv420p", "phone", "high444"), (nil, "yuv422p", "medium", "high444"),
            (nil, "yuv420p10le", "medium", ""),
        ] as [(String?, String, String, String?)])
    func lossless(profile: String?, format: String, preset: String, expected: String?) throws {
        let chosen = try #require(Preset.builtIn(named: preset))
        func change(_ options: inout TranscodeOptions) {
            options.crf = 0
            options.preset = chosen
            options.pixelFormat = format
            if let profile { options.encoderOptions = ["profile": profile] }
        }
        guard let expected else {
            let error = refusal(media(picture())) { change(&$0) }
            #expect(error.kind == .usage && error.cause?.contains("High 4:4:4 Predictive") == true, "\(error)")
            #expect(error.remedy?.contains("1 or more") == true)
            return
        }
        let made = try plan(media(picture())) { change(&$0) }
        #expect(made.video?.encode?.options["profile"] ?? "" == expected)
        #expect(made.says("encoded without loss") == !expected.isEmpty)
        let limited = refusal(media(picture())) {
            $0.crf = 0
            $0.maximumBitRate = 1_000_000
        }
        #expect(limited.message.contains("no maximum bit rate"))
    }
}
