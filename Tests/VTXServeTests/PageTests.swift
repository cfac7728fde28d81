// The pages: what they are told, and that names from a disk stay text.

import Testing
import VTXPlayer

@testable import VTXServe

@Suite("Pages")
struct PageTests {
    @Test("The player page says what the package has, and nothing else")
    func settings() {
        let bare = PlayerPage(script: .pinned, hasPoster: false, hasThumbnails: false).html
        #expect(bare.contains(PlayerScript.pinnedURL) && bare.contains(PlayerScript.pinnedIntegrity))
        #expect(!bare.contains("poster.jpg") && !bare.contains("thumbnails.vtt") && !bare.contains("vtx-report"))
        let full = PlayerPage(
            script: .file("player/hls.js"), hasPoster: true, hasThumbnails: true, report: "player/events"
        ).html
        for name in ["player/hls.js", "poster.jpg", "thumbnails/thumbnails.vtt", "player/events", PlayerPage.mark] {
            #expect(full.contains(#"content="\#(name)""#) || full.contains(name), "\(name)")
        }
        #expect(!full.contains("<!-- settings -->") && !full.contains("jsdelivr"))
    }

    @Test("Every file that the page names is one of its assets")
    func assets() {
        let names = Set(PlayerPage.assets.map(\.name))
        #expect(names.contains("player/player.js") && names.contains("player/player.css"))
        for asset in PlayerPage.assets where asset.name.hasSuffix(".js") {
            let text = String(decoding: asset.bytes, as: UTF8.self)
            for line in text.split(separator: "\n") where line.hasPrefix("import ") {
                let file = line.split(separator: "'")[1].dropFirst(2)
                #expect(names.contains("player/\(file)"), "\(asset.name) imports \(file)")
            }
        }
    }

    @Test("The index escapes names")
    func index() {
        let package = PackageSummary(
            path: ["<b>", #"a"&'.mp4"#], duration: 3723, rungs: ["1080p", "audio"], bandwidth: 900_000...7_441_000,
            hasPoster: true)
        let html = IndexPage(title: "<t>", packages: [package]) { $0.map(percentEncoded).joined(separator: "/") + "/" }
            .html
        #expect(!html.contains("<b>") && !html.contains("<t>"))
        #expect(html.contains("a&quot;&amp;&#39;.mp4") && html.contains(#"href="%3Cb%3E/a%22%26%27.mp4/""#))
        #expect(html.contains("1:02:03") && html.contains("900 kb/s to 7.4 Mb/s") && html.contains("<li>audio</li>"))
        #expect(IndexPage(title: "", packages: []) { _ in "" }.html.contains("No packages"))
    }

    @Test("Playlists give rungs, rates and length")
    func playlists() {
        let master = """
            #EXTM3U
            #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="x,RESOLUTION=9x9"
            #EXT-X-STREAM-INF:CODECS="avc1,RESOLUTION=1x1",BANDWIDTH=100,RESOLUTION=608x1080
            720p/index.m3u8
            #EXT-X-STREAM-INF:BANDWIDTH=50
            audio/index.m3u8
            #EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI="x"
            """
        #expect(
            PlaylistReading.variants(of: master) == [
                .init(uri: "720p/index.m3u8", bandwidth: 100, height: 608),
                .init(uri: "audio/index.m3u8", bandwidth: 50, height: nil),
            ])
        #expect(PlaylistReading.duration(of: "#EXTINF:6.006,\na\n#EXTINF:1.5\nb\n#EXTINF:x,\nc") == 7.506)
        let strange = "#EXTINF:nan,\na\n#EXTINF:-1e300,\nb\n#EXTINF:inf,\nc\n#EXTINF:2,\nd"
        #expect(PlaylistReading.duration(of: strange) == 2)
    }

    @Test("No length in a playlist is too strange for the index", arguments: [-1e300, .nan, .infinity, 1e300])
    func strangeLengths(seconds: Double) {
        let package = PackageSummary(path: ["a"], duration: seconds, rungs: [], bandwidth: nil, hasPoster: false)
        #expect(IndexPage(title: "", packages: [package]) { _ in "a/" }.html.contains("</html>"))
    }
}
