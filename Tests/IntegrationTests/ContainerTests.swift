// Every container that vtx writes: the right tracks with the right codecs, and decodable.

import Foundation
import Testing

@Suite("containers", .needsOracle, .timeLimit(.minutes(60)))
struct ContainerTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    @Test(
        "Each container gets its usual codecs, all tracks and labels",
        arguments: [
            ("mp4", "h264", "aac", "mov_text"), ("m4v", "h264", "aac", "mov_text"),
            ("mov", "h264", "aac", "mov_text"),
            ("webm", "vp9", "opus", "webvtt"), ("mkv", "h264", "aac", "subrip"), ("avi", "mpeg4", "mp3", ""),
        ])
    func video(name: String, video: String, audio: String, subtitle: String) throws {
        let output = folder.file("out.\(name)")
        try transcode(fixture("clip.mkv"), to: output)
        #expect(folder.names == ["out.\(name)"])
        #expect(try Oracle.decodeErrors(output).isEmpty)
        let file = try Oracle.describe(output)
        try #require(file.video.map(\.codecName) == [video])
        try #require(file.audio.map(\.codecName) == [audio, audio])
        #expect(file.subtitles.compactMap(\.codecName) == (subtitle.isEmpty ? [] : [subtitle]))
        #expect(file.video[0].width == 320 && file.video[0].height == 240)
        #expect(file.video[0].pixFmt == "yuv420p")
        #expect(near(file.duration, 3.03, 0.1), "\(file.duration)")
        // AVI cannot say that the picture starts 21 ms late; a repeated frame is not decoded again.
        #expect((name == "avi" ? 71...73 : 72...72).contains(try Oracle.frameTimes(output).count))
        if name != "avi" {
            #expect(file.video[0].colorSpace == "bt709" && file.video[0].colorTransfer == "bt709")
            #expect(file.audio.map(\.isDefault) == [true, false])
            #expect(file.audio[0].tag("language") == "eng")
            #expect(file.subtitles[0].tag("language") == "eng")
        }
    }

    @Test(
        "A second language is kept, however the container spells it",
        arguments: ["mp4", "mov", "mkv", "webm", "ts"])
    func secondLanguage(name: String) throws {
        let output = folder.file("out.\(name)")
        try transcode(fixture("clip.mkv"), to: output, "--audio", "deu", "--video", "none")
        let language = try Oracle.describe(output).audio[0].tag("language")
        #expect(language == "deu" || language == "ger")
    }

    @Test(
        "The same input and options give the same bytes",
        arguments: ["mp4", "mov", "webm", "mkv", "avi", "ts", "m4a", "mp3", "ogg", "opus", "flac", "wav"])
    func repeatable(name: String) throws {
        let outputs = ["a", "b"].map { folder.file("\($0).\(name)") }
        for output in outputs { try transcode(fixture("clip.mkv"), to: output, "--audio", "eng") }
        let bytes = try outputs.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
        #expect(bytes[0] == bytes[1])
    }

    @Test("Track titles are kept", arguments: ["mp4", "mov", "mkv", "webm", "avi"])
    func titles(name: String) throws {
        let output = folder.file("out.\(name)")
        try transcode(fixture("clip.mkv"), to: output)
        let file = try Oracle.describe(output)
        #expect(file.audio.map(\.title) == ["English", "Deutsch"])
        #expect(file.video.map(\.title) == ["Test picture"])
    }

    @Test(
        "Containers for audio alone get their codec and no picture",
        arguments: [
            ("m4a", "aac"), ("mp3", "mp3"), ("ogg", "opus"), ("oga", "opus"), ("opus", "opus"),
            ("flac", "flac"), ("wav", "pcm_s16le"),
        ])
    func audioOnly(name: String, codec: String) throws {
        let output = folder.file("out.\(name)")
        let result = try transcode(fixture("clip.mkv"), to: output)
        #expect(result.errors.contains("dropped"))
        #expect(try Oracle.decodeErrors(output).isEmpty)
        let file = try Oracle.describe(output)
        #expect(file.video.isEmpty)
        #expect(file.audio.map(\.codecName) == [codec])
        #expect(near(file.duration, 3.03, 0.06), "\(file.duration)")
    }

    @Test(
        "A codec that was asked for is what comes out",
        arguments: [
            ("mp4", "hevc", "ac3", "hvc1"), ("mov", "hevc", "pcm", "hvc1"), ("mkv", "hevc", "flac", nil),
            ("mp4", "av1", "opus", "av01"), ("webm", "av1", "opus", nil), ("mp4", "vp9", "mp3", "vp09"),
            ("mp4", "mpeg4", "eac3", "mp4v"), ("mkv", "vp9", "opus", nil), ("mp4", "h264", "flac", "avc1"),
            ("avi", "h264", "ac3", "H264"), ("avi", "mpeg4", "pcm", nil), ("mkv", "mpeg4", "eac3", nil),
        ] as [(String, String, String, String?)])
    func chosen(name: String, video: String, audio: String, tag: String?) throws {
        let output = folder.file("out.\(name)")
        let speed = ["vp9": "8", "av1": "12", "mpeg4": nil][video] ?? "ultrafast"
        var options = ["--video", video, "--audio-codec", audio, "--audio", "1", "--subtitles", "none"]
        if let speed { options += ["--speed", speed] }
        let result = try startVTX(
            ["transcode", fixture("clip.mkv"), "-o", output, "--duration", "1"] + options
        ).wait(within: 100)
        try #require(result.status == 0, "\(result.summary)")
        let file = try Oracle.describe(output)
        #expect(file.video.map(\.codecName) == [video])
        #expect(file.audio.map(\.codecName) == [audio == "pcm" ? "pcm_s16le" : audio])
        if let tag { #expect(file.video[0].codecTagString == tag) }
        #expect(try Oracle.decodeErrors(output).isEmpty)
        // The 24 frames of a second; the picture starts 21 ms late, so one of them may lie beyond its end.
        let frames = try Oracle.frameTimes(output).count
        #expect((23...24).contains(frames), "\(frames) frames")
    }

    @Test("The index of the MP4 family stands before the media", arguments: ["mp4", "m4v", "mov", "m4a"])
    func fastStart(name: String) throws {
        let output = folder.file("out.\(name)")
        try transcode(fixture("clip.mkv"), to: output)
        let boxes = try topLevelBoxes(output)
        let index = try #require(boxes.firstIndex(of: "moov"))
        let media = try #require(boxes.firstIndex(of: "mdat"))
        #expect(index < media, "\(boxes)")
    }

    @Test("--container decides where the extension does not")
    func container() throws {
        let output = folder.file("source.dat")
        try transcode(fixture("silent.mp4"), to: output, "--container", "mkv", "--speed", "ultrafast")
        #expect(try Oracle.describe(output).format.formatName.contains("matroska"))
    }

    @Test("A source whose name lies is read for what it is")
    func wrongExtension() throws {
        let output = folder.file("out.mp4")
        try transcode(fixture("wrong_extension.avi"), to: output)
        let file = try Oracle.describe(output)
        #expect(near(file.duration, 3, 0.05))
        #expect(try Oracle.frameTimes(output).count == 75)
    }

    @Test("A source without a duration is transcoded whole")
    func noDuration() throws {
        let output = folder.file("out.mp4")
        try transcode(fixture("no_duration.mkv"), to: output)
        #expect(try Oracle.frameTimes(output).count == 50)
    }

    @Test("A picture that changes its size midway is fitted into one size, and that is said")
    func resized() throws {
        let output = folder.file("out.mp4")
        let result = try transcode(fixture("resized.ts"), to: output)
        #expect(result.errors.contains("changes its frame size"))
        #expect(try Oracle.decodeErrors(output).isEmpty)
        #expect(try Oracle.frameTimes(output).count == 50)
        let video = try Oracle.describe(output).video[0]
        #expect(video.width == 160 && video.height == 120)
    }

    private func topLevelBoxes(_ path: String) throws -> [String] {
        let data = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        var names: [String] = []
        var position = 0
        while position + 8 <= data.count {
            names.append(String(decoding: data[position + 4..<position + 8], as: UTF8.self))
            let size = data[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
            guard size >= 8 else { break }
            position += size
        }
        return names
    }
}

@Suite("remux", .needsOracle, .timeLimit(.minutes(60)))
struct RemuxTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    @Test(
        "Copying keeps every packet and the distance of audio and picture",
        arguments: [
            ("clip.mkv", "mp4"), ("clip.mkv", "mkv"), ("clip.mkv", "mov"), ("vfr.mp4", "mkv"),
            ("late_audio.mp4", "mkv"),
            ("late_audio.mp4", "mp4"), ("late_video.mp4", "mkv"), ("late_video.mp4", "mp4"),
            ("late_start.ts", "mp4"),
            ("late_start.ts", "mkv"), ("fragmented.mp4", "mp4"), ("no_duration.mkv", "mp4"),
            ("rotated.mp4", "mov"),
            ("interlaced.mpg", "mkv"), ("mjpeg.avi", "mkv"), ("mjpeg.avi", "avi"),
        ])
    func packets(source: String, container: String) throws {
        let output = folder.file("out.\(container)")
        try transcode(
            fixture(source), to: output, "--video", "copy", "--audio-codec", "copy", "--subtitles", "none")
        let (before, after) = (try Oracle.describe(fixture(source)), try Oracle.describe(output))
        #expect(after.video.count == before.video.count && after.audio.count == before.audio.count)
        for kind in ["v:0"] + before.audio.indices.map({ "a:\($0)" }) {
            // Transport streams carry H.264 and AAC with other framing, which a copy rightly changes: there the
            // decoded frames are compared.
            let isDecoded = source.hasSuffix(".ts")
            let old = try Oracle.hashes(fixture(source), kind, decoded: isDecoded)
            let new = try Oracle.hashes(output, kind, decoded: isDecoded)
            #expect(old == new, "\(kind): \(old.count) and \(new.count) packets")
        }
        if !before.audio.isEmpty {
            let distance = before.video[0].start - before.audio[0].start
            let kept = after.video[0].start - after.audio[0].start
            #expect(near(kept, distance, 0.0225), "\(distance) became \(kept)")
        }
        let (old, new) = (try Oracle.frameTimes(fixture(source)), try Oracle.frameTimes(output))
        #expect(old.count == new.count)
        // The first packets of a Matroska file with B-frames have no decoding time: theirs are easily spoilt.
        for (a, b) in zip(old, new) where container != "avi" {
            #expect(near(a - old[0], b - new[0], 0.0011), "\(a) became \(b)")
        }
    }

    @Test("A copied HEVC track is hvc1 in MP4, and its HDR tags stay")
    func hevc() throws {
        let output = folder.file("out.mp4")
        try transcode(fixture("hlg.mkv"), to: output, "--video", "copy")
        let video = try Oracle.describe(output).video[0]
        #expect(video.codecTagString == "hvc1")
        #expect(video.colorTransfer == "arib-std-b67" && video.colorPrimaries == "bt2020")
    }

    @Test(
        "A copied picture keeps its rotation and its pixel shape",
        arguments: [("rotated.mp4", "mp4"), ("anamorphic.mpg", "mkv")])
    func shape(source: String, container: String) throws {
        let output = folder.file("out.\(container)")
        try transcode(fixture(source), to: output, "--video", "copy", "--audio-codec", "copy")
        func line(_ path: String) throws -> JSONLine {
            try #require(vtx("probe", "--json", path).json().last)
        }
        let (before, after) = (try line(fixture(source)), try line(output))
        for key in ["display_size.width", "display_size.height", "rotation"] {
            let (old, new): (Int?, Int?) = (
                before.value("media.streams.0.video.\(key)"), after.value("media.streams.0.video.\(key)")
            )
            #expect(old != nil)
            #expect(old == new, "\(key)")
        }
    }

    @Test(
        "What a container does not hold is not copied into it",
        arguments: [
            ("clip.mkv", "webm", "h264"), ("odd.webm", "avi", "vp9"), ("mjpeg.avi", "webm", "mjpeg"),
            ("interlaced.mpg", "mp4", nil),
        ] as [(String, String, String?)])
    func impossible(source: String, container: String, codec: String?) throws {
        let result = try vtx(
            "transcode", fixture(source), "-o", folder.file("out.\(container)"), "--video", "copy",
            "--audio-codec", "copy")
        if let codec {
            #expect(result.status == 64, "\(result.summary)")
            #expect(result.errors.contains(codec) && result.errors.contains("hint: "))
            #expect(folder.names.isEmpty)
        } else {
            #expect(result.status == 0, "\(result.summary)")
        }
    }

    @Test(
        "MPEG-TS has the frames of MKV, and audio and video as far apart",
        arguments: [
            ("clip.mkv", ""), ("late_audio.mp4", ""), ("late_video.mp4", ""), ("late_start.ts", ""),
            ("hdr.mp4", "hevc"),
        ])
    func transportStream(source: String, codec: String) throws {
        let options = codec.isEmpty ? ["--speed", "ultrafast"] : ["--speed", "ultrafast", "--video", codec]
        let files = ["mkv", "ts"].map { folder.file("out.\($0)") }
        for file in files {
            let result = try startVTX(["transcode", fixture(source), "-o", file] + options).wait(within: 100)
            #expect(result.status == 0, "\(result.summary)")
        }
        let (other, file) = (try Oracle.describe(files[0]), try Oracle.describe(files[1]))
        #expect(file.format.formatName == "mpegts")
        #expect(
            try Oracle.hashes(files[1], "v:0", decoded: true) == Oracle.hashes(files[0], "v:0", decoded: true))
        #expect(try Oracle.decodeErrors(files[1]).isEmpty)
        #expect(file.audio.count == other.audio.count)
        for (one, two) in zip(file.audio, other.audio) {
            #expect(near(file.video[0].start - one.start, other.video[0].start - two.start, 0.003))
        }
        let (times, others) = (try Oracle.frameTimes(files[1]), try Oracle.frameTimes(files[0]))
        #expect(times.count == others.count)
        for (time, other) in zip(times, others) { #expect(near(time - times[0], other - others[0], 0.002)) }
    }

    @Test("Copies into MPEG-TS are the same frames; what it does not support is refused")
    func transportCopies() throws {
        for name in ["clip.mkv", "late_start.ts", "anamorphic.mpg"] {
            let output = folder.file("copy.ts")
            try transcode(fixture(name), to: output, "--video", "copy", "--audio-codec", "copy", "--overwrite")
            for stream in ["v:0", "a:0"] where name != "late_start.ts" || stream == "v:0" {
                let frames = try Oracle.hashes(output, stream, decoded: true)
                #expect(try frames == Oracle.hashes(fixture(name), stream, decoded: true), "\(name) \(stream)")
            }
        }
        for (name, options, words) in [
            ("odd.webm", ["--video", "copy"], "MPEG-TS does not support vp9"),
            ("clip.mkv", ["--subtitles", "1"], "MPEG-TS does not support text subtitles"),
            ("clip.mkv", ["--subtitle-file", fixture("subtitles.srt")], "MPEG-TS does not support subtitles as text"),
            ("clip.mkv", ["--video", "vp9"], "MPEG-TS"), ("clip.mkv", ["--audio-codec", "opus"], "MPEG-TS"),
            ("rotated.mp4", ["--video", "copy"], "MPEG-TS does not support rotation metadata"),
        ] {
            let result = try startVTX(["transcode", fixture(name), "-o", folder.file("no.ts")] + options)
                .wait(within: 100)
            #expect(result.status == 64 && result.errors.contains(words), "\(options): \(result.summary)")
        }
        #expect(folder.names == ["copy.ts"])
    }

    @Test("H.264 without start codes is not copied into AVI")
    func annexB() throws {
        let result = try vtx(
            "transcode", fixture("wrong_extension.avi"), "-o", folder.file("out.avi"), "--video", "copy",
            "--audio-codec", "mp3")
        #expect(result.status == 64, "\(result.summary)")
        #expect(folder.names.isEmpty)
    }

    @Test("Copied video that has to be turned goes only where that can be said", arguments: ["mkv", "avi"])
    func turnedCopy(container: String) throws {
        let result = try vtx(
            "transcode", fixture("rotated.mp4"), "-o", folder.file("out.\(container)"), "--video", "copy")
        #expect(result.status == 64, "\(result.summary)")
        #expect(folder.names.isEmpty)
    }

    @Test("A copied track is not cut, since that cannot be exact")
    func cut() throws {
        let result = try vtx(
            "transcode", fixture("clip.mkv"), "-o", folder.file("out.mkv"), "--video", "copy", "--start", "1")
        #expect(result.status == 64, "\(result.summary)")
    }
}
