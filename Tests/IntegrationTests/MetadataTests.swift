// Tags, projections and stereo modes, as ffprobe finds them in outputs.

import Foundation
import Testing

@Suite("Metadata", .enabled(if: Oracle.isInstalled), .timeLimit(.minutes(60)))
struct MetadataTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    private func clip(_ name: String, _ options: [String]) throws -> String {
        let path = folder.file(name)
        try Oracle.ffmpeg(
            [
                "-f", "lavfi", "-i", "testsrc2=size=64x48:rate=5:duration=1", "-f", "lavfi", "-i",
                "sine=duration=1", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac",
            ] + options + [path])
        return path
    }

    private func tags(_ values: [String: String]) -> [String] {
        values.sorted { $0.key < $1.key }.flatMap { ["-metadata", "\($0.key)=\($0.value)"] }
    }

    /// Transcodes, and expects tags of the output.
    private func expect(
        _ expected: [String: String], of source: String, in suffix: String, isCopy: Bool
    ) throws -> String {
        let output = folder.file("out-\(UUID().uuidString).\(suffix)")
        let arguments = ["transcode", source, "-o", output]
        let made = try startVTX(
            arguments + (isCopy ? ["--video", "copy", "--audio-codec", "copy"] : ["--speed", "ultrafast"])
        ).wait(within: 100)
        #expect(made.status == 0, "\(made.summary)")
        let found = try Oracle.describe(output)
        for (key, value) in expected {
            let tag = found.tag(key.lowercased())
            #expect(tag?.hasPrefix(value) ?? false, "\(suffix): \(key) is \(tag ?? "missing")")
        }
        #expect(try Oracle.decodeErrors(output).isEmpty)
        return output
    }

    private let phone = [
        "com.apple.quicktime.location.ISO6709": "+48.8577+002.2950", "com.apple.quicktime.make": "Äpple",
        "com.apple.quicktime.model": "Phone", "com.apple.quicktime.creationdate": "2022-11-09T20:36:38+0300",
        "com.apple.quicktime.software": "16.1",
    ]
    private let common = ["location": "+48.8577+002.2950", "make": "Äpple", "model": "Phone", "date": "2022-11-09"]

    @Test(
        "QuickTime's keys stay, and get their common names",
        arguments: [("mp4", true), ("mp4", false), ("mov", false), ("mkv", true)])
    func quickTime(suffix: String, isCopy: Bool) throws {
        let source = try clip(
            "phone.mov",
            tags(phone) + ["-metadata", "creation_time=2022-11-09T17:36:38Z", "-movflags", "use_metadata_tags"])
        var expected = phone.merging(common) { own, _ in own }
        expected["creation_time"] = "2022-11-09T17:36:38"
        let output = try expect(expected, of: source, in: suffix, isCopy: isCopy)
        // And back.
        _ = try expect(expected, of: output, in: suffix == "mov" ? "mp4" : "mov", isCopy: true)
    }

    @Test("Long tags are whole in MOV, whose own texts are of 65,535 bytes at most", arguments: [65_536, 300_000])
    func longTag(count: Int) throws {
        let title = String(repeating: "long ", count: count / 5) + "end"
        let list = try folder.write(";FFMETADATA1\ntitle=\(title)\nartist=somebody\n", to: "tags.txt")
        let source = folder.file("source.mkv")
        try Oracle.ffmpeg([
            "-i", try clip("plain.mkv", []), "-i", list, "-map", "0", "-map_metadata", "1", "-c", "copy", source,
        ])
        let output = folder.file("out.mov")
        let made = try transcode(source, to: output)
        let found = try Oracle.describe(output)
        #expect(found.tag("title")?.utf8.count == title.utf8.count, "\(made.errors)")
        #expect(found.tag("artist") == "somebody")
    }

    @Test("Tags of iTunes are all there in every container for video", arguments: ["mp4", "mov", "mkv"])
    func iTunes(suffix: String) throws {
        let values = [
            "title": "T & <t>", "artist": "A", "album_artist": "AA", "composer": "Co", "album": "Al",
            "date": "2019-05-06", "comment": suffix == "mov" ? "" : "Cm", "genre": "Drama", "copyright": "Cp",
            "grouping": "G", "lyrics": String(repeating: "La ", count: 30_000), "description": "Desc",
            "synopsis": "Long", "show": "Show", "episode_id": "S01E02", "episode_sort": "2", "season_number": "1",
            "media_type": "10", "hd_video": "1", "compilation": "1", "track": "3/9", "disc": "1/2",
        ].filter { !$0.value.isEmpty }
        let source = try clip("tags.mp4", tags(values))
        let output = try expect(values, of: source, in: suffix, isCopy: true)
        // A tag that only QuickTime's keys hold, beside those of iTunes.
        let tagged = folder.file("own.mkv")
        try Oracle.ffmpeg(["-i", output, "-c", "copy", "-metadata", "own_tag=mine", tagged])
        _ = try expect(values.merging(["own_tag": "mine"]) { own, _ in own }, of: tagged, in: "mp4", isCopy: true)
    }

    @Test("Two views in one image are told by copies and encodes", arguments: ["mp4", "mkv"], [true, false])
    func stereo(suffix: String, isCopy: Bool) throws {
        let source = try clip("stereo.mkv", ["-metadata:s:v", "stereo_mode=left_right"])
        let output = try expect([:], of: source, in: suffix, isCopy: isCopy)
        let found = try Program.run(
            "/usr/bin/env", ["ffprobe", "-v", "error", "-show_entries", "stream_side_data", output])
        #expect(found.output.contains("type=side by side"), "\(found.summary)")
    }
}
