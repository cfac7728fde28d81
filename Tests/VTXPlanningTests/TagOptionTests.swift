// Tags, chapters and cover art that were asked for.

import Testing
import VTXModel
import VTXPlanning

@Suite("Tags that were asked for")
struct TagOptionTests {
    private func source(_ tags: [String: String] = [:], _ streams: StreamDescription...) -> MediaDescription {
        var source = media(picture(), audio(language: "eng"))
        source.streams += streams
        source.metadata = tags
        return source
    }

    private var image: CoverFile {
        var image = CoverFile(path: "c.png")
        (image.codec, image.size) = ("png", PixelSize(2, 2))
        return image
    }

    private func made(
        _ source: MediaDescription, to output: String = "out.mkv", _ change: (inout TagOptions) -> Void
    ) throws -> TranscodePlan {
        try plan(source, to: output) { change(&$0.tags) }
    }

    @Test(
        "What is written as a change of a tag",
        arguments: [
            ("title=A film = 2", "title", "A film = 2", nil), ("comment=", "comment", "", nil),
            ("a:2:title=x", "title", "x", 2),
            ("s:1:language=de", "language", "de", 1), ("title", nil, "", nil), ("=x", nil, "", nil),
            ("tïtel=x", nil, "", nil),
            ("a:0:title=x", nil, "", nil), ("a:1:artist=x", nil, "", nil), ("a:1:language=klingonese!", nil, "", nil),
            ("creation_time=yesterday", nil, "", nil), ("creation_time=2026-13-01", nil, "", nil),
            ("creation_time=2026-01-31T12:00:00Z", "creation_time", "2026-01-31T12:00:00Z", nil),
            ("creation_time=2026-01-31", "creation_time", "2026-01-31", nil),
            ("creation_time=", "creation_time", "", nil),
        ] as [(String, String?, String, Int?)])
    func parsing(text: String, key: String?, value: String, track: Int?) throws {
        let change = TagChange(text)
        #expect(change?.key == key && change?.value ?? "" == value && change?.track?.number == track)
    }

