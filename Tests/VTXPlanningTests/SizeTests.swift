// Bit rates that follow from the size of the output, and sizes that make no sense.

import Testing
import VTXModel
import VTXPlanning

@Suite("Target size")
struct SizeTests {
    private func made(
        _ bytes: Int64, _ source: MediaDescription = media(picture(), audio()), to output: String = "out.mp4",
        _ change: (inout TranscodeOptions) -> Void = { _ in }
    ) throws -> TranscodePlan {
        try plan(source, to: output) {
            $0.targetSize = bytes
            change(&$0)
        }
    }

    private func minutes(_ count: Double, _ width: Int = 1920, _ height: Int = 1080) -> MediaDescription {
        media(picture(0, width, height, duration: count * 60), audio(duration: count * 60), duration: count * 60)
    }

    /// Bytes of the packets, as planned.
    private func payload(_ plan: TranscodePlan) -> Double {
        let video = plan.video?.encode?.rate.spent ?? 0
        let audio = plan.audio.reduce(0) { $0 + ($1.encode?.bitRate ?? 0) }
        return Double(video + audio) * (plan.expectedDuration?.seconds ?? 0) / 8
    }

    @Test(
        "The tracks fill the size, in two passes where the encoder has them",
        arguments: [
            ("out.mp4", VideoCodec.h264, 2), ("out.mkv", .hevc, 2), ("out.webm", .vp9, 2), ("out.mp4", .av1, 1),
            ("out.avi", .mpeg4, 1),
        ])
    func rates(output: String, codec: VideoCodec, passes: Int) throws {
        let plan = try made(8_000_000, to: output) { $0.video = .codec(codec) }
        #expect((0.96...0.986).contains(payload(plan) / 8e6), "\(payload(plan))")
        #expect(plan.video?.encode?.passes == passes && plan.targetSize == TargetSize(bytes: 8_000_000))
        #expect(plan.says(passes == 2 ? "in two passes" : "in one pass"))
        #expect(plan.decisions.contains { $0.text.subject == "target size 8.0 MB" })
    }

    @Test("Cuts and speed count as the output does")
    func lengths() throws {
        let whole = try made(5_000_000)
        let half = try made(5_000_000) { $0.duration = seconds(5) }
        let fast = try made(5_000_000) { $0.speedUp = Rational(2) }
        let rate = { (plan: TranscodePlan) in Double(plan.video?.encode?.rate.spent ?? 0) }
        #expect((1.9...2.2).contains(rate(half) / rate(whole)) && (1.9...2.2).contains(rate(fast) / rate(whole)))
    }

    @Test("Audio takes less where it would take too much, unless its bit rate is asked for")
    func audioShare() throws {
        let plan = try made(700_000, media(picture(0, 320, 180), audio()))
        let rate = try #require(plan.audio.first?.encode?.bitRate)
        #expect((64_000..<160_000).contains(rate) && plan.says("bit rate \(rate / 1000)k instead of 160k"))
        let asked = try made(700_000, media(picture(0, 320, 180), audio())) { $0.audioBitRate = 160_000 }
        #expect(asked.audio.first?.encode?.bitRate == 160_000)
    }

    @Test("Long sources are not divided into chunks")
    func chunks() throws {
        #expect(try made(200_000_000, minutes(20)).chunkDuration == nil)
        let error = refusal(minutes(20)) { ($0.targetSize, $0.chunkDuration) = (200_000_000, Rational(60)) }
        #expect(error.kind == .usage && error.message.contains("chunk duration"))
    }

    @Test("A size that would look bad is refused with a height and a size that would do")
    func tooSmall() throws {
        let error = refusal(minutes(10)) { $0.targetSize = 25_000_000 }
        #expect(error.kind == .usage && error.message.contains("too small for 0:10:00"), "\(error)")
        #expect(error.remedy?.contains("use height 540") == true, "\(error)")
        let remedies = "\(error.remedy ?? "")"
        #expect(remedies.contains("target size"))
        #expect(try made(25_000_000, minutes(10)) { $0.fit = .height(540) }.video?.encode?.size.height == 540)
        let portrait = refusal(minutes(10, 1080, 1920)) { $0.targetSize = 25_000_000 }
        #expect(portrait.remedy?.contains("use resolution 540") == true, "\(portrait)")
        let lossless = refusal(minutes(1), to: "out.mkv") {
            ($0.targetSize, $0.audioCodec) = (9_000_000, .codec(.pcm))
        }
        #expect(lossless.remedy?.contains("audio codec aac") == true, "\(lossless)")
        let hopeless = refusal(minutes(60)) { $0.targetSize = 100_000 }
        #expect(hopeless.cause?.contains("leaves nothing") == true && hopeless.remedy?.contains("height") == false)
    }

