// What is found in playlists: those of vtx, and of others.

import Testing

@testable import VTXPackaging

@Suite("playlist reader", .timeLimit(.minutes(60)))
struct PlaylistReaderTests {
    @Test("Variants are listed once, with their rows")
    func variants() {
        let text = """
            #EXTM3U
            #EXT-X-STREAM-INF:BANDWIDTH=100,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,AUDIO="a"
            720p/index.m3u8
            #EXT-X-STREAM-INF:BANDWIDTH=120,RESOLUTION=1280x720,AUDIO="b"
            720p/index.m3u8
            #EXT-X-STREAM-INF:BANDWIDTH=20,CODECS="mp4a.40.2"
            audio/index.m3u8
            """
        let found = playlistVariants(text)
        #expect(found?.map(\.uri) == ["720p/index.m3u8", "audio/index.m3u8"])
        #expect(found?.map(\.height) == [720, nil] && found?.first?.bandwidth == 100)
        #expect(playlistVariants("hello") == nil && playlistVariants("#EXTM3U")?.isEmpty == true)
    }

    @Test("Segments are files, or ranges that follow one another")
    func media() {
        let text = """
            #EXTM3U
            #EXT-X-MAP:URI="media.mp4",BYTERANGE="700@0"
            #EXTINF:2.000,
            #EXT-X-BYTERANGE:1000@700
            media.mp4
            #EXTINF:1.5,
            #EXT-X-BYTERANGE:500
            media.mp4
            #EXT-X-ENDLIST
            """
        let found = playlistMedia(text)
        #expect(found?.parts.map(\.range) == [0..<700, 700..<1700, 1700..<2200])
        #expect(found?.durations == [2, 1.5] && found?.isEnded == true && found?.isEncrypted == false)
        let plain = playlistMedia("#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI=\"k\"\n#EXTINF:2,\na.ts\n")
        #expect(plain?.parts == [PlaylistMedia.Part(uri: "a.ts", range: nil)] && plain?.isEncrypted == true)
    }

    @Test(
        "Nonsense is no range and no crash",
        arguments: ["-5@3", "9223372036854775807@9", "x", "", "@", "5@-1", "5@x"])
    func nonsense(range: String) {
        #expect(playlistMedia("#EXTM3U\n#EXT-X-BYTERANGE:\(range)\na.ts\n")?.parts.first?.uri == "a.ts")
    }
}
