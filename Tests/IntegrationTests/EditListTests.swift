// Edit lists with several parts, and those of audio.

import Foundation
import Testing

@Suite("edit lists", .needsOracle, .timeLimit(.minutes(60)))
struct EditListTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    private func plain() throws -> String {
        let path = folder.file("plain.mp4")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=3", "-f", "lavfi", "-i", "sine=r=48000:d=3", "-c:v",
            "libx264", "-preset", "veryfast", "-bf", "2", "-g", "25", "-c:a", "aac", path,
        ])
        return path
    }

    /// Replaces the edit list of the first or second track: durations in milliseconds, media times in ticks.
    ///
    /// - Parameter padding: zeros behind the last entry.
    private func edited(
        _ entries: [(duration: UInt32, time: UInt32)], track: Int, rate: UInt32 = 0x10000, padding: Int = 0
    ) throws -> String {
        var data = try Data(contentsOf: URL(fileURLWithPath: try plain()))
        func number(_ value: UInt32) -> Data { withUnsafeBytes(of: value.bigEndian) { Data($0) } }
        func size(_ place: Int) -> Int { data[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
        func box(_ name: String, from start: Int) throws -> Int {
            try #require(data[start...].range(of: Data(name.utf8))).lowerBound - 4
        }
        let movie = try box("moov", from: 0)
        var trak = try box("trak", from: movie)
        for _ in 0..<track { trak = try box("trak", from: trak + 8) }
        let edts = try box("edts", from: trak)
        let list = try box("elst", from: edts)
        let body =
            number(0) + number(UInt32(entries.count))
            + entries.reduce(Data()) { $0 + number($1.duration) + number($1.time) + number(rate) }
            + Data(count: padding)
        let (old, growth) = (size(list), body.count + 8 - size(list))
        data.replaceSubrange(list + 8..<list + old, with: body)
        for place in [movie, trak, edts, list] {
            data.replaceSubrange(place..<place + 4, with: number(UInt32(size(place) + growth)))
        }
        let path = folder.file("edited.mp4")
        try data.write(to: URL(fileURLWithPath: path))
        return path
    }

    @Test("Parts that an edit list joins are no jump of the clock", arguments: [1024, 26624] as [UInt32])
    func joined(second: UInt32) throws {
        let source = try edited([(1000, 1024), (1000, second)], track: 0)
        let output = folder.file("out.mp4")
        let result = try transcode(source, to: output, "--strict")
        #expect(!result.errors.contains("clock"), "\(result.errors)")
        let times = try Oracle.frameTimes(output)
        #expect(times.count == 50)
        #expect(near(times.max() ?? 0, 1.96, 0.001))
        let copy = try vtx(
            "transcode", source, "-o", folder.file("copy.mp4"), "--video", "copy", "--audio-codec", "copy")
        #expect(copy.status == 64 && copy.errors.contains("joins several parts"), "\(copy.summary)")
    }

    @Test("Edits at another rate are reported", arguments: [(0, "0"), (0x20000, "2")] as [(UInt32, String)])
    func rates(rate: UInt32, words: String) throws {
        let source = try edited([(3000, 1024)], track: 0, rate: rate)
        let probed = try vtx("probe", source)
        #expect(probed.output.contains("another rate (\(words))"), "\(probed.summary)")
        let result = try transcode(source, to: folder.file("out.mp4"))
        #expect(result.errors.contains("other rates in edit lists (\(words))"), "\(result.errors)")
        #expect(try Oracle.frameTimes(folder.file("out.mp4")).count == 75)
        #expect(try !vtx("probe", try plain()).output.contains("another rate"))
        let padded = try edited([(3000, 1024)], track: 0, padding: 24)
        #expect(try !vtx("probe", padded).output.contains("another rate"))
    }

    @Test("Fragments that overlap are no edit list")
    func overlappingFragments() throws {
        let fragmented = folder.file("fragmented.mp4")
        try Oracle.ffmpeg(["-i", try plain(), "-c", "copy", "-an", "-movflags", "frag_keyframe+empty_moov", fragmented])
        var data = try Data(contentsOf: URL(fileURLWithPath: fragmented))
        // The last fragment begins half a second early.
        let last = try #require(data.range(of: Data("tfdt".utf8), options: .backwards)).upperBound
        let field = last + 4..<last + (data[last] == 1 ? 12 : 8)
        let time = data[field].reduce(0 as UInt64) { $0 << 8 | UInt64($1) } - 6400
        data.replaceSubrange(
            field, with: (0..<field.count).reversed().map { UInt8(truncatingIfNeeded: time >> UInt64(8 * $0)) })
        let source = folder.file("overlapping.mp4")
        try data.write(to: URL(fileURLWithPath: source))
        let copy = try vtx("transcode", source, "-o", folder.file("copy.mp4"), "--video", "copy")
        #expect(copy.status == 64 && copy.errors.contains("fragments overlap"), "\(copy.summary)")
        #expect(!copy.errors.contains("edit list"))
    }

    @Test("Audio that an edit list hides is not copied to where it would be heard")
    func hiddenAudio() throws {
        let source = try edited([(2000, 48000)], track: 1)
        for (name, status) in [("out.mkv", 64), ("out.mp4", 0)] as [(String, Int32)] {
            let copy = try vtx(
                "transcode", source, "-o", folder.file(name), "--video", "copy", "--audio-codec", "copy")
            #expect(copy.status == status, "\(copy.summary)")
        }
        // It ends a second before the video does.
        let package = try vtx("package", source, "-o", folder.file("package"))
        #expect(package.status == 65 && package.errors.contains("differ in duration"), "\(package.summary)")
    }
}
