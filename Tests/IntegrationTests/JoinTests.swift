// Mono tracks that belong together.

import Foundation
import Testing

@Suite("Mono tracks", .enabled(if: Oracle.isInstalled), .timeLimit(.minutes(60)))
struct JoinTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    /// Two pairs: audio left in the first, right in the second.
    private func source(_ suffix: String, tracks: [String] = ["sine", "anullsrc", "anullsrc", "sine"]) throws -> String
    {
        let path = folder.file("mono.\(suffix)")
        let inputs = tracks.flatMap {
            ["-f", "lavfi", "-i", $0 == "sine" ? "sine=r=48000:d=1" : "anullsrc=r=48000:cl=mono:d=1"]
        }
        let maps = (0...tracks.count).flatMap { ["-map", "\($0)"] }
        try Oracle.ffmpeg(
            ["-f", "lavfi", "-i", "testsrc2=size=160x120:rate=25:duration=1"] + inputs + maps
                + ["-c:v", "mpeg2video", "-c:a", "pcm_s16le", path])
        return path
    }

    /// Which channels of an audio track have sound.
    private func channels(_ path: String, track: Int = 0, of count: Int = 2) throws -> [Bool] {
        try (0..<count).map { try Oracle.level(path, "a:\(track)", filter: "pan=mono|c0=c\($0)") > -60 }
    }

    @Test("Pairs of MXF are joined to stereo, in files and ladders, and with a loudness")
    func pairs() throws {
        let mxf = try source("mxf")
        for (index, extra) in [[], ["--loudness", "-23"], ["--start", "0.5"]].enumerated() {
            let output = folder.file("out\(index).mp4")
            let made = try startVTX(["transcode", mxf, "-o", output, "--speed", "ultrafast"] + extra).wait(within: 100)
            #expect(made.status == 0, "\(made.summary)")
            #expect(made.errors.contains("joined 1+2 to stereo"), "\(made.summary)")
            #expect(try Oracle.describe(output).streams.filter { $0.codecType == "audio" }.count == 2)
            #expect(try channels(output) == [true, false])
            #expect(try channels(output, track: 1) == [false, true])
            let seconds = Double(try Oracle.samples(output)) / 48_000
            #expect(near(seconds, index == 2 ? 0.5 : 1, 0.03), "\(seconds)")
        }
        let ladder = try vtx("ladder", mxf, "-o", folder.file("ladder"), "--speed", "ultrafast")
        #expect(ladder.status == 0, "\(ladder.summary)")
        let package = try HLSPackage(folder.file("ladder"))
        #expect(try package.audioRenditions().count == 2)
    }

    @Test("Tracks are joined as asked, and kept apart as asked")
    func asked() throws {
        let mov = try source("mov")
        let output = folder.file("out.mp4")
        let apart = try vtx("transcode", mov, "-o", output, "--video", "none")
        #expect(apart.status == 0 && apart.errors.contains("4 mono tracks are kept apart"), "\(apart.summary)")
        let joined = try vtx("transcode", mov, "-o", output, "--overwrite", "--video", "none", "--audio", "4+3,1")
        #expect(joined.status == 0, "\(joined.summary)")
        #expect(try Oracle.describe(output).streams.count == 2)
        #expect(try channels(output, track: 1) == [true, false])
        let kept = try vtx("transcode", try source("mxf"), "-o", output, "--overwrite", "--audio", "all")
        #expect(kept.status == 0, "\(kept.summary)")
        #expect(try Oracle.describe(output).streams.filter { $0.codecType == "audio" }.count == 4)
    }

    @Test("Six tracks make 5.1, and none of a shorter track is lost")
    func surround() throws {
        let mov = try source("mov", tracks: ["sine", "anullsrc", "anullsrc", "anullsrc", "anullsrc", "sine"])
        let output = folder.file("out.wav")
        let made = try vtx("transcode", mov, "-o", output, "--audio", "1+2+3+4+5+6")
        #expect(made.status == 0, "\(made.summary)")
        #expect(try channels(output, of: 6) == [true, false, false, false, false, true])
        let short = folder.file("short.mka")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "sine=r=48000:d=1", "-f", "lavfi", "-i", "sine=r=44100:d=0.4", "-map", "0", "-map",
            "1", "-c:a", "pcm_s16le", short,
        ])
        let padded = try vtx("transcode", short, "-o", output, "--overwrite", "--audio", "2+1")
        #expect(padded.status == 0, "\(padded.summary)")
        #expect(near(Double(try Oracle.samples(output)), 44_100, 100))
    }

    @Test("What cannot be joined is refused", arguments: ["1+1", "1+2+3", "1+9"])
    func refused(tracks: String) throws {
        let made = try vtx("transcode", try source("mov"), "-o", folder.file("out.mp4"), "--audio", tracks)
        #expect(made.status == 64, "\(made.summary)")
    }
}
