// vtx join: no gap and no overlap where one file follows another, and audio and video in time after it.

import Foundation
import Testing

@Suite("join", .needsOracle, .timeLimit(.minutes(60)))
struct FileJoinTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    /// What a part is made of.
    struct Part: Sendable {
        var name: String
        var size = "160x120"
        var rate = "25"
        var seconds = 2.0
        /// Length of the audio; `nil`: none.
        var audio: Double? = 2
        var sampleRate = 48_000
        var options = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-bf", "2"]
        var audioOptions = ["-c:a", "aac"]

        /// A flash of white and a beep from 1 s on, for a fifth of a second.
        func make(in folder: Folder) throws -> String {
            let path = folder.file(name)
            let video =
                "color=black:s=\(size):r=\(rate):d=\(seconds),drawbox=c=white:t=fill:enable='between(t,0.999,1.199)'"
            var arguments = ["-f", "lavfi", "-i", video + ",format=yuv420p"]
            if let audio {
                let tone = "aevalsrc='if(between(t,1,1.2),0.5*sin(6283*t),0)':s=\(sampleRate):d=\(audio)"
                arguments += ["-f", "lavfi", "-i", tone] + audioOptions
            }
            try Oracle.ffmpeg(arguments + options + [path])
            return path
        }
    }

    private func join(_ inputs: [String], to name: String, _ options: String...) throws -> ProgramResult {
        try startVTX(["join"] + inputs + ["-o", folder.file(name), "--speed", "ultrafast"] + options).wait(within: 100)
    }

    /// Without an option that asks for an encoder.
    private func plainJoin(_ inputs: [String], to name: String, _ options: String...) throws -> ProgramResult {
        try startVTX(["join"] + inputs + ["-o", folder.file(name)] + options).wait(within: 100)
    }

    /// When beeps begin. The oracle also counts the end of a file that ends in silence.
    private func beeps(_ path: String) throws -> [Double] {
        let end = Double(try Oracle.describe(path).format.duration ?? "") ?? 0
        return try Oracle.beeps(path).filter { $0 < end - 0.3 }
    }

    /// Whether all frames and packets of audio follow each other, and each flash has its beep.
    ///
    /// - Parameters:
    ///   - flashes: where they are due.
    ///   - frame: seconds of a frame.
    private func check(
        _ path: String, flashes: [Double], frame: Double, duration: Double, location: SourceLocation = #_sourceLocation
    ) throws {
        let frames = try Oracle.frameTimes(path)
        for (one, next) in zip(frames, frames.dropFirst()) {
            #expect(near(next - one, frame, frame * 0.6), "\(one) \(next)", sourceLocation: location)
        }
        #expect(near((frames.last ?? 0) + frame - (frames.first ?? 0), duration, frame * 1.1), sourceLocation: location)
        let audio = try Oracle.frameTimes(path, "a:0")
        for (one, next) in zip(audio, audio.dropFirst()) {
            #expect(next - one < 0.043 && next > one, "\(one) \(next)", sourceLocation: location)
        }
        let start = frames.first ?? 0
        let bright = try Oracle.brightness(path).filter { $0.value > 120 }.map { $0.time - start }
        let seen = bright.enumerated().filter { $0.offset == 0 || $0.element - bright[$0.offset - 1] > 0.3 }
        let heard = try beeps(path).map { $0 - start }
        #expect(
            seen.count == flashes.count && heard.count == flashes.count, "\(seen) \(heard)", sourceLocation: location)
        for (flash, (see, hear)) in zip(flashes, zip(seen.map(\.element), heard)) {
            #expect(near(see, flash, frame * 1.1), "flash at \(see), not \(flash)", sourceLocation: location)
            #expect(
                near(hear, flash, max(frame, 0.025) * 1.1), "beep at \(hear), not \(flash)", sourceLocation: location)
        }
    }

    @Test("Files of one encoder are copied, and stay in time", arguments: ["mp4", "mkv"])
    func copied(suffix: String) throws {
        let parts = try (1...4).map { try Part(name: "part\($0).\(suffix)").make(in: folder) }
        let done = try plainJoin(parts, to: "out.\(suffix)")
        #expect(done.status == 0 && done.errors.contains("video: copied"), "\(done.summary)")
        try check(folder.file("out.\(suffix)"), flashes: [1, 3, 5, 7], frame: 0.04, duration: 8)
        let hashes = try Oracle.hashes(folder.file("out.\(suffix)"), "v:0", decoded: true)
        let own = try Oracle.hashes(parts[0], "v:0", decoded: true)
        #expect(Array(hashes.prefix(50)) == own && Array(hashes.suffix(50)) == own)
        let chapters = try Oracle.describe(folder.file("out.\(suffix)")).chapters
        #expect(chapters.map { $0.tags?["title"] } == ["part1", "part2", "part3", "part4"])
        #expect(chapters.map(\.start).enumerated().allSatisfy { near($1, Double($0) * 2, 0.03) })
    }

    @Test("Containers without timestamps get audio that is encoded", arguments: ["avi", "mp3"])
    func timeless(suffix: String) throws {
        let parts = try (1...2).map { try Part(name: "part\($0).mp4").make(in: folder) }
        let done = try plainJoin(parts, to: "out.\(suffix)")
        #expect(done.status == 0 && done.errors.contains("audio 1: encoded"), "\(done.summary)")
        #expect(try beeps(folder.file("out.\(suffix)")).enumerated().allSatisfy { near($1, Double(2 * $0) + 1, 0.03) })
        if suffix == "avi" { try check(folder.file("out.avi"), flashes: [1, 3], frame: 0.04, duration: 4) }
    }

    @Test("Ten boundaries of mixed sources: no gap or overlap over a frame, audio and video in time")
    func mixed() throws {
        let mpeg2 = ["-c:v", "mpeg2video", "-q:v", "4"]
        let parts = [
            Part(name: "a.mp4"), Part(name: "b.mkv", size: "128x96", rate: "50"),
            Part(name: "c.ts", options: mpeg2, audioOptions: ["-c:a", "mp2"]),
            Part(name: "d.mp4", rate: "30000/1001", sampleRate: 44_100), Part(name: "e.mkv", audio: 1.5),
            Part(name: "f.mp4", size: "120x160", audio: 2.2),
            Part(
                name: "g.webm", options: ["-c:v", "libvpx", "-b:v", "200k", "-deadline", "realtime"],
                audioOptions: ["-c:a", "libopus"]),
            Part(name: "h.avi", options: ["-c:v", "mpeg4", "-q:v", "4"], audioOptions: ["-c:a", "pcm_s16le"]),
            Part(name: "i.mov", rate: "24", audioOptions: ["-c:a", "pcm_s16le"]),
            Part(name: "j.mkv", rate: "12.5", audioOptions: ["-ac", "2", "-c:a", "flac"]),
            Part(name: "k.mp4"),
        ]
        let done = try join(try parts.map { try $0.make(in: folder) }, to: "out.mp4")
        #expect(done.status == 0, "\(done.summary)")
        let chapters = try Oracle.describe(folder.file("out.mp4")).chapters.map(\.start)
        try check(
            folder.file("out.mp4"), flashes: chapters.map { $0 + 1 }, frame: 0.04,
            duration: 22.0)
        #expect(chapters.count == 11 && zip(chapters, chapters.dropFirst()).allSatisfy { near($1 - $0, 2, 0.05) })
    }

    @Test("Audio that is shorter or longer than its video does not move what follows")
    func lengths() throws {
        let parts = try [
            Part(name: "short.mp4", audio: 1.4), Part(name: "long.mp4", audio: 2.3), Part(name: "longer.mp4", audio: 3),
            Part(name: "last.mp4"),
        ].map { try $0.make(in: folder) }
        let done = try join(parts, to: "out.mp4")
        #expect(done.status == 0, "\(done.summary)")
        for words in ["silence added", "cut (the video ends", "last frame is held"] {
            #expect(done.errors.contains(words), "\(done.errors)")
        }
        // The third part lasts as long as its audio.
        try check(folder.file("out.mp4"), flashes: [1, 3, 5, 8], frame: 0.04, duration: 9)
        let copied = try plainJoin(parts, to: "copied.mp4")
        #expect(
            copied.errors.contains("video: copied") && copied.errors.contains("audio 1: encoded"), "\(copied.summary)")
    }

    @Test("A part without audio gets silence; tracks that the first one lacks are reported")
    func tracks() throws {
        let parts = try [Part(name: "a.mp4"), Part(name: "mute.mp4", audio: nil), Part(name: "b.mp4")]
            .map { try $0.make(in: folder) }
        let done = try join(parts, to: "out.mp4")
        #expect(done.status == 0 && done.errors.contains("silence for audio 1"), "\(done.summary)")
        #expect(try beeps(folder.file("out.mp4")).count == 2)
        #expect(near(Double(try Oracle.describe(folder.file("out.mp4")).streams[1].duration ?? "") ?? 0, 6, 0.05))
        let mute = try join([parts[1], parts[0]], to: "mute.out.mp4")
        #expect(mute.status == 0 && mute.errors.contains("left out 1 audio track"), "\(mute.summary)")
        let alone = try plainJoin([parts[0], parts[2]], to: "out.m4a")
        #expect(alone.status == 0 && alone.errors.contains("audio 1: copied"), "\(alone.summary)")
        #expect(try beeps(folder.file("out.m4a")).count == 2)
    }

    @Test("The plan tells what is encoded and why; what does not fit is refused")
    func refusals() throws {
        let (one, other) = (
            try Part(name: "a.mp4").make(in: folder), try Part(name: "b.mp4", size: "96x64").make(in: folder)
        )
        let plan = try #require(
            try plainJoin([one, other], to: "out.mp4", "--dry-run", "--json").json().last { $0.type == "plan" })
        #expect(plan.value("parts.1.start.seconds", as: Double.self) == 2)
        let reasons = (plan["decisions"] as? [JSONLine])?.compactMap { $0["reason"] as? String } ?? []
        #expect(reasons.contains { $0.contains("is 96x64, the first part 160x120") }, "\(reasons)")
        #expect(!folder.names.contains("out.mp4"))
        let song = folder.file("song.m4a")
        try Oracle.ffmpeg(["-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac", song])
        for (inputs, options, status, words) in [
            ([one, other], ["--video", "copy"], 64, "cannot be copied"), ([one, song], [], 64, "has no video"),
            ([one], [], 64, "two files"), ([one, folder.file("no.mp4")], [], 66, "no.mp4"),
            ([one, one], ["--two-pass", "--bitrate", "100k"], 64, "not supported in a join"),
        ] as [([String], [String], Int32, String)] {
            let result = try startVTX(["join"] + inputs + ["-o", folder.file("out.mp4")] + options).wait(within: 60)
            #expect(result.status == status && result.errors.contains(words), "\(result.summary)")
        }
        #expect(!folder.names.contains { $0.contains("out") }, "\(folder.names)")
    }
}
