import Testing
import VTXModel

@Suite("Package layout")
struct PackageLayoutTests {
    @Test("Files of a rendition are numbered from 1")
    func separateFiles() {
        let fmp4 = PackageLayout(type: .fmp4, isSingleFile: false)
        #expect(fmp4.initialization == "init.mp4")
        #expect(fmp4.segment(0) == "segment-00001.m4s")
        #expect(fmp4.segment(99_999) == "segment-100000.m4s")
        #expect(fmp4.encryptedKeyFrame(1) == "iframe-00002.m4s")
        let ts = PackageLayout(type: .ts, isSingleFile: false)
        #expect(ts.segment(9) == "segment-00010.ts")
        #expect(ts.encryptedKeyFrame(0) == "iframe-00001.ts")
        #expect(ts.encryptedTables == "tables.ts")
    }

    @Test("A rendition in a single file is one file, and one of encrypted key frames")
    func singleFile() {
        let fmp4 = PackageLayout(type: .fmp4, isSingleFile: true)
        #expect([fmp4.initialization, fmp4.segment(0), fmp4.segment(7)].allSatisfy { $0 == "media.mp4" })
        #expect(fmp4.encryptedKeyFrame(3) == "iframes.mp4")
        let ts = PackageLayout(type: .ts, isSingleFile: true)
        #expect(ts.segment(7) == "media.ts")
        #expect(ts.encryptedTables == "iframes.ts")
        #expect(ts.encryptedKeyFrame(3) == "iframes.ts")
    }

    @Test("Names that depend on nothing")
    func fixed() {
        #expect(PackageLayout.multivariantPlaylist == "master.m3u8")
        #expect(PackageLayout.mediaPlaylist == "index.m3u8")
        #expect(PackageLayout.iFramePlaylist == "iframes.m3u8")
        #expect(PackageLayout.poster == "poster.jpg")
        #expect(PackageLayout.thumbnails + "/" + PackageLayout.thumbnailIndex == "thumbnails/thumbnails.vtt")
        #expect(PackageLayout.spriteSheet(0) == "sheet-001.jpg")
        #expect(PackageLayout.subtitleSegment(0) == "segment-00001.vtt")
    }
}