    @Test("The size that is named is large enough")
    func namedSize() throws {
        for (size, factor) in [(25_000_000, 1e6), (2_000_000, 1e6)] as [(Int64, Double)] {
            let error = refusal(minutes(10)) { $0.targetSize = size }
            let words = "\(error.remedy ?? "")".split(separator: " ").map(String.init)
            let word = try #require(words.first { $0.hasSuffix("M,") || $0.hasSuffix("M") })
            let value = try #require(Double(word.filter { $0.isNumber || $0 == "." }))
            #expect(try made(Int64(value * factor), minutes(10)).video != nil, "\(word)")
        }
    }

    @Test("Audio alone has the bit rate that fills the size")
    func audioAlone() throws {
        let plan = try made(200_000, media(audio(0)), to: "out.m4a")
        #expect((0.95...0.986).contains(payload(plan) / 200_000), "\(payload(plan))")
        let steps = try made(200_000, media(audio(0)), to: "out.mp3")
        #expect(steps.audio.first?.encode?.bitRate == 128_000)
        let error = refusal(media(audio(0, duration: 3600), duration: 3600), to: "out.opus") { $0.targetSize = 100_000 }
        #expect(error.kind == .usage && error.cause?.contains("sound bad") == true, "\(error)")
    }

    @Test("What contradicts a size is refused, and so is what has no bit rate")
    func refused() {
        let source = media(picture(), audio())
        let rows: [(String, String, (inout TranscodeOptions) -> Void)] = [
            ("out.mp4", "crf", { $0.crf = 20 }), ("out.mp4", "bit rate", { $0.bitRate = 1_000_000 }),
            ("out.mp4", "maximum bit rate", { $0.maximumBitRate = 1_000_000 }),
            ("out.mp4", "two pass", { $0.twoPass = true }), ("out.mp4", "encoded", { $0.video = .copy }),
            ("out.mp4", "encoder option", { $0.encoderOptions = ["crf": "20"] }),
            ("out.mkv", "FFV1", { $0.video = .codec(.ffv1) }), ("out.mov", "ProRes", { $0.video = .codec(.prores) }),
            ("out.flac", "FLAC", { _ in }), ("out.wav", "PCM", { _ in }),
            ("out.m4a", "copied audio", { $0.audioCodec = .copy }),
            ("out.m4a", "audio bit rate", { $0.audioBitRate = 128_000 }),
        ]
        for (output, words, change) in rows {
            let error = refusal(source, to: output) {
                $0.targetSize = 1_000_000
                change(&$0)
            }
            #expect(error.kind == .usage && error.message.contains(words) && error.remedy != nil, "\(error)")
        }
        let endless = media(picture(duration: nil), audio(duration: nil), duration: nil)
        #expect(refusal(endless) { $0.targetSize = 1_000_000 }.message.contains("duration"))
    }

    @Test("A preset's limit leaves its quality to short sources, and makes long ones smaller")
    func limits() throws {
        let preset = try #require(Preset.builtIn(named: "discord"))
        let short = try plan(media(picture(), audio())) { $0.preset = preset }
        #expect(short.targetSize == TargetSize(bytes: 10_000_000, isLimit: true))
        #expect(short.video?.encode?.rate.crf == 24 && short.video?.encode?.passes == 1)
        #expect(short.video?.encode?.size == PixelSize(1280, 720))
        let limits = try #require(short.video?.encode?.rate.limits)
        // Ten seconds at the maximum, and the buffer that is full at first.
        #expect(Double(limits.maximum * 10 + limits.buffer) / 8 < 10e6)
        #expect(limits.maximum < 20_000_000)
        let medium = try plan(minutes(2)) { $0.preset = preset }
        #expect(medium.targetSize?.isLimit == false && medium.video?.encode?.passes == 2)
        let long = try plan(minutes(8)) { $0.preset = preset }
        #expect((240..<540).contains(try #require(long.video?.encode?.size.height)))
        let portrait = try plan(minutes(8, 1080, 1920)) { $0.preset = preset }
        #expect(portrait.video?.encode?.size == long.video?.encode?.size.transposed)
        let larger = try plan(minutes(2)) { ($0.preset, $0.targetSize) = (preset, 50_000_000) }
        #expect(larger.targetSize == TargetSize(bytes: 50_000_000))
        #expect(refusal(minutes(2)) { ($0.preset, $0.crf) = (preset, 20) }.message.contains("preset 'discord'"))
        #expect(refusal(minutes(600)) { $0.preset = preset }.remedy?.contains("shorter part") == true)
    }
}
