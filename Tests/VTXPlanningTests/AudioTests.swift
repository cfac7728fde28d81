import Testing
import VTXModel
@testable import VTXPlanning

@Suite("Audio")
struct AudioTests {
    func encode(
        _ stream: StreamDescription, to output: String = "out.mkv",
        _ change: (inout TranscodeOptions) -> Void = { _ in }
    ) throws -> AudioEncodePlan {
        try #require(try plan(media(stream), to: output, everything, change).audio.first?.encode)
    }

    let three = media(
        picture(), audio(1, language: "eng"), audio(2, language: "ger", disposition: ["default"]),
        audio(3, language: "fra"))

    @Test(
        "Tracks are chosen by position and language",
        arguments: [
            (.automatic, [1, 2, 3]), (.all, [1, 2, 3]), (.none, []), (.some([.position(2)]), [2]),
            (.some([.language("de")]), [2]), (.some([.language("fre"), .position(1)]), [1, 3]),
            (.some([.position(3), .language("fr")]), [3]),
        ] as [(TrackSelection, [Int])])
    func selection(wanted: TrackSelection, streams: [Int]) throws {
        #expect(try plan(three) { $0.audioTracks = wanted }.audio.map(\.stream) == streams)
    }

    @Test(
        "A selector that matches nothing is refused with what is there",
        arguments: [
            TrackSelector.position(4), .language("jpn"),
        ])
    func noMatch(selector: TrackSelector) {
        let error = refusal(three) { $0.audioTracks = .some([selector]) }
        #expect(error.kind == .usage)
        #expect(error.remedy == "it has 1 (eng), 2 (ger), 3 (fra)")
    }

    @Test("An audio-only container gets the default track, and the others are said to be dropped")
    func one() throws {
        let made = try plan(three, to: "out.mp3")
        #expect(made.audio.map(\.stream) == [2])
        #expect(made.says("audio 1: dropped") && made.says("audio 3: dropped"))
        #expect(refusal(three, to: "out.mp3") { $0.audioTracks = .all }.kind == .usage)
        #expect(try plan(three, to: "out.m4a") { $0.audioTracks = .all }.audio.count == 3)
    }

