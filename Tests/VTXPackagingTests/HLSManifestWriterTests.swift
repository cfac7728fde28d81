import Testing
import VTXModel

@testable import VTXPackaging

@Suite("HLS manifests of a package")
struct HLSManifestWriterTests {
    private let layout = PackageLayout(type: .fmp4, isSingleFile: false)

    /// Two segments of 4 s and 2 s.
    private func rendition(_ name: String, _ codec: String, bytes: Int64) -> PackagedRendition {
        let second = Rational(1)
        let segments = [(0, 4), (4, 2)].enumerated().map { index, span in
            SegmentRecord(
                uri: layout.segment(index), start: MediaTime(Int64(span.0), second),
                duration: MediaTime(Int64(span.1), second), bytes: bytes * Int64(span.1))
        }
        return PackagedRendition(
            name: name, codec: codec, segments: segments.map { .init($0) },
            initialization: .init(name: layout.initialization))
    }

    private func video(_ name: String, bytes: Int64) -> PackagedRendition {
        var rendition = rendition(name, "avc1.4d401f", bytes: bytes)
        rendition.resolution = PixelSize(1280, 720)
        rendition.frameRate = Rational(25)
        rendition.videoRange = .sdr
        return rendition
    }

    private func audio(_ name: String, _ codec: String = "mp4a.40.2", bytes: Int64 = 16_000) -> PackagedRendition {
        var rendition = rendition(name, codec, bytes: bytes)
        rendition.channels = 2
        return rendition
    }

    private func member(_ rendition: PackagedRendition, _ language: String) -> PackageDescription.Member {
        PackageDescription.Member(rendition, label: TrackLabel(language: language))
    }

    private func files(_ package: PackageDescription) throws -> [String: String] {
        let files = try HLSManifestWriter().files(for: package, layout: layout)
        #expect(files.last?.path == "master.m3u8")
        return Dictionary(uniqueKeysWithValues: files.map { ($0.path, $0.text) })
    }

