// Text from anywhere: encodings, blocks of WebVTT, overlaps, cues after the end, and what tracks say about themselves.

import Foundation
import Testing

@Suite("cues", .needsOracle, .timeLimit(.minutes(60)))
struct CueTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    /// Four seconds of video.
    private func video(_ extra: [String] = []) throws -> String {
        let path = folder.file("base.mkv")
        try Oracle.ffmpeg(
            ["-f", "lavfi", "-i", "testsrc2=s=64x48:r=25:d=4"] + extra
                + ["-map", "0", "-c:v", "libx264", "-preset", "ultrafast", path])
        return path
    }

    private func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: folder.file(name)))
        return folder.file(name)
    }

    /// `start text` of each cue of a file's first subtitle track, in plain text.
    private func cues(_ path: String) throws -> [String] {
        try Oracle.ffmpeg(["-i", path, "-map", "0:s:0", "-f", "srt", "-"]).output
            // What libav's decoders escape.
            .replacingOccurrences(of: "\\h", with: " ")
            .replacingOccurrences(of: "\\{", with: "{").replacingOccurrences(of: "\\}", with: "}")
            .replacingOccurrences(of: "<[^>]*>|\\{\\\\[^}]*\\}", with: "", options: .regularExpression)
            .components(separatedBy: "\n\n").compactMap { block in
                // libav writes the line breaks of a cue in its own way.
                let lines = block.replacingOccurrences(of: "\r\n", with: "\n").split(separator: "\n")
                    .drop { !$0.contains("-->") }
                guard let time = lines.first else { return nil }
                return "\(time.dropFirst(6).prefix(6)) \(lines.dropFirst().joined(separator: "|"))"
            }
    }

    /// The text of a package's only subtitle segment.
    private func package(_ input: String, _ options: String...) throws -> (result: ProgramResult, text: String) {
        let result = try startVTX(
            ["ladder", input, "-o", folder.file("package"), "--speed", "ultrafast", "--overwrite"] + options
        ).wait(within: 100)
        try #require(result.status == 0, "\(result.summary)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("package"))
        let track = try #require(names.first { $0.hasPrefix("subtitles-") })
        return (
            result,
            try String(contentsOfFile: folder.file("package/\(track)/segment-00001.vtt"), encoding: .utf8)
        )
    }

    private static let latin =
        "1\r\n00:00:00,500 --> 00:00:01,500\r\n\u{C9}t\u{E9} \u{E0} N\u{EE}mes, \u{E7}a co\u{FB}te\r\n\r\n"
        + "2\r\n00:00:02,000 --> 00:00:03,000\r\nStra\u{DF}e \u{F6}lig\r\n"
    private static let expected = ["00,500 Été à Nîmes, ça coûte", "02,000 Straße ölig"]
    private static var bytes: [UInt8] { latin.unicodeScalars.map { UInt8($0.value) } }

    // MARK: Encodings

    @Test("A file that is not UTF-8 keeps all cues, and its encoding is reported", arguments: ["mp4", "mkv", "webm"])
    func encoding(container: String) throws {
        let output = folder.file("out.\(container)")
        let result = try transcode(
            video(), to: output, "--subtitle-file", "fr:" + write(Self.bytes, to: "s.srt"), "--strict")
        #expect(try cues(output) == Self.expected)
        #expect(result.errors.contains("read as WINDOWS-1252"))
    }

    @Test("UTF-16 keeps all cues", arguments: [true, false])
    func wide(hasMark: Bool) throws {
        var bytes: [UInt8] = hasMark ? [0xFF, 0xFE] : []
        for unit in Self.latin.utf16 { bytes += [UInt8(unit & 255), UInt8(unit >> 8)] }
        let output = folder.file("out.mp4")
        try transcode(video(), to: output, "--subtitle-file", write(bytes, to: "s.srt"))
        #expect(try cues(output) == Self.expected)
    }

    @Test("An encoding that is given is used; one that does not exist is refused")
    func given() throws {
        // The same bytes are Cyrillic here.
        let (source, file, output) = (try video(), try write(Self.bytes, to: "s.srt"), folder.file("out.mp4"))
        try transcode(source, to: output, "--subtitle-file", file, "--subtitle-encoding", "cp1251")
        #expect(try cues(output)[0].contains("Йtй а Nоmes"))
        let refused = try vtx(
            "transcode", source, "-o", folder.file("x.mp4"), "--subtitle-file", file, "--subtitle-encoding", "martian")
        #expect(refused.status == 64 && refused.errors.contains("martian"), "\(refused.summary)")
    }

    @Test("Bytes without a meaning are an error with the file and the line, and nothing is written")
    func invalid() throws {
        let file = try write(Self.bytes + [0x81, 0x81, 0x0A], to: "s.srt")
        let refused = try vtx(
            "transcode", video(), "-o", folder.file("out.mp4"), "--subtitle-file", file, "--subtitle-encoding", "cp1252"
        )
        #expect(refused.status == 65 && refused.errors.contains("s.srt"), "\(refused.summary)")
        #expect(refused.errors.contains("line 8"), "\(refused.errors)")
        #expect(!folder.names.contains("out.mp4"))
    }

    @Test(
        "Text inside a source that is not UTF-8 is decoded, copied or not, and reported",
        arguments: ["mkv", "mp4"])
    func inside(container: String) throws {
        let source = folder.file("in.mkv")
        try Oracle.ffmpeg([
            "-i", video(), "-i", write(Self.bytes, to: "s.srt"), "-map", "0", "-map", "1", "-c", "copy", source,
        ])
        let output = folder.file("out.\(container)")
        let result = try transcode(source, to: output, "--video", "copy")
        #expect(try cues(output) == Self.expected)
        #expect(result.errors.contains("read as WINDOWS-1252"), "\(result.errors)")
        let told = try transcode(
            source, to: output, "--video", "copy", "--overwrite", "--strict", "--subtitle-encoding", "cp1252")
        #expect(!told.errors.contains("warning"), "\(told.errors)")
        #expect(try package(source).text.contains("Été à Nîmes"))
    }

    // MARK: Cues

    private static let webVTT = """
        WEBVTT

        STYLE
        ::cue(.yellow) { color: yellow }

        REGION
        id:fred

        00:00.200 --> 00:01.000 line:10% align:start
        <v Bob>Tom &amp; Ann</v> &lt;whisper&gt;

        00:01.200 --> 00:02.000
        one&nbsp;word {not a style} <c.yellow>yellow</c>

        """

    @Test("WebVTT keeps its cues in every container", arguments: ["mp4", "mkv", "webm"])
    func blocks(container: String) throws {
        let output = folder.file("out.\(container)")
        let result = try transcode(video(), to: output, "--subtitle-file", folder.write(Self.webVTT, to: "s.vtt"))
        let found = try cues(output).map { $0.replacingOccurrences(of: "\u{A0}", with: " ") }
        #expect(found[0].hasPrefix("00,200") && found[0].contains("Tom & Ann"))
        #expect(found.count == 2 && found[1].contains("one word"), "\(found)")
        #expect(found[1].contains("{not a style} yellow"), "\(found)")
        #expect(result.errors.contains("styles and regions left out"))
    }

    @Test("A package keeps markup and settings of WebVTT, and escapes text of other formats")
    func markup() throws {
        let source = try video()
        let kept = try package(source, "--subtitle-file", folder.write(Self.webVTT, to: "s.vtt")).text
        #expect(kept.contains("line:10% align:start\n<v Bob>Tom &amp; Ann</v> &lt;whisper&gt;\n"), "\(kept)")
        #expect(kept.contains("one&nbsp;word {not a style} <c.yellow>yellow</c>"))
        let srt = "1\n00:00:00,200 --> 00:00:01,000\nAT&T: 3 < 5 {\\an8}<i>it</i> --> {x}\n"
        let escaped = try package(source, "--subtitle-file", folder.write(srt, to: "s.srt")).text
        #expect(escaped.contains("AT&amp;T: 3 &lt; 5 <i>it</i> --&gt; {x}\n"), "\(escaped)")
    }

    @Test("WebVTT in Matroska is read as text")
    func embedded() throws {
        let source = folder.file("in.mkv")
        try Oracle.ffmpeg([
            "-i", video(), "-i",
            folder.write(
                Self.webVTT.replacingOccurrences(of: "STYLE", with: "NOTE")
                    .replacingOccurrences(of: "REGION", with: "NOTE"), to: "s.vtt"), "-map", "0", "-map", "1", "-c",
            "copy", source,
        ])
        // What other writers call it; the identifier of libav's is one that its own reader knows.
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: source)))
        let own = Array("D_WEBVTT/SUBTITLES".utf8)
        let place = try #require(bytes.indices.first { bytes[$0...].starts(with: own) })
        bytes.replaceSubrange(place..<place + own.count, with: Array("S_TEXT/WEBVTT".utf8) + [0, 0, 0, 0, 0])
        let output = folder.file("out.mp4")
        try transcode(write(bytes, to: "in2.mkv"), to: output, "--video", "copy")
        let found = try cues(output)
        #expect(found.count == 2 && found[0].contains("Tom & Ann"), "\(found)")
    }

    @Test("Cues that overlap stay in their place in MP4", arguments: ["mp4", "mov"])
    func overlapping(container: String) throws {
        let srt = """
            1
            00:00:00,500 --> 00:00:03,500
            SIGN

            2
            00:00:01,000 --> 00:00:01,800
            Hello

            """
        let output = folder.file("out.\(container)")
        try transcode(video(), to: output, "--subtitle-file", folder.write(srt, to: "s.srt"), "--strict")
        #expect(try cues(output) == ["00,500 SIGN", "01,000 SIGN|Hello", "01,800 SIGN"])
        #expect(abs(try Oracle.describe(output).duration - 4) < 0.1)
    }

    @Test("Cues end with the video, and what is lost is reported", arguments: ["mp4", "mkv", "webm"])
    func late(container: String) throws {
        let srt = """
            1
            00:00:00,200 --> 00:00:01,800
            A

            2
            00:00:03,000 --> 00:00:09,000
            B

            3
            00:01:00,000 --> 00:01:02,000
            C

            """
        let (source, file) = (try video(), try folder.write(srt, to: "s.srt"))
        let output = folder.file("out.\(container)")
        let result = try transcode(source, to: output, "--subtitle-file", file)
        #expect(abs(try Oracle.describe(output).duration - 4) < 0.1)
        #expect(try cues(output) == ["00,200 A", "03,000 B"])
        #expect(result.errors.contains("1 of 3 cues lost: 1 after the end of the video"), "\(result.errors)")
        #expect(result.errors.contains("1 cue shortened to the end of the video"))
        let refused = try vtx(
            "transcode", source, "-o", folder.file("x.mkv"), "--subtitle-file", file, "--strict", "--video", "copy")
        #expect(refused.status == 65, "\(refused.summary)")
        let packaged = try package(source, "--subtitle-file", file)
        #expect(packaged.result.errors.contains("1 of 3 cues lost"), "\(packaged.result.errors)")
        #expect(packaged.text.contains("--> 00:00:04.000"))
    }

    @Test("A track without cues is reported, and refused with --strict")
    func empty() throws {
        let (source, file) = (
            try video(), try folder.write("1\n00:00:02,000 --> 00:00:01,000\nbackwards\n", to: "s.srt")
        )
        let result = try transcode(source, to: folder.file("out.mp4"), "--subtitle-file", file)
        #expect(result.errors.contains("the track has no cues"), "\(result.errors)")
        let refused = try vtx(
            "ladder", source, "-o", folder.file("package"), "--subtitle-file", file, "--strict", "--speed", "ultrafast")
        #expect(refused.status == 65, "\(refused.summary)")
    }

    @Test("Drawings of ASS are no text", arguments: ["mp4", "webm"])
    func drawings(container: String) throws {
        let ass = """
            [Script Info]
            ScriptType: v4.00+

            [V4+ Styles]
            Format: Name, Fontname, Fontsize, PrimaryColour, Alignment
            Style: Default,Arial,20,&H00FFFFFF,2

            [Events]
            Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
            Dialogue: 0,0:00:00.50,0:00:01.50,Default,,0,0,0,,{\\p1}m 0 0 l 100 0{\\p0}
            Dialogue: 0,0:00:02.00,0:00:03.00,Default,,0,0,0,,{\\p1}m 0 0 l 5 5{\\p0}sign{a note}

            """
        let output = folder.file("out.\(container)")
        try transcode(video(), to: output, "--subtitle-file", folder.write(ass, to: "s.ass"), "--strict")
        #expect(try cues(output) == ["02,000 sign"])
    }

    // MARK: What tracks say

    @Test("A subtitle track is on, forced or for the deaf as in the source", arguments: ["mp4", "mov", "webm", "mkv"])
    func flags(container: String) throws {
        let source = folder.file("in.mkv")
        let file = try folder.write("1\n00:00:00,200 --> 00:00:01,000\na\n", to: "s.srt")
        try Oracle.ffmpeg(
            ["-i", video(), "-i", file, "-i", file, "-i", file, "-map", "0", "-map", "1", "-map", "2", "-map", "3"]
                + ["-c", "copy", "-disposition:s:0", "0", "-disposition:s:1", "forced"]
                + ["-disposition:s:2", "hearing_impaired", source])
        let output = folder.file("out.\(container)")
        let result = try transcode(source, to: output)
        let tracks = try Oracle.describe(output).subtitles
        try #require(tracks.count == 3)
        #expect(tracks.map(\.isDefault) == [false, false, false])
        if container == "mov" {
            #expect(
                result.errors.contains("forced flag left out")
                    && result.errors.contains("hearing-impaired flag left out"))
        } else {
            #expect(tracks.map { $0.disposition["forced"] } == [0, 1, 0])
            let isForDeaf = tracks.map { $0.disposition["hearing_impaired"] == 1 || $0.disposition["captions"] == 1 }
            #expect(isForDeaf == [false, false, true])
        }
    }

    @Test(
        "A language keeps its script and region on the way", arguments: ["pt-BR", "zh-Hant-TW", "es-419", "x-klingon"])
    func languages(tag: String) throws {
        _ = try folder.write("1\n00:00:00,200 --> 00:00:01,000\na\n", to: "s.srt")
        let file = folder.file("s.srt")
        let (mkv, mp4) = (folder.file("out.mkv"), folder.file("out.mp4"))
        try transcode(video(), to: mkv, "--subtitle-file", "\(tag.lowercased()):\(file)")
        let element = [0x22, 0xB5, 0x9D, UInt8(0x80 | tag.utf8.count)] + Array(tag.utf8)
        #expect(try Data(contentsOf: URL(fileURLWithPath: mkv)).range(of: Data(element)) != nil)
        // On to MP4 and from there to a package, which has only what MP4 has kept.
        try transcode(mkv, to: mp4, "--video", "copy")
        let found = try Oracle.describe(mp4).subtitles.first
        #expect(found?.tag("language") == ["pt-BR": "por", "zh-Hant-TW": "zho", "es-419": "spa"][tag] ?? "und")
        #expect(found?.tag("handler_name") == "SubtitleHandler")
        #expect(try cues(mp4) == ["00,200 a"])
        _ = try package(mp4)
        let master = try HLSPackage(folder.file("package"))
        #expect(master.renditions.map { $0["LANGUAGE"] } == [tag])
    }

    @Test("A tag is never part of a path")
    func missing() throws {
        let result = try vtx("transcode", video(), "-o", folder.file("x.mp4"), "--subtitle-file", "pt-BR:none.srt")
        #expect(result.status == 66 && result.errors.contains("none.srt") && !result.errors.contains("pt-BR"))
    }

    @Test(
        "Chapters begin when they do, the first one too", arguments: ["mp4", "mov", "m4a", "mkv"],
        [[1.5, 2.5], [1.0, 2.0, 3.0], [1.0, 2.0]])
    func chapters(container: String, starts: [Double]) throws {
        let list = starts.enumerated().map { index, start in
            "[CHAPTER]\nTIMEBASE=1/1000\nSTART=\(Int(start * 1000))\n"
                + "END=\(index + 1 < starts.count ? Int(starts[index + 1] * 1000) : 4000)\ntitle=Part \(index)\n"
        }
        let file = try folder.write(";FFMETADATA1\n" + list.joined(), to: "chapters.txt")
        let source = folder.file("in.mkv")
        try Oracle.ffmpeg(
            ["-f", "lavfi", "-i", "testsrc2=s=64x48:r=25:d=4", "-f", "lavfi", "-i", "sine=d=4", "-i", file]
                + ["-map", "0", "-map", "1", "-map_chapters", "2", "-c:v", "libx264", "-preset", "ultrafast", source])
        let output = folder.file("out.\(container)")
        try transcode(source, to: output)
        let chapters = try Oracle.describe(output).chapters
        #expect(chapters.map { $0.tags?["title"] } == starts.indices.map { "Part \($0)" })
        for (chapter, start) in zip(chapters, starts) { #expect(near(chapter.start, start, 0.03), "\(chapter.start)") }
    }

    @Test("Empty cues of SAMI end the one before, and none is lost")
    func sami() throws {
        let file = try folder.write(
            "<SAMI><BODY>\n<SYNC Start=500><P Class=A>One\n<SYNC Start=1000><P Class=A>&nbsp;\n"
                + "<SYNC Start=1500><P Class=A>Two\n<SYNC Start=2000><P Class=A>&nbsp;\n</BODY></SAMI>\n", to: "s.smi")
        let result = try transcode(try video(), to: folder.file("out.mkv"), "--strict", "--subtitle-file", file)
        #expect(!result.errors.contains("lost"), "\(result.errors)")
        #expect(try cues(folder.file("out.mkv")) == ["00,500 One", "01,500 Two"])
    }

    @Test("TTML is not supported, and not damaged")
    func timedText() throws {
        let file = try folder.write(
            "<?xml version=\"1.0\"?>\n<tt xmlns=\"http://www.w3.org/ns/ttml\"><body/></tt>\n", to: "s.ttml")
        for arguments in [
            ["probe", file], ["transcode", try video(), "-o", folder.file("out.mkv"), "--subtitle-file", file],
        ] {
            let result = try startVTX(arguments).wait(within: 60)
            #expect(result.status == 69 && result.errors.contains("TTML"), "\(result.summary)")
        }
    }
}
