import Testing
import VTXModel
@testable import VTXPlanning

@Suite("Subtitles")
struct SubtitleTests {
    @Test(
        "Each container keeps what it can, in its own form",
        arguments: [
            ("subrip", ".mp4", .convert(.movText)), ("mov_text", ".mp4", .copy),
            ("ass", ".mov", .convert(.movText)),
            ("subrip", ".webm", .convert(.webvtt)), ("webvtt", ".webm", .copy), ("subrip", ".mkv", .copy),
            ("ass", ".mkv", .copy),
            ("mov_text", ".mkv", .convert(.subrip)), ("webvtt", ".mkv", .convert(.subrip)),
            ("hdmv_pgs_subtitle", ".mkv", .copy),
            ("dvb_subtitle", ".mkv", .copy), ("eia_608", ".mp4", .convert(.movText)),
        ] as [(String, String, SubtitleFate)])
    func fates(codec: String, format: String, expected: SubtitleFate) {
        #expect(
            subtitleFate(
                text(0, codec: codec), under: .container(Container(fileExtension: String(format.dropFirst()))!),
                isExact: false) == expected)
    }

    @Test(
        "What cannot be kept is dropped and said, or refused if it was asked for",
        arguments: [
            ("hdmv_pgs_subtitle", "out.mp4"), ("subrip", "out.avi"), ("ttml", "out.mkv"),
            ("dvd_subtitle", "out.webm"),
        ])
    func impossible(codec: String, output: String) throws {
        let source = media(picture(), text(1, codec: codec))
        let made = try plan(source, to: output)
        #expect(made.subtitles.isEmpty)
        #expect(made.says("subtitle 1: dropped"))
        #expect(refusal(source, to: output) { $0.subtitleTracks = .some([.position(1)]) }.kind == .usage)
    }

    @Test("Text is converted where times must be exact to a cut")
    func cut() throws {
        let source = media(picture(), text(1), text(2, codec: "ass"), text(3, codec: "hdmv_pgs_subtitle"))
        #expect(try plan(source, to: "out.mkv").subtitles.map(\.convert) == [nil, nil, nil])
        #expect(
            try plan(source, to: "out.mkv") { $0.start = seconds(1) }.subtitles.map(\.convert) == [
                .subrip, .ass, nil,
            ])
    }

    @Test("Lost styling is said")
    func styling() throws {
        #expect(try plan(media(picture(), text(1, codec: "ass"))).says("without its styling"))
    }

    @Test("Burnt text is drawn upright on square pixels, at source times, and not kept as a track")
    func burning() throws {
        let turned = picture { $0.orientation = Orientation(quarterTurns: 1) }
        let source = media(turned, text(1), text(2))
        let made = try plan(source) {
            $0.burn = .track(2); $0.fit = .height(1280)
        }
        #expect(made.subtitles.map(\.stream) == [1])
        #expect(
            made.video?.encode?.filters == [
                "transpose=dir=clock", "scale=w=720:h=1280:flags=bicubic", "subtitles=filename=in.mkv:si=1",
                "setsar=1",
            ])
        let cut = try plan(source) {
            $0.burn = .track(1); $0.start = seconds(2.5)
        }
        #expect(
            cut.video?.encode?.filters == [
                "transpose=dir=clock", "setpts=PTS+round(2500000/1000000/TB)",
                "subtitles=filename=in.mkv:si=0",
                "setpts=PTS-round(2500000/1000000/TB)",
            ])
    }

    @Test("A file's times count from the beginning of the source, in the file's encoding; its tracks are not written")
    func burningFile() throws {
        var file = SubtitleFile(path: "a.srt", streams: [text(0)])
        file.encoding = "CP1251"
        let late = media(picture { _ in }, text(1))
        let made = try plan(late) { ($0.burn, $0.start) = (.file(file), seconds(2)) }
        #expect(
            made.video?.encode?.filters == [
                "setpts=PTS+round(2000000/1000000/TB)", "subtitles=filename=a.srt:si=0:charenc=CP1251",
                "setpts=PTS-round(2000000/1000000/TB)",
            ])
        #expect(made.subtitles.map(\.stream) == [1] && made.subtitles.allSatisfy { $0.file == nil })
        #expect(made.says("CP1251"))
        let bitmap = SubtitleFile(path: "a.sup", streams: [text(0, codec: "hdmv_pgs_subtitle")])
        let encode = try plan(late) { $0.burn = .file(bitmap) }.video?.encode
        #expect(encode?.overlaySubtitle == 0 && encode?.overlayFile == "a.sup")
        #expect(refusal(late) { $0.burn = .file(SubtitleFile(path: "a.mp4")) }.kind == .badMedia)
    }

    @Test("Burnt bitmaps are laid over; what is not there is refused")
    func burningBitmaps() throws {
        let source = media(picture(), text(1), text(2, codec: "hdmv_pgs_subtitle"))
        #expect(try plan(source) { $0.burn = .track(2) }.video?.encode?.overlaySubtitle == 2)
        let error = refusal(source) { $0.burn = .track(3) }
        #expect(error.kind == .usage && error.cause == "it has 2 subtitle tracks, counted from 1")
        #expect(
            refusal(source, Capabilities(encoders: everything.encoders, filters: [])) { $0.burn = .track(1) }.kind
                == .unavailable)
    }

    @Test(
        "A path is escaped for the option and for the graph",
        arguments: [
            ("a.mkv", "a.mkv"), ("a:b", "a\\\\:b"), ("it's", "it\\\\\\'s"), ("a,b[c];d", "a\\,b\\[c\\]\\;d"),
            ("back\\slash", "back\\\\\\\\slash"),
        ])
    func escaping(path: String, expected: String) {
        #expect(escapedForGraph(path) == expected)
    }

    @Test(
        "A subtitle file becomes a track in the container's form",
        arguments: [
            ("out.mp4", "subrip", SubtitleCodec.movText), ("out.mkv", "subrip", .subrip),
            ("out.mkv", "ass", .ass), ("out.webm", "subrip", .webvtt),
        ])
    func files(output: String, codec: String, expected: SubtitleCodec) throws {
        let file = SubtitleFile(path: "a.srt", language: "de", streams: [text(0, codec: codec)])
        let made = try plan(media(picture()), to: output) { $0.subtitleFiles = [file] }
        #expect(
            made.subtitles == [
                SubtitleTrackPlan(
                    stream: 0, file: "a.srt", label: TrackLabel(language: "deu"), convert: expected)
            ])
    }

    @Test("A subtitle file that has no place is refused")
    func badFiles() {
        #expect(
            refusal(media(picture()), to: "out.avi") {
                $0.subtitleFiles = [SubtitleFile(path: "a", streams: [text(0)])]
            }.kind == .usage)
        #expect(refusal(media(picture())) { $0.subtitleFiles = [SubtitleFile(path: "a")] }.kind == .badMedia)
    }
}
