// `vtx probe`: what is said of every fixture, as JSON and as text.

import Foundation
import Testing

@Suite("probe", .timeLimit(.minutes(60)))
struct ProbeTests {
    struct Expected: CustomTestStringConvertible, Sendable {
        var name: String
        var streams: [String]
        /// Seconds; `nil` if the file does not say.
        var duration: Double?
        var warnings: Set<String> = []
        var testDescription: String { name }
    }

    static let intact: [Expected] = [
        .init(
            name: "clip.mkv", streams: ["video h264", "audio aac", "audio ac3", "subtitle subrip"],
            duration: 3.024, warnings: ["late_start"]),
        .init(
            name: "vfr.mp4", streams: ["video h264", "audio aac"], duration: 3,
            warnings: ["variable_frame_rate"]),
        .init(
            name: "late_audio.mp4", streams: ["video h264", "audio aac"], duration: 3,
            warnings: ["late_start"]),
        .init(
            name: "late_video.mp4", streams: ["video h264", "audio aac"], duration: 3,
            warnings: ["late_start"]),
        .init(
            name: "late_start.ts", streams: ["video h264", "audio aac"], duration: 2.021,
            warnings: ["late_start", "nonzero_start"]),
        .init(
            name: "no_duration.mkv", streams: ["video h264", "audio aac"], duration: nil,
            warnings: ["no_duration", "late_start"]),
        .init(
            name: "fragmented.mp4", streams: ["video h264", "audio aac"], duration: 2.021,
            warnings: ["late_start", "nonzero_start"]),
        .init(name: "rotated.mp4", streams: ["video h264", "audio aac"], duration: 1, warnings: ["rotated"]),
        .init(
            name: "anamorphic.mpg", streams: ["video mpeg2video", "audio mp2"], duration: 1.011,
            warnings: ["anamorphic", "odd_size", "late_start", "nonzero_start"]),
        .init(
            name: "interlaced.mpg", streams: ["video mpeg2video", "audio mp2"], duration: 2.010,
            warnings: ["interlaced", "late_start", "nonzero_start"]),
        .init(name: "combed.mp4", streams: ["video h264"], duration: 1),
        .init(name: "hdr.mp4", streams: ["video hevc"], duration: 1, warnings: ["hdr", "ten_bit"]),
        .init(name: "hlg.mkv", streams: ["video hevc"], duration: 1, warnings: ["hdr", "ten_bit"]),
        .init(name: "tenbit.mp4", streams: ["video h264"], duration: 1, warnings: ["ten_bit"]),
        .init(name: "odd.webm", streams: ["video vp9"], duration: 1, warnings: ["odd_size"]),
        .init(
            name: "mjpeg.avi", streams: ["video mjpeg", "audio pcm_s16le"], duration: 1,
            warnings: ["full_range"]),
        .init(name: "silent.mp4", streams: ["video h264"], duration: 2),
        .init(name: "resized.ts", streams: ["video h264"], duration: 2, warnings: ["nonzero_start"]),
        .init(
            name: "bitmap_subtitle.mkv", streams: ["video h264", "subtitle hdmv_pgs_subtitle"], duration: 2),
        .init(name: "surround.mkv", streams: ["video h264", "audio ac3"], duration: 1.024),
        .init(name: "surround71.flac", streams: ["audio flac"], duration: 1),
        .init(name: "mono8k.wav", streams: ["audio pcm_s16le"], duration: 1),
        .init(
            name: "cover.mp3", streams: ["audio mp3", "video png"], duration: 2.04,
            warnings: ["cover_art", "nonzero_start"]),
        .init(name: "cover.m4a", streams: ["audio aac", "video png"], duration: 2, warnings: ["cover_art"]),
        .init(name: "wrong_extension.avi", streams: ["video h264", "audio aac"], duration: 3),
        // Damaged, but what they claim can be read.
        .init(
            name: "truncated.mp4", streams: ["video h264", "audio aac"], duration: 3, warnings: ["truncated"]),
        .init(
            name: "unknown_codec.mp4", streams: ["video none", "audio aac"], duration: 3,
            warnings: ["undecodable_codec"]),
        .init(name: "data_only.mov", streams: ["data none"], duration: 3),
    ]

