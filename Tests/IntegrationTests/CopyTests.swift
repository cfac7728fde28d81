// Copied packets whose times are unusual.

import Foundation
import Testing

@Suite("copies", .needsOracle, .timeLimit(.minutes(60)))
struct CopyTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    private func copy(_ source: String, to name: String, _ more: String...) throws -> ProgramResult {
        try startVTX(
            ["transcode", source, "-o", folder.file(name), "--video", "copy", "--audio-codec", "copy"] + more
        ).wait(within: 60)
    }

    @Test("Packets of TrueHD, which are shorter than a tick of Matroska, keep their times")
    func shortPackets() throws {
        let source = folder.file("source.mkv")
        try Oracle.ffmpeg(["-f", "lavfi", "-i", "sine=r=48000:d=1", "-c:a", "truehd", "-strict", "-2", source])
        let result = try copy(source, to: "out.mkv", "--strict")
        #expect(result.status == 0, "\(result.summary)")
        let before = try Oracle.packetTimes(source, "a:0")
        #expect(try Oracle.packetTimes(folder.file("out.mkv"), "a:0") == before)
    }

    @Test("Cues that are shown together keep their times in Matroska")
    func cuesTogether() throws {
        let source = folder.file("source.mp4")
        try Oracle.ffmpeg(["-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=3", "-c:v", "mpeg4", source])
        let cues = try folder.write(
            "1\n00:00:01,000 --> 00:00:02,000\nA\n\n2\n00:00:01,000 --> 00:00:02,000\nB\n", to: "s.srt")
        let result = try copy(source, to: "out.mkv", "--strict", "--subtitle-file", cues)
        #expect(result.status == 0, "\(result.summary)")
        #expect(try Oracle.packetTimes(folder.file("out.mkv"), "s:0") == [1, 1])
    }

    @Test("B-frames of MPEG-4 in AVI are shown in their order", arguments: ["mkv", "mp4", "mov"])
    func references(container: String) throws {
        let source = folder.file("source.avi")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=2", "-c:v", "mpeg4", "-bf", "2", source,
        ])
        let result = try copy(source, to: "out.\(container)")
        #expect(result.status == 0, "\(result.summary)")
        let times = try Oracle.frameTimes(folder.file("out.\(container)"))
        #expect(times.count == 50)
        for (one, next) in zip(times, times.dropFirst()) { #expect(near(next - one, 0.04, 0.0011)) }
    }

    @Test(
        "Frames that are decoded after they are shown, by their timestamps, are copied",
        arguments: ["mp4", "mov", "mkv"])
    func lateDecoding(container: String) throws {
        // libav does not look at the last two entries of the table of composition offsets to tell how early to decode.
        let source = folder.file("source.mov")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=0.2", "-c:v", "libx264", "-preset", "veryfast", "-bf", "2",
            "-movflags", "negative_cts_offsets", source,
        ])
        let late = try zip(Oracle.packetTimes(source, "v:0"), Oracle.packetTimes(source, "v:0", "dts_time"))
            .contains { $0 < $1 }
        try #require(late)
        let result = try copy(source, to: "out.\(container)", "--strict")
        #expect(result.status == 0, "\(result.summary)")
        let output = folder.file("out.\(container)")
        #expect(try Oracle.packetSizes(output) == Oracle.packetSizes(source))
        for (time, expected) in zip(try Oracle.frameTimes(output), [0, 0.04, 0.08, 0.12, 0.16]) {
            #expect(near(time, expected, 0.0011))
        }
        #expect(try Oracle.hashes(output, "v:0", decoded: true) == Oracle.hashes(source, "v:0", decoded: true))
    }

    @Test("What a container has no place for is unsupported, and no fault of the disk")
    func refused() throws {
        let source = folder.file("source.avi")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=1", "-c:v", "rawvideo", "-pix_fmt", "bgr24", source,
        ])
        let result = try copy(source, to: "out.mkv")
        #expect(result.status == 69 && result.errors.contains("may have to be encoded"), "\(result.summary)")
        #expect(!FileManager.default.fileExists(atPath: folder.file("out.mkv")))
    }
}
