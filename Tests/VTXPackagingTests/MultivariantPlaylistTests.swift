import Testing
import VTXModel

import VTXBitstream

@testable import VTXPackaging

@Suite("Multivariant playlists")
struct MultivariantPlaylistTests {
    private typealias Playlist = MultivariantPlaylist

    private func variant(_ uri: String, _ peak: Int64, _ size: PixelSize, level: String) -> Playlist.Variant {
        .init(
            uri: uri, bitRates: BitRates(peak: peak, average: peak * 3 / 5),
            codecs: CodecString.list(["avc1.\(level)"], ["mp4a.40.2"]), resolution: size,
            frameRate: Rational(30_000, 1001), videoRange: .sdr, audioGroup: "audio", subtitleGroup: "subs")
    }

    @Test("A ladder with languages, subtitles and I-frames")
    func ladder() throws {
        let audio = [
            RenditionTrack(
                label: TrackLabel(language: "eng", disposition: ["default"]), uri: "audio-en/index.m3u8",
                channels: 2),
            RenditionTrack(label: TrackLabel(language: "ger"), uri: "audio-de/index.m3u8", channels: 2),
        ]
        let subtitles = [
            RenditionTrack(
                label: TrackLabel(language: "eng", title: "English SDH", disposition: ["hearing_impaired"]),
                uri: "subs-en/index.m3u8")
        ]
        let playlist = Playlist(
            variants: [
                variant("1080p/index.m3u8", 6_000_000, PixelSize(1920, 1080), level: "640028"),
                variant("360p/index.m3u8", 900_001, PixelSize(640, 360), level: "64001e"),
            ],
            renditions: Playlist.Rendition.group(.audio, id: "audio", of: audio)
                + Playlist.Rendition.group(.subtitles, id: "subs", of: subtitles),
            iFrameVariants: [
                .init(
                    uri: "360p/iframes.m3u8", bitRates: BitRates(peak: 160_320, average: 91_520),
                    codecs: ["avc1.64001e"], resolution: PixelSize(640, 360))
            ])
        #expect(
            try playlist.render() == """
                #EXTM3U
                #EXT-X-VERSION:4
                #EXT-X-INDEPENDENT-SEGMENTS
                #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="English",LANGUAGE="en",DEFAULT=YES,\
                AUTOSELECT=YES,CHANNELS="2",URI="audio-en/index.m3u8"
                #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="German",LANGUAGE="de",DEFAULT=NO,\
                AUTOSELECT=YES,CHANNELS="2",URI="audio-de/index.m3u8"
                #EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subs",NAME="English SDH",LANGUAGE="en",DEFAULT=NO,\
                AUTOSELECT=YES,FORCED=NO,CHARACTERISTICS="public.accessibility.transcribes-spoken-dialog,\
                public.accessibility.describes-music-and-sound",URI="subs-en/index.m3u8"
                #EXT-X-STREAM-INF:BANDWIDTH=6000000,AVERAGE-BANDWIDTH=3600000,CODECS="avc1.640028,\
                mp4a.40.2",RESOLUTION=1920x1080,FRAME-RATE=29.970,VIDEO-RANGE=SDR,AUDIO="audio",\
                SUBTITLES="subs",CLOSED-CAPTIONS=NONE
                1080p/index.m3u8
                #EXT-X-STREAM-INF:BANDWIDTH=900001,AVERAGE-BANDWIDTH=540000,CODECS="avc1.64001e,\
                mp4a.40.2",RESOLUTION=640x360,FRAME-RATE=29.970,VIDEO-RANGE=SDR,AUDIO="audio",\
                SUBTITLES="subs",CLOSED-CAPTIONS=NONE
                360p/index.m3u8
                #EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=160320,AVERAGE-BANDWIDTH=91520,CODECS="avc1.64001e",\
                RESOLUTION=640x360,VIDEO-RANGE=SDR,URI="360p/iframes.m3u8"

                """)
    }

    @Test("A title is session data, without what a quoted string cannot have")
    func title() throws {
        var playlist = Playlist(variants: [
            .init(uri: "a.m3u8", bitRates: BitRates(peak: 2, average: 1), codecs: ["mp4a.40.2"])
        ])
        #expect(try !playlist.render().contains("SESSION-DATA"))
        playlist.title = #"Say "yes", é 日"#
        let lines = try playlist.render().split(separator: "\n")
        #expect(lines.contains(#"#EXT-X-SESSION-DATA:DATA-ID="com.apple.hls.title",VALUE="Say 'yes', é 日""#))
        playlist.title = "a \"\u{301}b"
        #expect(try playlist.render().contains("VALUE=\"a '\u{301}b\"\n"))
        playlist.title = "a\nb"
        #expect(throws: VTXError.self) { try playlist.render() }
    }

    @Test("Transport streams with their own audio: version 1 and no groups")
    func muxed() throws {
        let playlist = Playlist(variants: [
            .init(
                uri: "v.m3u8", bitRates: BitRates(peak: 2, average: 1), codecs: ["avc1.42c01e", "mp4a.40.2"],
                resolution: PixelSize(640, 360), frameRate: Rational(25), videoRange: .sdr,
                score: Rational(3, 2))
        ])
        #expect(
            try playlist.render() == """
                #EXTM3U
                #EXT-X-INDEPENDENT-SEGMENTS
                #EXT-X-STREAM-INF:BANDWIDTH=2,AVERAGE-BANDWIDTH=1,SCORE=1.500,CODECS="avc1.42c01e,\
                mp4a.40.2",RESOLUTION=640x360,FRAME-RATE=25.000,VIDEO-RANGE=SDR,CLOSED-CAPTIONS=NONE
                v.m3u8

                """)
    }

    @Test("Dolby Vision is named beside its base layer, for key frames too")
    func supplemental() throws {
        let codecs = ["hvc1.2.4.L93.B0"]
        let rates = BitRates(peak: 2, average: 1)
        let playlist = Playlist(
            variants: [
                .init(
                    uri: "v.m3u8", bitRates: rates, codecs: codecs, supplementalCodec: "dvh1.08.03/db4h",
                    resolution: PixelSize(640, 360), frameRate: Rational(25), videoRange: .hlg)
            ],
            iFrameVariants: [
                .init(
                    uri: "i.m3u8", bitRates: rates, codecs: codecs, supplementalCodec: "dvh1.08.03/db4h",
                    resolution: PixelSize(640, 360), videoRange: .hlg)
            ])
        #expect(
            try playlist.render() == """
                #EXTM3U
                #EXT-X-VERSION:4
                #EXT-X-INDEPENDENT-SEGMENTS
                #EXT-X-STREAM-INF:BANDWIDTH=2,AVERAGE-BANDWIDTH=1,CODECS="hvc1.2.4.L93.B0",\
                SUPPLEMENTAL-CODECS="dvh1.08.03/db4h",RESOLUTION=640x360,FRAME-RATE=25.000,VIDEO-RANGE=HLG,\
                CLOSED-CAPTIONS=NONE
                v.m3u8
                #EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=2,AVERAGE-BANDWIDTH=1,CODECS="hvc1.2.4.L93.B0",\
                SUPPLEMENTAL-CODECS="dvh1.08.03/db4h",RESOLUTION=640x360,VIDEO-RANGE=HLG,URI="i.m3u8"

                """)
    }

    @Test("Audio alone has neither picture attributes nor captions")
    func audioOnly() throws {
        let playlist = Playlist(
            variants: [.init(uri: "a.m3u8", bitRates: BitRates(peak: 2, average: 1), codecs: ["mp4a.40.2"])],
            sessionKeys: [EncryptionKey(method: .cbcs, uri: "skd://1", keyFormat: "com.example")])
        #expect(
            try playlist.render() == """
                #EXTM3U
                #EXT-X-VERSION:5
                #EXT-X-INDEPENDENT-SEGMENTS
                #EXT-X-SESSION-KEY:METHOD=SAMPLE-AES,URI="skd://1",KEYFORMAT="com.example"
                #EXT-X-STREAM-INF:BANDWIDTH=2,AVERAGE-BANDWIDTH=1,CODECS="mp4a.40.2"
                a.m3u8

                """)
    }

    @Test("What the format forbids is not written")
    func refused() {
        let good = variant("v.m3u8", 10, PixelSize(640, 360), level: "64001e")
        let english = Playlist.Rendition(
            kind: .audio, group: "audio", name: "English", language: "en", isDefault: true, uri: "a.m3u8")
        let text = Playlist.Rendition(
            kind: .subtitles, group: "subs", name: "English", language: "en", uri: "s.m3u8")
        func fails(_ renditions: [Playlist.Rendition], _ variant: Playlist.Variant) -> Bool {
            (try? Playlist(variants: [variant], renditions: renditions).render()) == nil
        }
        #expect(!fails([english, text], good))
        #expect(fails([text], good))
        #expect(fails([english, english, text], good))
        for change: (inout Playlist.Rendition) -> Void in [
            { $0.isDefault = false }, { $0.isAutoselected = false }, { $0.isForced = true }, { $0.name = "" },
            { $0.name = "a\"b" }, { $0.uri = "a b" }, { $0.language = "" },
        ] {
            var changed = english
            change(&changed)
            #expect(fails([changed, text], good))
        }
        var lost = text
        lost.uri = nil
        #expect(fails([english, lost], good))
        var nameless = good
        nameless.codecs = []
        #expect(fails([english, text], nameless))
        #expect((try? Playlist(variants: []).render()) == nil)
    }
}