    @Test("Every readable fixture is described in JSON", arguments: intact)
    func json(expected: Expected) throws {
        let result = try vtx("probe", "--json", fixture(expected.name))
        #expect(result.status == 0, "\(result.summary)")
        #expect(result.errors.isEmpty)
        let lines = result.json()
        try #require(lines.map(\.type) == ["header", "media"])
        #expect(lines[0].value("schema") == 1)
        #expect(lines[0].value("command") == "probe")
        let media = lines[1]
        let streams: [JSONLine] = try #require(media.value("media.streams"))
        #expect(streams.map { "\($0["kind"] ?? "") \($0["codec"] ?? "")" } == expected.streams)
        let duration: Double? = media.value("media.duration.seconds")
        if let wanted = expected.duration {
            #expect(near(try #require(duration), wanted, 0.002), "\(duration as Any)")
        } else {
            #expect(duration == nil)
        }
        let warnings: [JSONLine] = try #require(media.value("warnings"))
        #expect(Set(warnings.compactMap { $0["code"] as? String }) == expected.warnings)
    }

    @Test("Every readable fixture is described in text", arguments: intact)
    func text(expected: Expected) throws {
        let result = try vtx("probe", fixture(expected.name))
        #expect(result.status == 0, "\(result.summary)")
        #expect(result.errors.isEmpty)
        let lines = result.output.split(separator: "\n")
        #expect(lines.first.map(String.init) == fixture(expected.name))
        for (index, stream) in expected.streams.enumerated() {
            let words = stream.split(separator: " ")
            #expect(
                lines.contains { $0.hasPrefix("  #\(index) \(words[0])  \(words[1])") },
                "\(stream)\n\(result.output)")
        }
        let warned = lines.filter { $0.hasPrefix("  ! ") }
        #expect(warned.isEmpty == expected.warnings.isEmpty, "\(result.output)")
    }

    @Test(
        "Sizes, shapes, rates and colours are those ffprobe reports", .needsOracle,
        arguments: [
            "clip.mkv", "anamorphic.mpg", "hdr.mp4", "hlg.mkv", "odd.webm", "mjpeg.avi", "tenbit.mp4",
            "interlaced.mpg",
            "surround.mkv", "surround71.flac", "mono8k.wav", "late_start.ts",
        ])
    func agreesWithOracle(name: String) throws {
        let streams: [JSONLine] = try #require(
            vtx("probe", "--json", fixture(name)).json().last?.value("media.streams"))
        for theirs in try Oracle.describe(fixture(name)).streams {
            let ours = streams[theirs.index]
            #expect(ours["codec"] as? String == theirs.codecName)
            #expect(near(ours.value("start.seconds") ?? 0, theirs.start, 0.001))
            if theirs.codecType == "video" {
                #expect(ours.value("video.size.width") == theirs.width)
                #expect(ours.value("video.size.height") == theirs.height)
                #expect(ours.value("video.pixel_format") == theirs.pixFmt)
                #expect(ours.value("video.color.transfer") == theirs.colorTransfer)
                #expect(ours.value("video.color.primaries") == theirs.colorPrimaries)
                #expect(ours.value("video.color.matrix") == theirs.colorSpace)
                let rate: String? = ours.value("video.average_frame_rate")
                #expect(rate.map { $0.contains("/") ? $0 : "\($0)/1" } == theirs.avgFrameRate)
            } else if theirs.codecType == "audio" {
                #expect(ours.value("audio.sample_rate") == theirs.sampleRate.flatMap(Int.init))
                #expect(ours.value("audio.channels") == theirs.channels)
                if let layout = theirs.channelLayout { #expect(ours.value("audio.layout") == layout) }
            }
        }
    }

    @Test(
        "What players need to know is in the JSON",
        arguments: [
            ("rotated.mp4", "media.streams.0.video.rotation", "270"),
            ("rotated.mp4", "media.streams.0.video.display_size.height", "320"),
            ("anamorphic.mpg", "media.streams.0.video.sample_aspect_ratio", "32/27"),
            ("anamorphic.mpg", "media.streams.0.video.display_size.width", "427"),
            ("interlaced.mpg", "media.streams.0.video.field_order", "top_first"),
            ("hdr.mp4", "media.streams.0.video.hdr.format", "hdr10"),
            ("hdr.mp4", "media.streams.0.video.hdr.content_light.maximum", "1000"),
            ("hdr.mp4", "media.streams.0.video.hdr.mastering.maximum_luminance", "1000"),
            ("hlg.mkv", "media.streams.0.video.hdr.format", "hlg"),
            ("tenbit.mp4", "media.streams.0.video.bit_depth", "10"),
            ("surround.mkv", "media.streams.1.audio.layout", "5.1(side)"),
            ("clip.mkv", "media.streams.1.language", "eng"),
            ("clip.mkv", "media.streams.2.title", "Deutsch"),
            ("clip.mkv", "media.chapters.1.title", "The rest"),
            ("clip.mkv", "media.metadata.title", "A synthetic clip"),
            ("bitmap_subtitle.mkv", "media.streams.1.subtitle.form", "bitmap"),
            ("cover.mp3", "media.streams.1.disposition.0", "attached_pic"),
            ("no_duration.mkv", "media.duration_source", "unknown"),
            ("late_audio.mp4", "media.streams.1.start.seconds", "0.478"),
        ])
    func facts(name: String, path: String, expected: String) throws {
        let media = try #require(vtx("probe", "--json", fixture(name)).json().last)
        let value = try #require(media.value(path, as: Any.self), "nothing at \(path)")
        #expect("\(value)" == expected)
    }

    @Test(
        "A deep probe finds what the header hides",
        arguments: [
            ("truncated.mkv", "truncated"), ("truncated.mp4", "truncated"), ("combed.mp4", "interlaced"),
        ])
    func deep(name: String, warning: String) throws {
        let line = try #require(vtx("probe", "--deep", "--json", fixture(name)).json().last)
        let warnings: [JSONLine] = try #require(line.value("warnings"))
        #expect(warnings.contains { $0["code"] as? String == warning }, "\(warnings)")
    }

    @Test(
        "A rate is constant where it is sampled without a key frame, too", .enabled(if: Oracle.isInstalled),
        arguments: [("30000/1001", 24, 120), ("25", 20, 250)])
    func sampled(rate: String, seconds: Int, gop: Int) throws {
        let folder = try Folder()
        let source = folder.file("long.ts")
        try Oracle.ffmpeg([
            "-f", "lavfi", "-i", "color=gray:size=64x48:rate=\(rate):duration=\(seconds)", "-f", "lavfi", "-i",
            "sine=duration=\(seconds)", "-c:v", "libx264", "-preset", "ultrafast", "-bf", "3", "-g", "\(gop)", "-c:a",
            "aac", "-b:a", "64k", source,
        ])
        let probed = try vtx("probe", "--json", source)
        #expect(probed.output.contains("has_variable_frame_rate\":false"), "\(probed.summary)")
    }

    @Test("A deep probe counts packets and measures frames")
    func scan() throws {
        let line = try #require(vtx("probe", "--deep", "--json", fixture("vfr.mp4")).json().last)
        #expect(line.value("media.scan.streams.0.packets") == 55)
        let shortest: Double = try #require(line.value("media.scan.streams.0.shortest_frame.seconds"))
        let longest: Double = try #require(line.value("media.scan.streams.0.longest_frame.seconds"))
        #expect(shortest > 0.02 && shortest < 0.04)
        #expect(longest > 0.09 && longest < 0.12)
        // A file without a duration is as long as its packets reach.
        let unknown = try #require(vtx("probe", "--deep", "--json", fixture("no_duration.mkv")).json().last)
        #expect(near(try #require(unknown.value("media.scan.end.seconds")), 2.02, 0.03))
    }

    @Test("Of several files a bad one is an error line, and the others go on")
    func several() throws {
        let files = [fixture("clip.mkv"), fixture("empty.mp4"), fixture("silent.mp4")]
        let json = try startVTX(["probe", "--json"] + files).wait(within: 60)
        #expect(json.status == 1)
        let lines = json.json()
        #expect(lines.map(\.type) == ["header", "media", "error", "media"])
        #expect(lines[2]["path"] as? String == files[1])
        #expect(lines[2].value("exit_status") == 65)
        #expect(lines[3].value("media.path") == files[2])

        let text = try startVTX(["probe"] + files).wait(within: 60)
        #expect(text.status == 1)
        #expect(text.output.contains(files[0]) && text.output.contains(files[2]))
        #expect(text.errors.hasPrefix("error: cannot read \(files[1])"))
    }

    @Test("If every file is bad, the exit status is the first one's")
    func allBad() throws {
        #expect(try vtx("probe", "/nonexistent/a.mp4", fixture("empty.mp4")).status == 66)
    }
}
