import Testing
import VTXModel

@testable import VTXPackaging

@Suite("Media playlists")
struct MediaPlaylistTests {
    /// Times of 29.97 fps video in units of a frame.
    private let frame = Rational(1001, 30_000)

    private func records(_ names: [String], frames: [Int64] = [180, 180, 60], extra: Int64 = 0)
        -> [SegmentRecord]
    {
        var start: Int64 = 0
        return zip(names, frames).enumerated().map { number, pair in
            defer { start += pair.1 }
            return SegmentRecord(
                uri: pair.0, start: MediaTime(start, frame), duration: MediaTime(pair.1, frame),
                bytes: 750_000 + Int64(number),
                keyFrames: stride(from: 0, to: pair.1, by: 60).map {
                    KeyFrameRecord(
                        time: MediaTime(start + $0, frame), offset: extra + $0 * 4000, bytes: 20_000 + $0)
                })
        }
    }

    /// A rendition in a directory of the package.
    private func rendition(
        _ records: [SegmentRecord], initialization keysOfMap: [EncryptionKey] = [],
        keys: (_ keyFrame: Int, _ segment: Int) -> [EncryptionKey] = { _, _ in [] }
    ) -> PackagedRendition {
        PackagedRendition(
            name: "v", codec: "avc1.4d401f", segments: records.map { .init($0) },
            keyFrames: PackagedRendition.keyFrames(of: records, keys: keys),
            keyFrameInitialization: .init(name: "init.mp4", keys: keysOfMap))
    }

