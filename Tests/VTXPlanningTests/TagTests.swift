// Which tags of a source its output has, and what is told of the others.

import Testing
import VTXModel
import VTXPlanning

@Suite("Tags")
struct TagTests {
    private let phone = [
        "com.apple.quicktime.location.ISO6709": "+48.8577+002.2950+035.0/",
        "com.apple.quicktime.make": "Apple", "com.apple.quicktime.creationdate": "2022-11-09T20:36:38+0300",
        "creation_time": "2022-11-09T17:36:38.000000Z", "major_brand": "qt  ", "encoder": "Lavf",
    ]

    private func source(_ tags: [String: String]) -> MediaDescription {
        var source = media(picture(), audio())
        source.metadata = tags
        return source
    }

    private func notes(_ decisions: [Decision]) -> [OutputDecision] {
        decisions.compactMap { if case .output(let decision) = $0 { decision } else { nil } }
    }

    @Test(
        "What a camera says has its common name too, and in MP4 and MOV that of QuickTime",
        arguments: [
            ("out.mp4", true), ("out.mov", true), ("out.m4v", true), ("out.mkv", true), ("out.webm", true),
            ("out.mkv", false), ("out.mp4", false),
        ])
    func camera(output: String, isQuickTime: Bool) throws {
        let tags = isQuickTime ? phone : ["LOCATION": "+48.8577+002.2950+035.0/", "make": "Apple", "model": "X"]
        let made = try plan(source(tags), to: output)
        let found = Dictionary(made.metadata.map { ($0.key.lowercased(), $0.value) }) { first, _ in first }
        #expect(found["location"] == "+48.8577+002.2950+035.0/")
        #expect(found["make"] == "Apple")
        if isQuickTime { #expect(found["date"] == "2022-11-09T20:36:38+0300") }
        let isMovie = output != "out.mkv" && output != "out.webm"
        #expect((found["com.apple.quicktime.make"] != nil) == (isQuickTime || isMovie))
        #expect(found["major_brand"] == nil && found["encoder"] == nil)
        #expect(notes(made.decisions).isEmpty)
    }

    @Test("Tags that AVI and WAV have no place for are named", arguments: ["out.avi", "out.wav"])
    func riff(output: String) throws {
        let made = try plan(source(["title": "T", "make": "M", "lyrics": "L", "lyrics-eng": "L"]), to: output)
        #expect(made.metadata == ["title": "T"])
        let container: Container = output == "out.avi" ? .avi : .wav
        #expect(notes(made.decisions).contains(.droppedTags(["lyrics", "make"], container)))
    }

    @Test("Tags that no longer hold are left out: gains of other loudness, gaps of other samples")
    func stale() throws {
        let tags = ["title": "T", "REPLAYGAIN_TRACK_GAIN": "-9.50 dB", "r128_track_gain": "-1", "iTunSMPB": " 0 840"]
        let file = source(tags)
        #expect(try plan(file, to: "out.mp4") { $0.audioCodec = .copy }.metadata == tags)
        let encoded = try plan(file, to: "out.mp4").metadata
        #expect(encoded == tags.filter { $0.key != "iTunSMPB" })
        #expect(try plan(file, to: "out.mp4") { $0.loudness = -16 }.metadata == ["title": "T"])
    }

    @Test("Tags of Ogg are those of its stream")
    func ogg() throws {
        var source = media(audio(0, codec: "vorbis"))
        source.format = "ogg"
        source.streams[0].metadata = ["artist": "A"]
        source.streams[0].title = "T"
        #expect(try plan(source, to: "out.m4a").metadata == ["artist": "A", "title": "T"])
    }

    @Test(
        "A package has the title of its source, in one line",
        arguments: [
            ("A title", "A title"), ("  two\n lines\t", "two lines"), ("a\u{0}b\u{1B}[1m", "ab[1m"), (" \n", nil),
            (nil, nil),
            (String(repeating: "x", count: 9000), String(repeating: "x", count: 250)),
        ] as [(String?, String?)])
    func title(given: String?, expected: String?) throws {
        let tags = given.map { ["TITLE": $0] } ?? [:]
        let ladder = try planLadder(
            of: source(tags), options: LadderOptions(output: "out"), capabilities: everything)
        #expect(ladder.title == expected)
        #expect(notes(ladder.decisions).isEmpty)
        let package = try planPackage(
            of: [source([:]), source(tags)], options: PackageOptions(output: "out"), capabilities: everything)
        #expect(package.title == expected)
    }

    @Test("Packages carry no other tags, which is noted")
    func packages() throws {
        let ladder = try planLadder(
            of: source(phone), options: LadderOptions(output: "out"), capabilities: everything)
        let names = phone.keys.filter { $0.hasPrefix("com.apple") }.sorted()
        #expect(notes(ladder.decisions).contains(.tagsNotPackaged(names)))
        let package = try planPackage(
            of: [source(phone)], options: PackageOptions(output: "out"), capabilities: everything)
        #expect(notes(package.decisions).contains(.tagsNotPackaged(names)))
        let plain = try planLadder(
            of: source(["creation_time": "2022-11-09T17:36:38Z", "encoder": "Lavf"]),
            options: LadderOptions(output: "out"), capabilities: everything)
        #expect(notes(plain.decisions).isEmpty)
    }

    @Test(
        "Projections and stereo modes are kept in MP4 and MKV, and named elsewhere",
        arguments: [("out.mp4", true), ("out.mkv", true), ("out.mov", false)], [true, false])
    func spatial(target: (output: String, isKept: Bool), isCopy: Bool) throws {
        let video = picture {
            $0.projection = "equirectangular"
            $0.stereo = "top and bottom"
        }
        let made = try plan(media(video), to: target.output) {
            if isCopy { $0.video = .copy }
        }
        #expect((made.video?.keepsSpatial ?? false) == target.isKept)
        let isNoted = made.decisions.contains {
            if case .video(.droppedSpatial("equirectangular, top and bottom", _)) = $0 { true } else { false }
        }
        #expect(isNoted != target.isKept)
        #expect((made.muxerOptions["strict"] == "unofficial") == (target.output == "out.mp4"))
    }

    @Test(
        "Projections and stereo modes of frames that are cut, turned or padded are not kept, and what did it is named",
        arguments: [
            ("crop", [Setting.crop]), ("rotate", [.rotate]), ("flip", [.flip]), ("pad", []), ("scale", nil),
            ("whole", nil),
        ] as [(String, [Setting]?)])
    func moved(change: String, reason: [Setting]?) throws {
        let video = picture { $0.projection = "equirectangular" }
        let made = try plan(media(video)) {
            switch change {
            case "crop": $0.filters.crop = .area(PixelArea(x: 0, y: 0, size: PixelSize(960, 1080)))
            case "rotate": $0.filters.quarterTurns = 2
            case "flip": $0.filters.flip = .horizontal
            case "pad": $0.fit = .size(PixelSize(640, 640))
            case "scale": $0.fit = .height(540)
            default: $0.filters.crop = .area(PixelArea(x: 0, y: 0, size: PixelSize(1920, 1080)))
            }
        }
        #expect(made.video?.keepsSpatial == (reason == nil ? true : nil))
        let note = reason.map { Decision.video(.outdatedSpatial("equirectangular", because: $0)) }
        #expect(made.decisions.contains { $0 == note } == (reason != nil))
        #expect(made.says("cropped from") == (change == "crop"))
        #expect(made.says("not cropped") == (change == "whole"))
    }

    @Test("A projection by a mesh is named, and two views are kept without it", arguments: [nil, "side by side"])
    func mesh(stereo: String?) throws {
        let video = picture { ($0.projection, $0.stereo) = ("mesh", stereo) }
        let made = try plan(media(video), to: "out.mp4")
        #expect(made.video?.keepsSpatial == (stereo == nil ? nil : true))
        #expect(made.says("dropped the projection of the video"))
    }
}