    @Test("Labels are kept, and one track is the default")
    func labels() throws {
        #expect(
            try plan(three).audio.map { $0.label.disposition.contains("default") } == [false, true, false])
        let made = try plan(three) { $0.audioTracks = .some([.language("en")]) }
        #expect(made.audio[0].label == TrackLabel(language: "eng", disposition: ["default"]))
    }

    @Test("A track that cannot be decoded is dropped and said, or refused if it was asked for")
    func undecodable() throws {
        let source = media(picture(), audio(1, codec: "ac4", isDecodable: false), audio(2))
        let made = try plan(source)
        #expect(made.audio.map(\.stream) == [2])
        #expect(made.says("audio 1: dropped"))
        #expect(refusal(source) { $0.audioTracks = .some([.position(1)]) }.kind == .unavailable)
        #expect(refusal(media(audio(0, codec: "ac4", isDecodable: false))).kind == .unavailable)
    }

    @Test(
        "Layouts are those the encoder has",
        arguments: [
            (AudioCodec.aac, "5.1(side)", 6, "5.1"), (.opus, "5.1(side)", 6, "5.1"), (.aac, "7.1", 8, "7.1"),
            (.ac3, "7.1", 8, "5.1"), (.eac3, "6.1", 7, "5.1"), (.mp3, "5.1", 6, "stereo"),
            (.mp3, "mono", 1, "mono"),
            (.aac, "6 channels", 6, "5.1"), (.aac, "1 channels", 1, "mono"),
            (.aac, "2 channels", 2, "stereo"),
            (.opus, "3 channels", 3, "stereo"), (.aac, "quad", 4, "5.0"), (.opus, "quad", 4, "quad"),
            (.aac, "6.1", 7, "5.1"), (.flac, "7.1(wide)", 8, "7.1"), (.aac, "2.1", 3, "stereo"),
            (.pcm, "5.1", 6, "5.1"),
        ])
    func layouts(codec: AudioCodec, layout: String, channels: Int, expected: String) throws {
        let made = try encode(audio(0, layout: layout, channels: channels)) { $0.audioCodec = .codec(codec) }
        #expect(made.layout == expected)
    }

    @Test(
        "A downmix keeps the dialogue at full level and limits peaks",
        arguments: [
            ("5.1", 6, ChannelChoice.stereo, ["pan=stereo|FL=FL+0.707*FC+0.707*BL|FR=FR+0.707*FC+0.707*BR"]),
            (
                "5.1(side)", 6, .stereo,
                ["aformat=channel_layouts=5.1", "pan=stereo|FL=FL+0.707*FC+0.707*BL|FR=FR+0.707*FC+0.707*BR"]
            ),
            ("7.1", 8, .stereo, ["pan=stereo|FL=FL+0.707*FC+0.5*SL+0.5*BL|FR=FR+0.707*FC+0.5*SR+0.5*BR"]),
            ("6.1", 7, .stereo, ["pan=stereo|FL=FL+0.707*FC+0.707*SL+0.5*BC|FR=FR+0.707*FC+0.707*SR+0.5*BC"]),
            ("5.1", 6, .mono, ["pan=mono|FC=0.5*FL+0.5*FR+0.707*FC+0.354*BL+0.354*BR"]),
            (
                "7.1", 8, .surround51,
                ["pan=5.1|FL=FL|FR=FR|FC=FC|LFE=LFE|BL=0.707*BL+0.707*SL|BR=0.707*BR+0.707*SR"]
            ),
        ])
    func downmixes(layout: String, channels: Int, choice: ChannelChoice, mix: [String]) throws {
        let made = try plan(media(audio(0, layout: layout, channels: channels))) { $0.channels = choice }
        #expect(
            made.audio[0].encode?.filters == ["aresample=async=1:min_hard_comp=0.02"] + mix + [
                "alimiter=limit=0.97:level=disabled:latency=1"
            ])
        #expect(made.says("mixed down from \(layout)"))
    }

    @Test("Channels are not invented")
    func upmix() throws {
        let made = try plan(media(audio(0))) { $0.channels = .surround51 }
        #expect(made.audio[0].encode?.layout == "stereo")
        #expect(made.says("kept at stereo"))
        let mono = try encode(audio(0, layout: "mono", channels: 1)) { $0.channels = .stereo }
        #expect(mono.layout == "stereo" && mono.filters.last == "pan=stereo|FL=c0|FR=c0")
    }

    @Test(
        "Sample rates are those the encoder has, never lower than the source's if it can be",
        arguments: [
            (AudioCodec.aac, 44100, 44100), (.aac, 8000, 8000), (.aac, 192_000, 96000), (.opus, 44100, 48000),
            (.mp3, 96000, 48000), (.mp3, 18900, 22050), (.ac3, 22050, 32000), (.flac, 192_000, 192_000),
            (.flac, 384_000, 192_000), (.pcm, 12345, 12345),
        ])
    func sampleRates(codec: AudioCodec, source: Int, expected: Int) throws {
        let made = try plan(media(audio(0, rate: source)), to: "out.mkv") { $0.audioCodec = .codec(codec) }
        #expect(made.audio[0].encode?.sampleRate == expected)
        #expect(made.says("resampled") == (source != expected))
    }

    @Test(
        "Bit rates follow the channels and stay within the format",
        arguments: [
            (AudioCodec.aac, 48000, "stereo", 2, 160_000), (.aac, 48000, "mono", 1, 96_000),
            (.aac, 48000, "5.1", 6, 384_000),
            (.aac, 8000, "stereo", 2, 96_000), (.mp3, 48000, "stereo", 2, 160_000),
            (.mp3, 8000, "mono", 1, 64_000),
            (.ac3, 48000, "5.1", 6, 448_000), (.opus, 48000, "stereo", 2, 112_000),
            (.aac, 48000, "3.0", 3, 216_000),
        ] as [(AudioCodec, Int, String, Int, Int64)])
    func bitRates(codec: AudioCodec, rate: Int, layout: String, channels: Int, expected: Int64) throws {
        let made = try encode(audio(0, rate: rate, layout: layout, channels: channels)) {
            $0.audioCodec = .codec(codec)
        }
        #expect(made.bitRate == expected)
    }

    @Test(
        "Impossible rates are refused",
        arguments: [
            { $0.sampleRate = 12345 }, { $0.audioBitRate = 1_000_000 },
            {
                $0.audioCodec = .codec(.mp3); $0.audioBitRate = 100_000
            },
            {
                $0.audioCodec = .codec(.flac); $0.audioBitRate = 100_000
            },
            {
                $0.audioCodec = .codec(.opus); $0.sampleRate = 44100
            },
            { $0.loudness = -4.9 }, { $0.loudness = 16 }, { $0.loudness = -71 },
        ] as [@Sendable (inout TranscodeOptions) -> Void])
    func badRates(change: @Sendable (inout TranscodeOptions) -> Void) {
        #expect(refusal(media(audio(0)), to: "out.mkv", everything, change).kind == .usage)
    }

    @Test("Loudness is set on each encoded track")
    func loudness() throws {
        let made = try plan(three) { $0.loudness = -16 }
        #expect(
            made.audio.allSatisfy { $0.encode?.loudness == LoudnessTarget(integrated: -16, truePeak: -1) })
    }

    @Test(
        "Sample formats are the encoder's own",
        arguments: [
            (AudioCodec.aac, nil, "fltp"), (.opus, nil, "flt"), (.flac, 16, "s16"), (.flac, 24, "s32"),
            (.pcm, 24, "s16"),
        ] as [(AudioCodec, Int?, String)])
    func sampleFormats(codec: AudioCodec, bits: Int?, expected: String) throws {
        #expect(try encode(audio(0, bits: bits)) { $0.audioCodec = .codec(codec) }.sampleFormat == expected)
    }

    @Test(
        "A late start is filled with silence only where no times are stored",
        arguments: [
            ("out.mp4", false), ("out.avi", true), ("out.mp3", true), ("out.wav", true), ("out.mkv", false),
            ("out.flac", true),
        ])
    func lateStart(output: String, isFilled: Bool) throws {
        #expect(try encode(audio(0), to: output).filters[0].hasSuffix(":first_pts=0") == isFilled)
    }
}