    @Test("Video, audio and subtitles")
    func whole() throws {
        var leading = video("720p", bytes: 250_000)
        let frames = [(0, 1000), (4, 2000)].map { time, bytes in
            KeyFrameRecord(time: MediaTime(Int64(time), Rational(1)), offset: 100, bytes: Int64(bytes))
        }
        leading.keyFrames = zip(leading.segments, frames).map { .init(file: $0.record.uri, record: $1) }
        leading.keyFrameInitialization = leading.initialization
        let package = PackageDescription(
            video: [leading],
            audioGroups: [.init(name: "aac", members: [member(audio("audio/en"), "eng")])],
            subtitles: [
                .init(
                    name: "subtitles/de", label: TrackLabel(language: "ger"),
                    cues: [.init(start: .zero, end: MediaTime(1, Rational(1)), text: "Hallo")])
            ])
        let files = try files(package)
        #expect(
            Set(files.keys) == [
                "720p/index.m3u8", "720p/iframes.m3u8", "audio/en/index.m3u8", "subtitles/de/index.m3u8",
                "subtitles/de/segment-00001.vtt", "subtitles/de/segment-00002.vtt", "master.m3u8",
            ])
        #expect(
            files["720p/index.m3u8"] == """
                #EXTM3U
                #EXT-X-VERSION:6
                #EXT-X-TARGETDURATION:4
                #EXT-X-MEDIA-SEQUENCE:0
                #EXT-X-PLAYLIST-TYPE:VOD
                #EXT-X-MAP:URI="init.mp4"
                #EXTINF:4.000000,
                segment-00001.m4s
                #EXTINF:2.000000,
                segment-00002.m4s
                #EXT-X-ENDLIST

                """)
        #expect(files["720p/iframes.m3u8"]?.contains("#EXT-X-BYTERANGE:2000@100\nsegment-00002.m4s\n") == true)
        #expect(files["subtitles/de/segment-00001.vtt"]?.hasSuffix("\nHallo\n") == true)
        #expect(
            files["master.m3u8"] == """
                #EXTM3U
                #EXT-X-VERSION:4
                #EXT-X-INDEPENDENT-SEGMENTS
                #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="aac",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,\
                CHANNELS="2",URI="audio/en/index.m3u8"
                #EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="German",LANGUAGE="de",DEFAULT=NO,\
                AUTOSELECT=YES,FORCED=NO,URI="subtitles/de/index.m3u8"
                #EXT-X-STREAM-INF:BANDWIDTH=2128000,AVERAGE-BANDWIDTH=2128000,CODECS="avc1.4d401f,mp4a.40.2",\
                RESOLUTION=1280x720,FRAME-RATE=25.000,VIDEO-RANGE=SDR,AUDIO="aac",SUBTITLES="subtitles",\
                CLOSED-CAPTIONS=NONE
                720p/index.m3u8
                #EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=8000,AVERAGE-BANDWIDTH=4000,CODECS="avc1.4d401f",\
                RESOLUTION=1280x720,VIDEO-RANGE=SDR,URI="720p/iframes.m3u8"

                """)
    }

    @Test("Without audio variants name no group; the one nearest to 2 Mb/s comes first")
    func videoOnly() throws {
        let package = PackageDescription(video: [
            video("1080p", bytes: 600_000), video("720p", bytes: 250_000), video("360p", bytes: 60_000),
        ])
        let master = try #require(try files(package)["master.m3u8"])
        #expect(!master.contains("AUDIO="))
        let names = master.split(separator: "\n").filter { $0.hasSuffix("index.m3u8") }
        #expect(names == ["720p/index.m3u8", "1080p/index.m3u8", "360p/index.m3u8"])
    }

    @Test("One rendition of audio alone is the variant itself")
    func audioOnly() throws {
        let package = PackageDescription(audioGroups: [.init(name: "aac", members: [member(audio("audio"), "eng")])])
        #expect(
            try files(package)["master.m3u8"] == """
                #EXTM3U
                #EXT-X-INDEPENDENT-SEGMENTS
                #EXT-X-STREAM-INF:BANDWIDTH=128000,AVERAGE-BANDWIDTH=128000,CODECS="mp4a.40.2"
                audio/index.m3u8

                """)
    }

    @Test("Several groups: every video with each of them, a shared rendition written once")
    func groups() throws {
        let shared = audio("audio/de", bytes: 16_000)
        let package = PackageDescription(
            video: [video("720p", bytes: 250_000), video("360p", bytes: 60_000)],
            audioGroups: [
                .init(name: "stereo", members: [member(audio("audio/en"), "eng"), member(shared, "ger")]),
                .init(
                    name: "surround",
                    members: [member(audio("audio/en-ac3", "ac-3", bytes: 56_000), "eng"), member(shared, "ger")]),
            ])
        let written = try HLSManifestWriter().files(for: package, layout: layout)
        #expect(written.count { $0.path == "audio/de/index.m3u8" } == 1)
        let master = try #require(written.last).text.split(separator: "\n")
        let variants = master.filter { $0.hasPrefix("#EXT-X-STREAM-INF") }
        #expect(variants.count == 4)
        #expect(variants.count { $0.contains("CODECS=\"avc1.4d401f,ac-3,mp4a.40.2\"") } == 2)
        // The most demanding member of the group counts.
        #expect(variants.count { $0.contains("BANDWIDTH=2448000,") && $0.contains("AUDIO=\"surround\"") } == 1)
        #expect(master.count { $0.hasPrefix("#EXT-X-MEDIA:TYPE=AUDIO") } == 4)
    }

    @Test(
        "Keys are named from where the playlist is",
        arguments: [
            ("keys/1.key", "../../keys/1.key"), ("/keys/1", "/keys/1"),
            ("https://keys.example/1", "https://keys.example/1"),
            ("skd://1", "skd://1"), ("1?a:b", "../../1?a:b"),
        ])
    func keys(uri: String, expected: String) throws {
        var rendition = audio("audio/en")
        let key = EncryptionKey(method: .cbcs, uri: uri, iv: [UInt8](repeating: 1, count: 16))
        for index in rendition.segments.indices { rendition.segments[index].keys = [key] }
        let package = PackageDescription(audioGroups: [.init(name: "aac", members: [member(rendition, "eng")])])
        let text = try #require(try files(package)["audio/en/index.m3u8"])
        #expect(text.contains("#EXT-X-KEY:METHOD=SAMPLE-AES,URI=\"\(expected)\",IV=0x"))
        #expect(text.split(separator: "\n").count { $0.hasPrefix("#EXT-X-KEY") } == 1)
    }

    @Test("Thumbnails are listed up to the end of the longest rendition")
    func thumbnails() throws {
        var package = PackageDescription(video: [video("720p", bytes: 250_000)])
        #expect(try ThumbnailIndexWriter().files(for: package, layout: layout).isEmpty)
        package.thumbnails = SpriteLayout(
            columns: 2, rows: 1, tile: PixelSize(160, 90), interval: MediaTime(2, Rational(1)))
        let file = try #require(try ThumbnailIndexWriter().files(for: package, layout: layout).first)
        #expect(file.path == "thumbnails/thumbnails.vtt")
        #expect(file.text.hasSuffix("00:00:04.000 --> 00:00:06.000\nsheet-002.jpg#xywh=0,0,160,90\n"))
    }
}
