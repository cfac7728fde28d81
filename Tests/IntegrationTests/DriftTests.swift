// Audio that is slower or faster than its timestamps.

import Foundation
import Testing

@Suite("Audio that drifts", .enabled(if: Oracle.isInstalled), .timeLimit(.minutes(60)))
struct DriftTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    /// Twelve seconds of a tone that is louder in the first half of each second, beside video; the audio's timestamps are
    /// `pace` times as far apart as its samples.
    private func drifting(_ pace: String, filter: String = "anull") throws -> String {
        let (audio, source) = (folder.file("audio.mka"), folder.file("source.mkv"))
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "aevalsrc=0.5*sin(2*PI*1000*t)*(0.1+0.9*lt(mod(t\\,1)\\,0.5)):s=48000:d=12", "-af",
            filter,
            "-c:a", "aac", audio,
        ])
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=12", "-i", audio, "-c:v", "libx264", "-preset", "ultrafast",
            "-c:a", "copy", "-bsf:a", "setts=pts=PTS*\(pace):dts=DTS*\(pace)", source,
        ])
        return source
    }

    /// Amplitudes of each millisecond, with the time of the first.
    private func levels(_ path: String) throws -> (start: Double, values: [Double]) {
        let raw = folder.file("samples.raw")
        try Oracle.ffmpeg(["-i", path, "-map", "0:a:0", "-ac", "1", "-ar", "48000", "-f", "f32le", raw])
        let samples = try Data(contentsOf: URL(fileURLWithPath: raw)).withUnsafeBytes {
            Array($0.bindMemory(to: Float.self))
        }
        let values = stride(from: 0, to: samples.count - 48, by: 48).map { start in
            Double(samples[start..<start + 48].reduce(0) { max($0, abs($1)) })
        }
        return (try Oracle.frameTimes(path, "a:0").first ?? 0, values)
    }

    @Test("A short ramp of timestamps does no harm to what follows", arguments: [0.35, 0.45])
    func ramp(seconds: Double) throws {
        let (audio, source) = (folder.file("audio.mka"), folder.file("source.mka"))
        try Oracle.ffmpeg(["-f", "lavfi", "-i", "sine=r=48000:d=30", "-c:a", "aac", audio])
        let late = "(clip((N*1024/48000-5)/\(seconds)\\,0\\,1)*0.018)/TB"
        try Oracle.ffmpeg(["-i", audio, "-c", "copy", "-bsf:a", "setts=pts=PTS+\(late):dts=DTS+\(late)", source])
        let result = try transcode(source, to: folder.file("out.wav"))
        // The ramp may be followed, and what was too much for it cut once.
        #expect(
            !result.errors.contains("overlapped were cut") || result.errors.contains("cut: 1"), "\(result.errors)")
        let length = Double(try Oracle.samples(folder.file("out.wav"))) / 48000
        #expect(abs(length - 30) < 0.07, "\(length)")
    }

    @Test(
        "It is stretched smoothly: no holes, in time, reported",
        arguments: [("1.007", "mp4"), ("0.993", "wav"), ("1.02", "wav"), ("1.007", "wav")])
    func stretched(pace: String, container: String) throws {
        let output = folder.file("out.\(container)")
        let result = try transcode(try drifting(pace), to: output)
        #expect(result.errors.contains("drifts from its timestamps"), "\(result.errors)")
        #expect(
            !result.errors.contains("filled with silence") && !result.errors.contains("were cut"), "\(result.errors)")
        let (start, values) = try levels(output)
        let shown = values.dropFirst(60).dropLast(60)
        #expect(shown.allSatisfy { $0 > 0.02 }, "a hole")
        // Each second begins loud, where its timestamps say so.
        var onsets: [Double] = []
        for place in 60..<values.count - 60
        where values[place] > 0.25 && values[place - 40..<place - 5].allSatisfy({ $0 < 0.2 }) {
            if onsets.last.map({ Double(place) / 1000 + start - $0 > 0.3 }) ?? true {
                onsets.append(Double(place) / 1000 + start)
            }
        }
        try #require(onsets.count == 11, "\(onsets)")
        for (number, onset) in onsets.enumerated() {
            // What AAC's encoder gives out first is in the source, too.
            let meant = Double(number + 1) * Double(pace)! + 1024.0 / 48000
            #expect(near(onset, meant, 0.02), "second \(number + 1): \(onset), not \(meant)")
        }
    }

    @Test("A ladder stretches it, too")
    func ladder() throws {
        let package = folder.file("package")
        let result = try vtx(
            "ladder", try drifting("1.007"), "-o", package, "--rungs", "64", "--speed", "ultrafast")
        #expect(result.status == 0 && result.errors.contains("drifts from its timestamps"), "\(result.summary)")
        #expect(!result.errors.contains("filled with silence"), "\(result.errors)")
    }

    @Test("A gap in it is filled, and what follows is stretched again")
    func gap() throws {
        let source = try drifting("1.007", filter: "aselect='not(between(t,5.2,5.7))'")
        let result = try transcode(source, to: folder.file("out.mp4"))
        #expect(result.errors.contains("gaps in the audio were filled with silence: 1,"), "\(result.errors)")
        #expect(result.errors.contains("drifts from its timestamps"), "\(result.errors)")
    }

    @Test("Timestamps in milliseconds are no drift: the audio is the same as from the start")
    func untouched() throws {
        let source = try drifting("1")
        let output = folder.file("out.wav")
        let result = try transcode(source, to: output)
        #expect(!result.errors.contains("drifts"), "\(result.errors)")
        let plain = folder.file("plain.wav")
        try Oracle.ffmpeg(["-i", source, "-map", "0:a", "-c:a", "pcm_s16le", plain])
        #expect(try Oracle.samples(output) == Oracle.samples(plain))
    }
}
