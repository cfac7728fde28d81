// Cuts that copy: at keyframes, and with encoded ends.

import Foundation
import Testing

@Suite("cuts that copy", .needsOracle, .timeLimit(.minutes(60)))
struct SmartCutTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    /// A source of 10 seconds with audio.
    private func source(_ name: String, _ video: [String], rate: String = "25", filter: String = "null") throws
        -> String
    {
        let path = folder.file(name)
        try Oracle.ffmpeg(
            [
                "-f", "lavfi", "-i", "testsrc2=s=160x120:r=\(rate):d=10", "-f", "lavfi", "-i",
                "sine=f=440:r=48000:d=10",
                "-vf", filter, "-fps_mode", "passthrough", "-c:a", "aac", "-c:v", "libx264", "-preset", "veryfast",
            ] + video + [path])
        return path
    }

    private struct Cut {
        var path: String
        var start: Double
        var end: Double
        /// Start and end of copied parts, in time of the source.
        var copied: [(start: Double, end: Double)] = []
        var done: JSONLine
    }

    private func cut(_ source: String, to name: String, _ mode: String, _ options: String...) throws -> Cut {
        let path = folder.file(name)
        let result = try startVTX(
            ["transcode", source, "-o", path, "--cut", mode, "--json", "--overwrite"] + options
        ).wait(within: 100)
        #expect(result.status == 0, "\(result.summary)")
        let done = try #require(result.json().last { $0.type == "done" })
        var cut = Cut(
            path: path, start: try #require(done.value("cut.start.seconds")),
            end: done.value("cut.end.seconds") ?? .infinity, done: done)
        let parts: [[String: Any]] = done.value("cut.parts") ?? []
        for part in parts where part["is_copied"] as? Bool == true {
            cut.copied.append(
                (part.value("start.seconds") ?? -1, part.value("end.seconds") ?? .infinity))
        }
        return cut
    }

    /// Checks all frames of a cut: their number and times, that copied ones are the source's, and that others are like them.
    private func check(_ cut: Cut, of source: String, begin: Double = 0, location: SourceLocation = #_sourceLocation)
        throws
    {
        let times = try Oracle.frameTimes(source).map { $0 - begin }
        let hashes = try decoded(source)
        let wanted = times.indices.filter { times[$0] > cut.start - 0.0005 && times[$0] < cut.end - 0.0005 }
        let (found, foundHashes) = (try Oracle.frameTimes(cut.path), try decoded(cut.path))
        try #require(found.count == wanted.count && foundHashes.count == wanted.count, sourceLocation: location)
        // Priming of audio may move all tracks of Matroska.
        let shift = max(0, found[0] - (times[wanted[0]] - cut.start))
        #expect(shift < 0.025, sourceLocation: location)
        var encoded: [(Int, Int)] = []
        for (place, index) in wanted.enumerated() {
            #expect(near(found[place], times[index] - cut.start + shift, 0.0011), sourceLocation: location)
            if cut.copied.contains(where: { times[index] > $0.start - 0.0005 && times[index] < $0.end - 0.0005 }) {
                #expect(foundHashes[place] == hashes[index], "frame \(index)", sourceLocation: location)
            } else {
                encoded.append((place, index))
            }
        }
        for (place, index) in Set([encoded.first?.0, encoded.last?.0].compactMap { $0 }).map({ place in
            (place, wanted[place])
        }) {
            let psnr = try Oracle.psnr(cut.path, frame: place, against: source, frame: index)
            #expect(psnr > 40, "frame \(index)", sourceLocation: location)
        }
        #expect(try Oracle.decodeErrors(cut.path) == "", sourceLocation: location)
    }

    private func decoded(_ path: String) throws -> [String] {
        try Oracle.ffmpeg([
            "-i", path, "-map", "0:v:0", "-fps_mode", "passthrough", "-enc_time_base", "-1", "-f", "framemd5", "-",
        ]).output.split(separator: "\n").filter { !$0.hasPrefix("#") }
            .map { $0.split(separator: ",")[5].trimmingCharacters(in: .whitespaces) }
    }

    private static let closed = ["-g", "50", "-bf", "3", "-x264-params", "scenecut=0"]

    @Test("A cut at keyframes begins earlier and ends later, and says by how much", arguments: ["mp4", "mkv", "mov"])
    func keyframe(container: String) throws {
        let source = try source("source.mp4", Self.closed)
        let cut = try cut(source, to: "out.\(container)", "keyframe", "--start", "3", "--end", "7.1")
        #expect(near(cut.start, 2, 0.0001) && near(cut.done.value("cut.earlier.seconds") ?? 0, 1, 0.0001))
        #expect(cut.end >= 7.1 && cut.end < 7.3)
        #expect(near(cut.done.value("cut.later.seconds") ?? -1, cut.end - 7.1, 0.0001))
        #expect(cut.copied.count == 1)
        try check(cut, of: source)
        // Packets of audio keep their distance to the video.
        let packets = try Oracle.packetTimes(source, "a:0")
        let copied = try Oracle.packetTimes(cut.path, "a:0")
        let first = try #require(copied.first)
        #expect(packets.contains { near($0 - cut.start, first, 0.0011) })
        #expect(abs(first) < 0.022)
        #expect(near(try #require(copied.last), cut.end - cut.start, 0.03))
        let report = try startVTX([
            "transcode", source, "-o", folder.file("other.mp4"), "--cut", "keyframe", "--start", "3",
        ]).wait(within: 60)
        #expect(report.errors.contains("starts at 0:00:02.000, 0:00:01.000 earlier than asked"), "\(report.errors)")
    }

    @Test(
        "A smart cut copies whole groups bit for bit, and encodes the frames at both ends",
        arguments: ["mp4", "mkv", "ts"], ["mp4", "mkv"])
    func containers(from: String, to: String) throws {
        let made = try source("made.mp4", Self.closed)
        let source = folder.file("source.\(from)")
        try Oracle.ffmpeg(["-i", made, "-c", "copy", "-y", source])
        // Times count from the earliest track: in MP4 that is the video, elsewhere the audio with its priming.
        let first = try #require(try Oracle.packetTimes(source, "a:0").first)
        let begin = from == "mp4" ? 0 : min(first, try Oracle.frameTimes(source)[0])
        let cut = try cut(source, to: "out.\(to)", "smart", "--start", "2.6", "--end", "8.7")
        #expect(near(cut.start, 2.6, 0.02) && near(cut.end, 8.7, 0.02))
        #expect(cut.copied.count == 1 && cut.copied[0].end - cut.copied[0].start > 4.4)
        try check(cut, of: source, begin: begin)
    }

    @Test(
        "Groups of all kinds are cut",
        arguments: [
            ["-g", "25", "-bf", "0"], ["-g", "40", "-bf", "2", "-profile:v", "main", "-x264-params", "b-pyramid=none"],
            ["-g", "30", "-profile:v", "baseline"], ["-g", "60", "-bf", "8", "-pix_fmt", "yuv420p10le"],
            ["-g", "50", "-pix_fmt", "yuv422p", "-bf", "3"],
            ["-g", "50", "-color_range", "pc", "-pix_fmt", "yuvj420p"],
            ["-g", "50", "-aspect", "2:1", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"],
        ])
    func smart(video: [String]) throws {
        let source = try source("source.mp4", video)
        for container in ["mp4", "mkv"] {
            let cut = try cut(source, to: "out.\(container)", "smart", "--start", "1.3", "--end", "6.66")
            #expect(cut.copied.count == 1)
            try check(cut, of: source)
        }
    }

    @Test("Frames of different lengths keep their times")
    func variableRate() throws {
        let source = try source(
            "source.mp4", ["-g", "40", "-bf", "2"], rate: "60",
            filter: "select='not(mod(n\\,7))+lt(mod(n*37\\,10)\\,4)'")
        let cut = try cut(source, to: "out.mp4", "smart", "--start", "1.3", "--end", "8.2")
        #expect(cut.copied.count == 1)
        try check(cut, of: source)
    }

    @Test("A start at a keyframe and an end where frames can be separated need no encoding")
    func aligned() throws {
        let source = try source("source.mp4", ["-g", "50", "-bf", "0"])
        let cut = try cut(source, to: "out.mp4", "smart", "--start", "4", "--end", "7.2")
        #expect(cut.copied.count == 1 && near(cut.copied[0].start, 4, 0.001) && near(cut.copied[0].end, 7.2, 0.001))
        #expect(cut.done.value("frames") == 80)
        try check(cut, of: source)
    }

    @Test("Times as they are printed mean the keyframe that they are printed for")
    func rounded() throws {
        let source = try source("source.mp4", ["-g", "20", "-bf", "2"], rate: "30000/1001")
        let key = try #require(try Oracle.keyTimes(source).first { $0 > 3 })
        for time in [key - 0.0004, key + 0.0004] {
            for mode in ["keyframe", "smart"] {
                let cut = try cut(source, to: "out.mp4", mode, "--start", "\(time)")
                #expect(near(cut.start, key, 0.001) && cut.copied.count == 1)
                try check(cut, of: source)
            }
        }
    }

    @Test("Where a tick is a frame, an end between frames leaves out none", arguments: ["smart", "keyframe"])
    func coarse(mode: String) throws {
        let source = try source("source.mp4", Self.closed + ["-video_track_timescale", "25"])
        let cut = try cut(source, to: "out.mp4", mode, "--start", "2", "--end", "7.03")
        #expect(cut.end > 7.0299)
        let asked = try Oracle.frameTimes(source).count { $0 >= 2 && $0 < 7.03 }
        #expect(try Oracle.frameTimes(cut.path).count >= asked)
    }

    @Test("Without an IDR picture between start and end all frames are encoded; with open groups too")
    func openGroups() throws {
        let source = try source("source.mp4", ["-g", "50", "-bf", "3", "-x264-params", "open-gop=1:scenecut=0"])
        let smart = try cut(source, to: "smart.mp4", "smart", "--start", "2.5", "--end", "7.1")
        #expect(smart.copied.isEmpty)
        try check(smart, of: source)
        let keyframe = try cut(source, to: "key.mkv", "keyframe", "--start", "3", "--end", "7.1")
        #expect(keyframe.start <= 3 && keyframe.start > 1.9 && keyframe.end >= 7.1)
        let times = try Oracle.frameTimes(source).filter { $0 > keyframe.start - 0.001 && $0 < keyframe.end - 0.001 }
        #expect(try Oracle.frameTimes(keyframe.path).count == times.count)
        let short = try cut(
            try self.source("short.mp4", Self.closed), to: "short-out.mp4", "smart", "--start", "2.5", "--end", "3.5")
        #expect(short.copied.isEmpty && short.done.value("frames") == 25)
    }

    @Test("The header of the track has the parameter sets of both, with different numbers")
    func parameterSets() throws {
        let source = try source("source.mp4", Self.closed)
        let cut = try cut(source, to: "out.mp4", "smart", "--start", "2.6", "--end", "8.7")
        let data = try Data(contentsOf: URL(fileURLWithPath: cut.path))
        let place = try #require(data.range(of: Data("avcC".utf8))).upperBound
        #expect(data[place + 5] & 31 == 2)
        let original = try Data(contentsOf: URL(fileURLWithPath: source))
        let own = try #require(original.range(of: Data("avcC".utf8))).upperBound
        // Version, profile and level are the source's.
        #expect(data[place] == original[own] && data[place + 1] == original[own + 1])
        #expect(data[place + 3] == original[own + 3])
    }

    @Test("Copied audio stays in time")
    func copiedAudio() throws {
        let source = try source("source.mp4", Self.closed)
        let cut = try cut(source, to: "out.mp4", "smart", "--start", "2.6", "--end", "8.7", "--audio-codec", "copy")
        let packets = try Oracle.packetTimes(source, "a:0")
        let first = try #require(try Oracle.packetTimes(cut.path, "a:0").first)
        #expect(packets.contains { near($0 - cut.start, first, 0.0011) } && abs(first) < 0.022)
        try check(cut, of: source)
    }

    @Test("Codecs of keyframes alone are copied exactly")
    func intra() throws {
        let source = folder.file("source.mov")
        try Oracle.ffmpeg(["-f", "lavfi", "-i", "testsrc2=s=160x120:r=25:d=5", "-c:v", "mjpeg", "-q:v", "3", source])
        let cut = try cut(source, to: "out.mov", "smart", "--start", "1.1", "--end", "3.5")
        #expect(cut.copied.count == 1 && cut.done.value("frames") == 60)
        try check(cut, of: source)
    }

    @Test("What cannot be cut is refused, with the reason")
    func refusals() throws {
        let source = try source("source.mp4", Self.closed)
        let interlaced = try self.source("interlaced.mp4", ["-g", "50", "-flags", "+ildct+ilme"])
        let mpeg2 = folder.file("mpeg2.ts")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=160x120:r=25:d=5", "-c:v", "mpeg2video", "-g", "50", "-bf", "2", mpeg2,
        ])
        let cases: [(String, String, [String], String)] = [
            (source, "a.mp4", ["--cut", "smart"], "nothing to cut"),
            (source, "a.mp4", ["--cut", "exact"], "nothing to cut"),
            (source, "a.mp4", ["--cut", "keyframe", "--start", "3", "--height", "60"], "cannot be changed"),
            (source, "a.mp4", ["--cut", "keyframe", "--start", "3", "--crf", "20"], "cannot be changed"),
            (source, "a.mp4", ["--cut", "smart", "--start", "3", "--crf", "0"], "out of range"),
            (source, "a.mp4", ["--cut", "smart", "--start", "3", "--video", "hevc"], "cannot be combined"),
            (source, "a.mp4", ["--cut", "smart", "--start", "3", "--speed-up", "2"], "cannot be changed"),
            (source, "a.m4a", ["--cut", "smart", "--start", "3"], "audio"),
            (source, "a.webm", ["--cut", "keyframe", "--start", "3"], "does not support h264"),
            (interlaced, "a.mp4", ["--cut", "smart", "--start", "3"], "interlaced"),
            (mpeg2, "a.mkv", ["--cut", "smart", "--start", "3"], "only H.264"),
        ]
        for (input, name, options, words) in cases {
            let result = try startVTX(["transcode", input, "-o", folder.file(name)] + options).wait(within: 60)
            #expect(result.status == 64 && result.errors.contains(words), "\(options): \(result.summary)")
            #expect(!folder.names.contains(name))
        }
    }
}