    @Test("Tags are set, replaced by any of their names, and removed")
    func changes() throws {
        let own = ["TITLE": "Old", "title-eng": "Old", "location": "+1+1/", "comment": "x", "make": "Cam"]
        let plan = try made(source(own), to: "out.mp4") {
            $0.changes = ["title=New", "comment=", "location=", "genre=Jazz", "album="].compactMap { TagChange($0) }
        }
        #expect(plan.metadata["title"] == "New" && plan.metadata["genre"] == "Jazz" && plan.metadata["make"] == "Cam")
        let names = plan.metadata.keys.map { $0.lowercased() }
        #expect(!names.contains("comment") && !names.contains("title-eng") && names.count { $0 == "title" } == 1)
        #expect(!names.contains { $0.contains("location") }, "\(plan.metadata)")
        #expect(
            plan.decisions.contains(.tags(.changed(set: ["title", "genre"], removed: ["comment", "location"])))
                && plan.decisions.contains(.tags(.absent(["album"]))))
    }

    @Test("All tags of the source are left out but languages, and those asked for are set")
    func stripped() throws {
        var track = audio(2, language: "deu")
        track.title = "Director"
        let plan = try made(
            source(["location": "+1+1/", "creation_time": "2020-01-01T00:00:00Z"], track), to: "out.mp4"
        ) {
            $0.strips = true
            $0.changes = [TagChange("title=Clean")!]
        }
        #expect(plan.metadata == ["title": "Clean"])
        #expect(plan.audio.map(\.label.language) == ["eng", "deu"] && plan.audio.allSatisfy { $0.label.title == nil })
        #expect(plan.decisions.contains(.tags(.stripped(["creation_time", "location"], hasTitles: true))))
    }

    @Test("The title of a file is not hidden by that of its track", arguments: [("out.ogg", true), ("out.mkv", false)])
    func oneTitle(output: String, isGone: Bool) throws {
        var track = audio(0)
        track.title = "English"
        let plan = try made(media(track), to: output) { $0.changes = [TagChange("title=New")!] }
        #expect(plan.metadata["title"] == "New" && (plan.audio[0].label.title == nil) == isGone)
    }

    @Test("Tracks get titles and languages; those that are not there are refused")
    func tracks() throws {
        let plan = try made(source()) {
            $0.changes = ["a:1:title=Commentary", "a:1:language=de", "v:1:title=Main"].compactMap { TagChange($0) }
        }
        #expect(plan.audio[0].label.title == "Commentary" && plan.audio[0].label.language == "deu")
        #expect(plan.video?.label.title == "Main")
        let error = #expect(throws: VTXError.self) { try made(source()) { $0.changes = [TagChange("a:2:title=x")!] } }
        #expect(error?.message.contains("1 audio track") == true, "\(String(describing: error))")
        // No container would keep it; "und" takes a language away.
        let unknown = TagChange("a:1:language=xx")!
        #expect(throws: VTXError.self) { try made(source()) { $0.changes = [unknown] } }
        #expect(try made(source()) { $0.changes = [TagChange("a:1:language=und")!] }.audio[0].label.language == nil)
    }

    @Test("What a container has no place for is reported", arguments: ["out.wav", "out.avi"])
    func noPlace(output: String) throws {
        let plan = try made(source(), to: output) {
            $0.changes = [TagChange("mood=blue")!]
            $0.cover = image
            $0.chapterFile = "c.txt"
            $0.chapters = [Chapter(start: .zero, end: seconds(2))]
        }
        #expect(plan.says("dropped mood") && plan.says("cover art: dropped") && plan.says("dropped the chapters"))
        #expect(plan.cover == nil && plan.chapters.isEmpty && plan.metadata.isEmpty)
    }

    @Test("Chapters of a file are in the source's time, and replace its own")
    func chapters() throws {
        var source = media(picture(start: 100), audio(start: 100), start: 100)
        source.chapters = [Chapter(start: seconds(100), end: seconds(110), title: "Own")]
        func planned(_ options: (inout TranscodeOptions) -> Void) throws -> [String] {
            try plan(source, to: "out.mkv") { options(&$0) }.chapters.map {
                "\($0.title ?? "") \($0.start.seconds)-\($0.end.seconds)"
            }
        }
        func file(_ options: inout TranscodeOptions) {
            options.tags.chapterFile = "c.txt"
            options.tags.chapters = [0.0, 4, 12].map { Chapter(start: seconds($0), end: seconds($0), title: "\($0)") }
        }
        #expect(try planned { _ in } == ["Own 0.0-10.0"])
        #expect(try planned(file) == ["0.0 0.0-4.0", "4.0 4.0-10.0"])
        #expect(
            try planned {
                file(&$0)
                $0.start = seconds(2)
                $0.speedUp = Rational(2)
            } == ["0.0 0.0-1.0", "4.0 1.0-4.0"])
        #expect(try planned { $0.tags.chapters = [] } == [])
    }

    @Test(
        "Cover art is held in the form of the container",
        arguments: [
            ("out.mp4", CoverForm.picture), ("out.m4a", .picture), ("out.mp3", .picture), ("out.flac", .picture),
            ("out.mkv", .attachment), ("out.ogg", .tag), ("out.opus", .tag), ("out.mov", nil), ("out.webm", nil),
        ] as [(String, CoverForm?)])
    func covers(output: String, form: CoverForm?) throws {
        let own = picture(2, codec: "mjpeg", 64, 64, disposition: ["attached_pic"])
        let asked = try made(source([:], own), to: output) {
            $0.cover = image
        }
        #expect(asked.cover?.form == form && asked.attachments.isEmpty)
        #expect(asked.cover?.file == (form == nil ? nil : "c.png"))
        let kept = try made(source([:], own), to: output) { _ in }
        #expect(kept.attachments == (form == .picture ? [2] : []))
        #expect(kept.cover?.stream == (form == .picture || form == nil ? nil : 2))
        let none = try made(source([:], own), to: output) { $0.dropsCover = true }
        #expect(none.cover == nil && none.attachments.isEmpty && none.says("cover art: left out"))
    }
}
