// Parts of packages in a source tree: what playlists and manifests name.

import Foundation
import Testing

@testable import VTXBatch

@Suite("package parts")
struct PackagePartsTests {
    private func parts(_ manifests: (path: String, text: String)...) -> PackageParts {
        var parts = PackageParts()
        for manifest in manifests { parts.add(manifest.text, at: manifest.path) }
        return parts
    }

    @Test("An HLS playlist names its segments, its initialization segment and its file of byte ranges")
    func hls() {
        let parts = parts(
            (
                "show/720p/index.m3u8",
                """
                #EXTM3U\r
                #EXT-X-TARGETDURATION:6\r
                #EXT-X-MAP:URI="init.mp4",BYTERANGE="700@0"\r
                #EXTINF:6,\r
                segment-00001.m4s?token=1\r
                #EXTINF:6,\r
                ../media/a%20b.ts\r
                https://example.org/far.ts\r
                /absolute.ts\r
                """
            ))
        for path in ["show/720p/init.mp4", "show/720p/segment-00001.m4s", "show/media/a b.ts"] {
            #expect(parts.hold(path), "\(path)")
        }
        for path in ["show/720p/other.mp4", "init.mp4", "absolute.ts", "show/far.ts"] {
            #expect(!parts.hold(path), "\(path)")
        }
    }

    @Test("A list of files for music players is no package")
    func music() {
        #expect(parts(("list.m3u8", "#EXTM3U\n#EXTINF:200,A song\nsong.mp3\n")).isEmpty)
        #expect(parts(("list.m3u", "song.mp3\n")).isEmpty)
    }

    @Test("A hostile manifest does not hang", .timeLimit(.minutes(60)))
    func hostile() {
        let bases = (0..<20_000).map { "<BaseURL>b\($0)/</BaseURL>" }.joined()
        let media = (0..<20_000).map { "<SegmentTemplate media=\"m\($0)-$Number$.m4s\"/>" }.joined()
        let gaps = "<SegmentTemplate media=\"" + String(repeating: "a$N$", count: 5_000) + "b\"/>"
        let parts = parts(("d/m.mpd", "<MPD>" + bases + media + gaps + "</MPD>"))
        #expect(!parts.hold("d/" + String(repeating: "a", count: 250)))
        #expect(parts.hold("d/m0-1.m4s"))
    }

    @Test("A DASH manifest names files by templates, and below base URLs")
    func dash() {
        let parts = parts(
            (
                "d/manifest.mpd",
                """
                <?xml version="1.0"?><MPD><Period><BaseURL>video/</BaseURL>
                <SegmentTemplate media="chunk-$RepresentationID$-$Number%05d$.m4s" initialization="init-$RepresentationID$.mp4"/>
                <Representation><BaseURL>whole.mp4</BaseURL></Representation></Period></MPD>
                """
            ))
        for path in ["d/chunk-0-00001.m4s", "d/video/init-1.mp4", "d/whole.mp4"] {
            #expect(parts.hold(path), "\(path)")
        }
        for path in ["d/talk.mp4", "chunk-0-00001.m4s", "d/video/deep/init-1.mp4"] {
            #expect(!parts.hold(path), "\(path)")
        }
    }

    @Test("A path that leads out of the tree names nothing")
    func outside() {
        #expect(!parts(("a.m3u8", "#EXTM3U\n#EXT-X-VERSION:3\n../b.ts\n")).hold("b.ts"))
    }

    @Test("Names that downloads have until they are complete", arguments: ["a.mp4.part", "a.mkv.crdownload", "A.TMP"])
    func unfinished(name: String) { #expect(isNamedLikeUnfinished(name)) }

    @Test("Other names are finished", arguments: ["a.mp4", "part", "tmp.mkv", "a.part.mp4"])
    func finished(name: String) { #expect(!isNamedLikeUnfinished(name)) }

    @Test("A walk leaves parts of packages and unfinished files out, and counts them")
    func walk() throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("vtx-parts-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        let files = [
            "talk.mp4": "", "talk.m3u8": "#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:1,\ntalk0.ts\n", "talk0.ts": "",
            "p/master.m3u8": "#EXTM3U\n#EXT-X-VERSION:7\n720p/index.m3u8\n", "p/720p/init.mp4": "",
            "p/720p/index.m3u8": "#EXTM3U\n#EXT-X-MAP:URI=\"init.mp4\"\n", "half.mkv.part": "", ".hidden.mp4": "",
        ]
        for (path, text) in files {
            let file = root.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: false, encoding: .utf8)
        }
        var walk = TreeWalk(root: root.path, avoided: "/nowhere")
        let found = walk.run()
        #expect(found.candidates.map(\.path).filter { !$0.hasSuffix(".m3u8") } == ["talk.mp4"])
        #expect(found.skipped.packaged == 3 && found.skipped.unfinished == 1 && found.skipped.hidden == 1)
        #expect(walk.isPackaged("p/720p/init.mp4") && walk.isPackaged("talk0.ts") && !walk.isPackaged("talk.mp4"))
        walk.include = [Glob("*.part")]
        #expect(walk.run().candidates.map(\.path) == ["half.mkv.part"])
    }
}
