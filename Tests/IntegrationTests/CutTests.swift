// Short cuts of recordings, and containers that store no timestamps.

import Foundation
import Testing

@Suite("cuts and counts", .enabled(if: Oracle.isInstalled), .timeLimit(.minutes(60)))
struct CutTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    @Test("A cut of few packets may have an incomplete first and last one", arguments: ["mp3", "mpg", "ts"])
    func fewPackets(suffix: String) throws {
        let (whole, source) = (folder.file("whole.\(suffix)"), folder.file("source.\(suffix)"))
        let video = ["-f", "lavfi", "-i", "testsrc2=s=160x120:r=25:d=0.28", "-q:v", "2", "-g", "1"]
        switch suffix {
        case "mp3":
            try Oracle.ffmpeg([
                "-f", "lavfi", "-i", "sine=d=0.2", "-b:a", "128k", "-write_xing", "0", "-id3v2_version", "0", whole,
            ])
        case "mpg": try Oracle.ffmpeg(video + ["-c:v", "mpeg2video", "-f", "vob", whole])
        default: try Oracle.ffmpeg(video + ["-c:v", "mpeg2video", "-f", "mpegts", whole])
        }
        var data = try Data(contentsOf: URL(fileURLWithPath: whole))
        data =
            suffix == "mp3"
            ? data.dropFirst(200).dropLast(200) : data.dropLast(suffix == "ts" ? 188 * 8 : 2948)
        try Data(data).write(to: URL(fileURLWithPath: source))
        let result = try transcode(source, to: folder.file("out.mkv"))
        #expect(suffix == "mp3" || result.errors.contains(" damaged"), "\(result.errors)")
    }

    /// Samples until the tone of a file begins, at 8 kHz.
    private func onset(_ path: String) throws -> Double {
        let raw = folder.file("audio.raw")
        try Oracle.ffmpeg(["-i", path, "-vn", "-ac", "1", "-ar", "8000", "-f", "s16le", raw])
        let data = try Data(contentsOf: URL(fileURLWithPath: raw))
        let first = data.withUnsafeBytes { bytes in
            bytes.bindMemory(to: Int16.self).firstIndex { abs(Int($0)) > 1000 }
        }
        return Double(try #require(first)) / 8000
    }

    @Test("Cut audio has the samples that the times ask for, also after a gap, where times are in milliseconds")
    func samplesOfCut() throws {
        let cuts = [("1", "5"), ("1.5", "4"), ("1", "1.9"), ("0.7", "4.8"), ("0", "5")]
        for (rate, codec) in [(48_000, "aac"), (44_100, "flac")] {
            let (source, output) = (folder.file("gap.mka.mkv"), folder.file("out.wav"))
            try Oracle.ffmpeg([
                "-f", "lavfi", "-i", "sine=f=440:r=\(rate):d=6", "-af", "aselect='not(between(t,2,3))'", "-c:a", codec,
                "-f",
                "matroska", "-y", source,
            ])
            for (start, end) in cuts {
                try transcode(source, to: output, "--start", start, "--end", end, "--overwrite")
                let expected = ((Double(end) ?? 0) - (Double(start) ?? 0)) * Double(rate)
                #expect(try Oracle.samples(output) == Int(expected.rounded()), "\(rate) \(start) \(end)")
            }
        }
    }

    @Test("MP3 in AVI is in time, and all frames are counted once")
    func audioInAVI() throws {
        let (source, output) = (folder.file("source.mp4"), folder.file("out.avi"))
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=64x48:r=25:d=2", "-f", "lavfi", "-i",
            "aevalsrc='if(gt(t,1),0.5*sin(2800*t),0)':s=48000:d=2", "-c:v", "libx264", "-preset", "ultrafast", "-c:a",
            "flac",
            "-strict", "experimental", source,
        ])
        let done = try #require(
            try vtx("transcode", source, "-o", output, "--json").json().last { $0.type == "done" })
        #expect(done.value("frames") == 50)
        #expect(try Oracle.packetSizes(output).count == 50)
        #expect(near(try onset(output), try onset(source), 0.004))
    }
}
