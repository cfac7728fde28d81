// Real files by other people, where they are at hand. scripts/corpus goes through all of them and further.

import Foundation
import Testing

@Suite(
    "corpus", .enabled(if: corpus != nil, "skipped: no media at VTX_MEDIA or ../shared/media"),
    .timeLimit(.minutes(60)))
struct CorpusTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    private func names(_ prefix: String? = nil) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: try #require(corpus)).sorted()
            .filter { !$0.hasSuffix(".md") && !$0.hasPrefix(".") && (prefix == nil || $0.hasPrefix(prefix!)) }
    }

    @Test("Every intact file is described in one run")
    func probe() throws {
        let files = try names().filter { !$0.hasPrefix("broken_") }.map { corpus! + "/" + $0 }
        let result = try startVTX(["probe", "--json"] + files).wait(within: 100)
        #expect(result.status == 0, "\(result.summary)")
        let lines = result.json().filter { $0.type == "media" }
        #expect(lines.compactMap { $0.value("media.path", as: String.self) } == files)
        for line in lines {
            let streams: [JSONLine] = line.value("media.streams") ?? []
            #expect(!streams.isEmpty, "\(line)")
        }
    }

    @Test("Every damaged file is refused, or described, without a crash")
    func broken() throws {
        for name in try names("broken_") {
            let probed = try vtx("probe", "--deep", corpus! + "/" + name)
            #expect([0, 65].contains(probed.status ?? -1), "\(name): \(probed.summary)")
            let made = try vtx(
                "transcode", corpus! + "/" + name, "-o", folder.file("out.mp4"), "--speed", "ultrafast")
            #expect(made.status == 65, "\(name): \(made.summary)")
            #expect(folder.names.isEmpty)
        }
    }

    @Test(
        "A sample of intact files becomes MP4 with picture and audio together", .needsOracle,
        arguments: [
            "audio_late_1148ms.mp4", "ts_pts_wrap.ts", "h264_rotate_and_flip.mp4", "subs_ass.mkv",
            "vp8_resolution_change.webm",
            "vp9_odd_161x121.webm", "multi_2v2a2s_nasa.mp4", "h263_qcif.3gp", "chapters_qt_nero.mp4",
        ])
    func transcoded(name: String) throws {
        let source = corpus! + "/" + name
        guard FileManager.default.fileExists(atPath: source) else { return }
        let output = folder.file("out.mp4")
        try transcode(source, to: output)
        #expect(try Oracle.decodeErrors(output).isEmpty)
        let (before, after) = (try Oracle.describe(source), try Oracle.describe(output))
        #expect(after.video.count == 1)
        #expect(after.audio.count == before.audio.count)
        if name != "multi_2v2a2s_nasa.mp4", let picture = before.video.first, let audio = before.audio.first {
            let distance = after.video[0].start - after.audio[0].start
            #expect(near(distance, picture.start - audio.start, 0.047), "\(distance)")
            #expect(try Oracle.frameTimes(output).count == Oracle.frameTimes(source).count)
        }
    }
}
