// What is extracted, and what is refused.

import Testing
import VTXModel

@testable import VTXPlanning

@Suite("extract planning", .timeLimit(.minutes(60)))
struct ExtractTests {
    private static let length = MediaTime(20, Rational(1))
    private static let video = picture(duration: 20)

    private static func subtitle(_ index: Int, _ codec: String, isDefault: Bool = false) -> StreamDescription {
        StreamDescription(
            index: index, kind: .subtitle, codec: codec, language: index == 1 ? "eng" : "deu",
            disposition: isDefault ? ["default"] : [])
    }

    private static func source(_ streams: [StreamDescription]) -> MediaDescription {
        MediaDescription(
            path: "in.mkv", format: "matroska,webm", formatLongName: "", duration: length, durationSource: .header,
            start: .zero, streams: streams)
    }

    private static let everything = Capabilities(
        encoders: ["subrip", "webvtt", "ass", "png", "mjpeg", "libwebp", "libwebp_anim", "gif"],
        filters: ["palettegen", "paletteuse"])

    private func plan(
        _ output: String, of streams: [StreamDescription] = [video], _ change: (inout ExtractOptions) -> Void = { _ in }
    ) throws -> ExtractPlan {
        var options = ExtractOptions(output: output)
        change(&options)
        return try planExtract(of: Self.source(streams), options: options, capabilities: Self.everything)
    }

    @Test(
        "The extension and the options tell what is made",
        arguments: [
            ("a.png", ExtractPlan.Kind.frame, ExtractOptions(output: "")),
            ("sheet.jpg", .frame, ExtractOptions(output: "")),
            ("a.gif", .clip, ExtractOptions(output: "")), ("a.webp", .frame, ExtractOptions(output: "")),
        ])
    func kinds(output: String, kind: ExtractPlan.Kind, options: ExtractOptions) throws {
        #expect(try plan(output).kind == kind)
    }

    @Test("Options make other things of the same names")
    func options() throws {
        #expect(try plan("a.webp") { $0.duration = MediaTime(1, Rational(1)) }.kind == .clip)
        #expect(try plan("a.webp") { $0.grid = .init(columns: 2, rows: 2) }.kind == .sheet)
        let frames = try plan("out/shot.png") { $0.interval = Rational(5) }
        #expect(frames.kind == .frames && frames.output == "out")
        #expect(frames.images?.names == "shot-%04d.png" && frames.images?.name(12) == "shot-0012.png")
        #expect(try plan("out/") { $0.interval = Rational(5) }.images?.names == "frame-%04d.jpg")
    }

    @Test("Frames of a sheet are in the middle of equal parts")
    func sheet() throws {
        let images = try #require(try plan("a.jpg") { $0.grid = .init(columns: 2, rows: 2) }.images)
        #expect(images.times?.map(\.seconds) == [2.5, 7.5, 12.5, 17.5])
        #expect(images.size == PixelSize(320, 180))
    }

    @Test("JPEG and WebP get the matrix that their readers expect")
    func colors() throws {
        #expect(try plan("a.jpg").images?.filters.contains { $0.contains("in_color_matrix=bt709") } == true)
        #expect(try plan("a.webp").images?.filters.contains { $0.contains("out_color_matrix=bt601") } == true)
        #expect(try plan("a.png").images?.filters.last == "format=rgb24")
    }

    @Test(
        "The default track of text is taken, else the first one",
        arguments: [
            ([subtitle(1, "subrip"), subtitle(2, "subrip", isDefault: true)], 2),
            ([subtitle(1, "hdmv_pgs_subtitle", isDefault: true), subtitle(2, "ass")], 2),
            ([subtitle(1, "mov_text"), subtitle(2, "ass")], 1),
        ])
    func tracks(subtitles: [StreamDescription], stream: Int) throws {
        #expect(try plan("a.srt", of: [Self.video] + subtitles).stream == stream)
    }

    nonisolated(unsafe) private static let refusals: [(String, (inout ExtractOptions) -> Void, String)] = [
        ("a.srt", { _ in }, "no subtitles"), ("a.srt", { $0.time = .zero }, "file of text"),
        ("a.txt", { _ in }, "not a format"), ("a.mp4", { _ in }, "not extracted"), ("frame", { _ in }, "no extension"),
        ("a.gif", { $0.time = .zero }, "takes one frame"), ("a.png", { $0.takesCover = true }, "no cover art"),
        ("a.png", { $0.track = "1" }, "not a file of text"), ("a.png", { $0.tileWidth = 100 }, "of no use"),
        ("a.png", { $0.time = MediaTime(20, Rational(1)) }, "beyond the end"),
        ("a-%d.png", { $0.interval = Rational(1) }, "directory of their own"),
        ("d/a%.png", { $0.interval = Rational(1) }, "not a pattern"),
        ("d/a.gif", { $0.interval = Rational(1) }, "animation only"),
        (
            "a.jpg",
            {
                $0.grid = .init(columns: 50, rows: 50)
                $0.tileWidth = 4096
            }, "sheet would have"
        ),
        (
            "a.jpg",
            {
                $0.grid = .init(columns: 1, rows: 1)
                $0.time = .zero
            }, "cannot be combined"
        ),
        ("a.gif", { $0.frameRate = Rational(60) }, "out of range"),
    ]

    @Test("What cannot be made is refused with the way out")
    func refusal() throws {
        for (output, change, words) in Self.refusals {
            let error = try #require(throws: VTXError.self) { try plan(output, change) }
            #expect(error.kind == .usage && error.description.contains(words), "\(output): \(error)")
            #expect(error.remedy != nil)
        }
    }

    @Test("Subtitles that are images are refused, and the track that is text is named")
    func bitmaps() throws {
        let tracks = [Self.subtitle(1, "dvb_subtitle"), Self.subtitle(2, "subrip")]
        let error = try #require(throws: VTXError.self) {
            try plan("a.srt", of: [Self.video] + tracks) { $0.track = "1" }
        }
        #expect(error.remedy?.contains("subtitle 2") == true, "\(error)")
        let alone = try #require(throws: VTXError.self) { try plan("a.srt", of: [Self.video, tracks[0]]) }
        #expect(alone.kind == .usage && alone.remedy?.contains("transcode") == true, "\(alone)")
    }
}