@Suite("Groups")
struct RenditionGroupTests {
    private func track(_ language: String?, _ title: String? = nil, _ disposition: String...)
        -> RenditionTrack
    {
        RenditionTrack(
            label: TrackLabel(language: language, title: title, disposition: disposition), uri: "u",
            channels: 2)
    }

    @Test("Names differ, in the order of the tracks")
    func names() {
        let group = MultivariantPlaylist.Rendition.group(
            .audio, id: "a",
            of: [
                track("eng"), track("eng"), track("pt_BR"), track(nil),
                track("eng", "The \"Director's\"\n cut"),
                track("mis"), track("und"),
            ])
        #expect(
            group.map(\.name) == [
                "English", "English 2", "Portuguese (BR)", "Unknown", "The 'Director's' cut", "mis",
                "Unknown 2",
            ])
        #expect(group.map(\.language) == ["en", "en", "pt-BR", "und", "en", "mis", "und"])
    }

    @Test(
        "An audio group has one default",
        arguments: [
            ([[], ["default"], ["default"]], 1),
            ([[], [], []], 0),
            ([["comment"], [], []], 1),
            ([["visual_impaired", "default"], [], ["default"]], 2),
            ([["comment"], ["descriptions"]], 0),
        ] as [([[String]], Int)])
    func defaults(dispositions: [[String]], expected: Int) {
        let tracks = dispositions.map {
            RenditionTrack(label: TrackLabel(language: "en", disposition: $0), uri: "u")
        }
        let group = MultivariantPlaylist.Rendition.group(.audio, id: "a", of: tracks)
        #expect(group.indices.filter { group[$0].isDefault } == [expected])
        #expect(group[expected].isAutoselected)
    }

    @Test("Players choose between tracks that differ, never a commentary")
    func autoselect() {
        let group = MultivariantPlaylist.Rendition.group(
            .audio, id: "a",
            of: [
                track("eng"), track("eng", nil, "default"), track("fra"),
                track("eng", nil, "visual_impaired"),
                track("spa", nil, "comment"),
            ])
        // The first is like the default in all that a player can tell them apart by.
        #expect(group.map(\.isAutoselected) == [false, true, true, true, false])
        #expect(group[3].characteristics == ["public.accessibility.describes-video"])
    }

    @Test("Subtitles are on only if the source has them on, and not for being forced")
    func subtitles() {
        typealias Rendition = MultivariantPlaylist.Rendition
        let off = Rendition.group(.subtitles, id: "s", of: [track("en"), track("de")])
        #expect(off.map(\.isDefault) == [false, false])
        let forced = Rendition.group(
            .subtitles, id: "s", of: [track("en", nil, "forced", "default"), track("en", nil, "default")])
        #expect(forced.map(\.isDefault) == [false, true])
        #expect(forced.map(\.isForced) == [true, false])
        #expect(forced.map(\.isAutoselected) == [true, true])
        #expect(forced.map(\.channels) == [nil, nil])
    }

    @Test(
        "Languages have their shortest tag",
        arguments: [
            ("eng", "en"), ("en", "en"), ("ger", "de"), ("deu", "de"), ("GER-at", "de-AT"),
            ("pt_BR", "pt-BR"),
            ("zho-hant-tw", "zh-Hant-TW"), ("chi", "zh"), ("gsw", "gsw"), ("spa-419", "es-419"),
            ("sl-rozaj", "sl-rozaj"), ("English", "en"), ("Klingonish", "und"), ("", "und"), (nil, "und"),
            ("und", "und"), ("e", "und"), ("12", "und"), ("en-US-x", "en-US"), ("en--US", "en"),
            ("ben", "bn"), ("eng-x-clear", "en-x-clear"), ("x-klingon", "x-klingon"), ("zh-yue-HK", "zh-yue-HK"),
        ] as [(String?, String)])
    func languages(text: String?, expected: String) {
        #expect(languageTag(for: text) == expected)
    }
}