    @Test("fMP4 segments")
    func fragmented() throws {
        let playlist = MediaPlaylist(
            of: records(["seg-00000.m4s", "seg-00001.m4s", "seg 2.m4s"]),
            map: InitializationMap(uri: "init.mp4"))
        #expect(
            try playlist.render() == """
                #EXTM3U
                #EXT-X-VERSION:6
                #EXT-X-TARGETDURATION:6
                #EXT-X-MEDIA-SEQUENCE:0
                #EXT-X-PLAYLIST-TYPE:VOD
                #EXT-X-MAP:URI="init.mp4"
                #EXTINF:6.006000,
                seg-00000.m4s
                #EXTINF:6.006000,
                seg-00001.m4s
                #EXTINF:2.002000,
                seg%202.m4s
                #EXT-X-ENDLIST

                """)
    }

    @Test("Transport stream segments need nothing but version 3")
    func transport() throws {
        let playlist = MediaPlaylist(of: records(["a.ts"], frames: [150]), minimumTargetDuration: 6)
        #expect(
            try playlist.render() == """
                #EXTM3U
                #EXT-X-VERSION:3
                #EXT-X-TARGETDURATION:6
                #EXT-X-MEDIA-SEQUENCE:0
                #EXT-X-PLAYLIST-TYPE:VOD
                #EXTINF:5.005000,
                a.ts
                #EXT-X-ENDLIST

                """)
    }

    @Test("One file with byte ranges")
    func singleFile() throws {
        var offset: Int64 = 812
        let parts = records(["v.mp4", "v.mp4", "v.mp4"]).map { record in
            var record = record
            record.byteOffset = offset
            offset += record.bytes
            return record
        }
        let playlist = MediaPlaylist(
            of: parts, map: InitializationMap(uri: "v.mp4", bytes: ByteRange(offset: 0, count: 812)))
        #expect(
            try playlist.render() == """
                #EXTM3U
                #EXT-X-VERSION:6
                #EXT-X-TARGETDURATION:6
                #EXT-X-MEDIA-SEQUENCE:0
                #EXT-X-PLAYLIST-TYPE:VOD
                #EXT-X-MAP:URI="v.mp4",BYTERANGE="812@0"
                #EXTINF:6.006000,
                #EXT-X-BYTERANGE:750000@812
                v.mp4
                #EXTINF:6.006000,
                #EXT-X-BYTERANGE:750001@750812
                v.mp4
                #EXTINF:2.002000,
                #EXT-X-BYTERANGE:750002@1500813
                v.mp4
                #EXT-X-ENDLIST

                """)
    }

    @Test("AES-128 with a new key every two segments, the map encrypted by the first")
    func rotation() throws {
        let iv = [UInt8](repeating: 0, count: 15)
        let keys = [0, 1].map {
            EncryptionKey(method: .aes128, uri: "keys/\($0).key", iv: iv + [UInt8($0)])
        }
        let playlist = MediaPlaylist(
            of: records(["0.m4s", "1.m4s", "2.m4s"]),
            map: InitializationMap(uri: "init.mp4", keys: [keys[0]])
        ) { [keys[$0 / 2]] }
        #expect(
            try playlist.render() == """
                #EXTM3U
                #EXT-X-VERSION:6
                #EXT-X-TARGETDURATION:6
                #EXT-X-MEDIA-SEQUENCE:0
                #EXT-X-PLAYLIST-TYPE:VOD
                #EXT-X-KEY:METHOD=AES-128,URI="keys/0.key",IV=0x00000000000000000000000000000000
                #EXT-X-MAP:URI="init.mp4"
                #EXTINF:6.006000,
                0.m4s
                #EXTINF:6.006000,
                1.m4s
                #EXT-X-KEY:METHOD=AES-128,URI="keys/1.key",IV=0x00000000000000000000000000000001
                #EXTINF:2.002000,
                2.m4s
                #EXT-X-ENDLIST

                """)
    }

    @Test("AES-128 of transport streams without IV is version 3; clear segments say NONE")
    func clearAgain() throws {
        let key = EncryptionKey(method: .aes128, uri: "k.key")
        let playlist = MediaPlaylist(of: records(["0.ts", "1.ts", "2.ts"])) { $0 == 1 ? [key] : [] }
        let lines = try playlist.render().split(separator: "\n").map(String.init)
        #expect(lines[1] == "#EXT-X-VERSION:3")
        #expect(
            Array(lines[5...11]) == [
                "#EXTINF:6.006000,", "0.ts", "#EXT-X-KEY:METHOD=AES-128,URI=\"k.key\"", "#EXTINF:6.006000,",
                "1.ts",
                "#EXT-X-KEY:METHOD=NONE", "#EXTINF:2.002000,",
            ])
    }

    @Test("cbcs has a clear map, before the key")
    func sampleEncryption() throws {
        let key = EncryptionKey(
            method: .cbcs, uri: "skd://asset/1", iv: [UInt8](repeating: 0xAB, count: 16),
            keyFormat: "com.apple.streamingkeydelivery", keyFormatVersions: "1")
        let playlist = MediaPlaylist(
            of: records(["0.m4s", "1.m4s", "2.m4s"]), map: InitializationMap(uri: "init.mp4")
        ) { _ in [key] }
        let lines = try playlist.render().split(separator: "\n").map(String.init)
        #expect(
            Array(lines[5...8]) == [
                "#EXT-X-MAP:URI=\"init.mp4\"",
                "#EXT-X-KEY:METHOD=SAMPLE-AES,URI=\"skd://asset/1\",IV=0xABABABABABABABABABABABABABABABAB,"
                    + "KEYFORMAT=\"com.apple.streamingkeydelivery\",KEYFORMATVERSIONS=\"1\"",
                "#EXTINF:6.006000,", "0.m4s",
            ])
        #expect(lines.filter { $0.hasPrefix("#EXT-X-KEY") }.count == 1)
    }

    @Test("I-frames last until the next one, the last to the end")
    func iFrames() throws {
        let playlist = try #require(
            MediaPlaylist(iFramesOf: rendition(records(["0.m4s", "1.m4s"], frames: [120, 90]))))
        #expect(
            try playlist.render() == """
                #EXTM3U
                #EXT-X-VERSION:5
                #EXT-X-TARGETDURATION:2
                #EXT-X-MEDIA-SEQUENCE:0
                #EXT-X-PLAYLIST-TYPE:VOD
                #EXT-X-I-FRAMES-ONLY
                #EXT-X-MAP:URI="init.mp4"
                #EXTINF:2.002000,
                #EXT-X-BYTERANGE:20000@0
                0.m4s
                #EXTINF:2.002000,
                #EXT-X-BYTERANGE:20060@240000
                0.m4s
                #EXTINF:2.002000,
                #EXT-X-BYTERANGE:20000@0
                1.m4s
                #EXTINF:1.001000,
                #EXT-X-BYTERANGE:20060@240000
                1.m4s
                #EXT-X-ENDLIST

                """)
        // 20,060 bytes over a second and a millisecond, and nothing of the frames in between.
        #expect(playlist.bitRates == BitRates(peak: 160_320, average: 91_475))
    }

    @Test("Key frames of their own file are named with their keys")
    func encryptedIFrames() throws {
        var all = records(["0.m4s", "1.m4s"], frames: [120, 90])
        var offset: Int64 = 64
        for segment in all.indices {
            for frame in all[segment].keyFrames.indices {
                all[segment].keyFrames[frame].uri = "iframes.m4s"
                all[segment].keyFrames[frame].offset = offset
                offset += all[segment].keyFrames[frame].bytes
            }
        }
        func key(_ message: Int, _ segment: Int) -> [EncryptionKey] {
            let iv = [UInt8](repeating: 0, count: 15) + [UInt8(message)]
            return [EncryptionKey(method: .aes128, uri: "\(segment).key", iv: iv)]
        }
        let playlist = try #require(MediaPlaylist(iFramesOf: rendition(all, initialization: key(9, 0), keys: key)))
        let text = try playlist.render()
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#EXTINF") }.dropFirst(6)
        let zeros = String(repeating: "0", count: 31)
        func line(_ message: Int, _ segment: Int) -> Substring {
            "#EXT-X-KEY:METHOD=AES-128,URI=\"../\(segment).key\",IV=0x\(zeros)\(message)"
        }
        #expect(
            Array(lines) == [
                line(9, 0), "#EXT-X-MAP:URI=\"init.mp4\"",
                line(0, 0), "#EXT-X-BYTERANGE:20000@64", "iframes.m4s",
                line(1, 0), "#EXT-X-BYTERANGE:20060@20064", "iframes.m4s",
                line(2, 1), "#EXT-X-BYTERANGE:20000@40124", "iframes.m4s",
                line(3, 1), "#EXT-X-BYTERANGE:20060@60124", "iframes.m4s",
                "#EXT-X-ENDLIST",
            ])
    }

    @Test("A discontinuity is said before its segment")
    func discontinuity() throws {
        var playlist = MediaPlaylist(of: records(["0.ts", "1.ts"], frames: [60, 60]))
        playlist.segments[1].isDiscontinuous = true
        let text = try playlist.render()
        #expect(text.contains("0.ts\n#EXT-X-DISCONTINUITY\n#EXTINF:2.002000,\n1.ts\n"))
    }

    @Test("Printed durations never drift: their sums are the rounded times")
    func drift() {
        // 5 frames of 23.976 fps are 208,541.66… µs.
        let unit = Rational(1001, 24_000)
        let segments = (0..<10_000).map {
            MediaPlaylist.Segment(uri: "\($0)", duration: MediaTime(5, unit), bytes: 1)
        }
        let printed = roundedDurations(segments.map(\.duration))
        #expect(Set(printed) == [208_541, 208_542])
        #expect(printed.reduce(0, +) == MediaTime(50_000, unit).rescaled(to: MediaTime.microsecond).ticks)
    }

    @Test("Durations in other units follow each other without loss")
    func units() {
        let segments = [
            MediaTime(1024 * 300, Rational(1, 44_100)), MediaTime(7, Rational(1, 3)),
            MediaTime(1, Rational(2, 3)),
        ].map { MediaPlaylist.Segment(uri: "a", duration: $0, bytes: 1) }
        #expect(roundedDurations(segments.map(\.duration)) == [6_965_986, 2_333_333, 666_667])
    }

    @Test(
        "The target duration is the longest duration, rounded, one second at least",
        arguments: [([6.006], 6), ([5.5, 2], 6), ([5.499999], 5), ([0.2], 1), ([6.5], 7)]
            as [([Double], Int64)])
    func targets(durations: [Double], expected: Int64) {
        let segments = durations.map {
            MediaPlaylist.Segment(uri: "a", duration: MediaTime(seconds: $0), bytes: 1)
        }
        #expect(MediaPlaylist(segments: segments).targetDuration == expected)
    }

    @Test("What the format forbids is not written")
    func refused() {
        let good = MediaPlaylist.Segment(uri: "a.ts", duration: MediaTime(1, Rational(1)), bytes: 1)
        func fails(_ playlist: MediaPlaylist) -> Bool { (try? playlist.render()) == nil }
        func with(_ change: (inout MediaPlaylist.Segment) -> Void) -> MediaPlaylist {
            var segment = good
            change(&segment)
            return MediaPlaylist(segments: [good, segment])
        }
        #expect(!fails(with { _ in }))
        #expect(fails(MediaPlaylist(segments: [])))
        #expect(fails(with { $0.duration = .zero }))
        #expect(fails(with { $0.duration = MediaTime(1, Rational(1, 10_000_000)) }))
        #expect(fails(with { $0.bytes = 0 }))
        for uri in ["", "#a.ts", "a b.ts", "a\nb.ts", "ä.ts", "a\".ts"] {
            #expect(fails(with { $0.uri = uri }))
        }
        #expect(fails(with { $0.keys = [EncryptionKey(method: .aes128, uri: "k", iv: [1, 2])] }))
        let key = EncryptionKey(method: .aes128, uri: "k")
        #expect(fails(MediaPlaylist(segments: [good], map: InitializationMap(uri: "i.mp4", keys: [key]))))
    }
}
