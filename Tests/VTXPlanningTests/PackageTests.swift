// Packages of renditions that exist: which track becomes what, and where renditions can be cut.

import Testing
import VTXModel
@testable import VTXPlanning

@Suite("packages")
struct PackagePlanningTests {
    private func file(_ path: String, _ streams: StreamDescription...) -> MediaDescription {
        MediaDescription(
            path: path, format: "mov,mp4", formatLongName: "MP4", duration: seconds(20), durationSource: .header,
            start: seconds(0), streams: streams)
    }

    private func plan(
        _ files: MediaDescription..., change: (inout PackageOptions) -> Void = { _ in }
    ) throws -> PackagePlan {
        var options = PackageOptions(output: "out")
        change(&options)
        return try planPackage(of: files, options: options, capabilities: everything)
    }

    private func refusal(
        _ files: MediaDescription..., change: (inout PackageOptions) -> Void = { _ in }
    ) -> VTXError? {
        var options = PackageOptions(output: "out")
        change(&options)
        return #expect(throws: VTXError.self) {
            try planPackage(of: files, options: options, capabilities: everything)
        }
    }

    @Test("The largest rendition comes first, whatever the order of the files")
    func order() throws {
        let made = try plan(
            file("low.mp4", picture(0, 640, 360)), file("high.mp4", picture(0, 1920, 1080), audio(1)),
            file("mid.mp4", picture(0, 1280, 720), audio(1)))
        #expect(made.video.map(\.name) == ["1080p", "720p", "360p"])
        #expect(made.video.map(\.input) == [1, 2, 0])
        #expect(made.audio.map(\.input) == [1])
        #expect(
            made.decisions.contains {
                $0.text.subject == "mid.mp4" && $0.text.action.description == "its audio is left out"
            })
    }

    @Test("Names tell renditions of one size apart, and codecs if there are several; H.264 is first")
    func names() throws {
        let made = try plan(
            file("a.mp4", picture(0, codec: "hevc", 1280, 720)), file("b.mp4", picture(0, 1280, 720)),
            file("c.mp4", picture(0, 1280, 720)))
        #expect(made.video.map(\.name) == ["720p-h264", "720p-h264-2", "720p-hevc"])
        #expect(made.video.map(\.tag) == [nil, nil, "hvc1"])
    }

    @Test(
        "Codecs that segments do not hold are refused with those they do",
        arguments: [
            ("vp8", SegmentType.fmp4, "possible: h264, hevc, av1, vp9"), ("hevc", .ts, "possible: h264"),
        ])
    func pictureCodecs(codec: String, segments: SegmentType, cause: String) {
        let error = refusal(file("a.mkv", picture(0, codec: codec))) { $0.segments = segments }
        #expect(error?.kind == .usage)
        #expect(error?.cause?.description == cause)
    }

    @Test("Audio that segments do not hold is left out beside audio that they do, and refused alone")
    func soundCodecs() throws {
        let made = try plan(
            file("a.mkv", picture(), audio(1, codec: "opus"), audio(2, language: "eng"))
        ) { $0.segments = .ts }
        #expect(made.audio.map(\.stream) == [2])
        #expect(refusal(file("a.mkv", picture(), audio(1, codec: "opus"))) { $0.segments = .ts }?.kind == .usage)
        #expect(refusal(file("a.mkv", picture(), audio(1, codec: "vorbis")))?.kind == .usage)
        #expect(try plan(file("a.mkv", picture(), audio(1, codec: "vorbis"))) { $0.audioTracks = .none }.audio == [])
    }

    @Test("Files of audio come before the audio of renditions")
    func separateSound() throws {
        let made = try plan(file("v.mp4", picture(), audio(1)), file("a.m4a", audio(0, language: "eng")))
        #expect(made.audio.map(\.input) == [1])
        #expect(made.audio.map(\.name) == ["audio-1-eng"])
    }

    @Test("Groups differ in format and have the same members: what a format lacks is taken from another")
    func groups() throws {
        let made = try plan(
            file(
                "a.mp4", picture(), audio(1, codec: "ac3", layout: "5.1", channels: 6, language: "eng"),
                audio(2, language: "eng"), audio(3, language: "deu")))
        #expect(made.groups.map(\.name) == ["audio-aac-2", "audio-ac3-6"])
        #expect(
            made.groups.map { $0.members.map(\.rendition) }
                == [["audio-2-eng", "audio-3-deu"], ["audio-1-eng", "audio-3-deu"]])
        #expect(made.groups[0].members.map(\.label.language) == made.groups[1].members.map(\.label.language))
    }

    @Test("Each language in a format of its own makes one group")
    func mixedGroup() throws {
        let made = try plan(
            file(
                "a.mp4", picture(), audio(1, codec: "ac3", layout: "5.1", channels: 6, language: "eng"),
                audio(2, language: "deu")))
        #expect(made.groups.map(\.name) == ["audio"])
        #expect(made.groups[0].members.map(\.rendition) == ["audio-1-eng", "audio-2-deu"])
    }

    @Test("Text subtitles of one file serve all; bitmaps are left out")
    func subtitles() throws {
        let made = try plan(
            file("a.mkv", picture(), text(1, language: "eng"), text(2, codec: "hdmv_pgs_subtitle")),
            file("b.mkv", picture(0, 640, 360), text(1)))
        #expect(made.subtitles.map(\.name) == ["subtitles-1-eng"])
        #expect(made.subtitles.map(\.input) == [0])
        #expect(made.decisions.contains { $0.text.reason.contains("bitmap") })
        #expect(made.decisions.contains { $0.text.subject == "b.mkv" })
    }

    @Test(
        "H.264 that browsers do not play is refused",
        arguments: [
            (8, "4:2:0", "High", "5.2", nil), (8, "4:2:0", nil, nil, nil),
            (10, "4:2:0", "High 10", "4.0", "10-bit 4:2:0"), (8, "4:4:4", "High 4:4:4 Predictive", "4.0", "4:4:4"),
            (8, "4:2:2", "High 4:2:2", "4.0", "4:2:2"), (8, "gray", "High", "4.0", "gray"),
            (8, "4:2:0", "High 10", "4.0", "High 10 profile"), (8, "4:2:0", "High", "6.1", "level 6.1"),
        ] as [(Int, String, String?, String?, String?)])
    func rareH264(bits: Int, sampling: String, profile: String?, level: String?, words: String?) throws {
        var video = picture { ($0.bitDepth, $0.sampling) = (bits, sampling) }
        (video.profile, video.level) = (profile, level)
        try checkPlayed(video, refusedAs: words)
    }

    @Test(
        "HEVC that few devices play is refused",
        arguments: [
            (8, "4:2:0", "Main", "5.1", nil), (10, "4:2:0", "Main 10", nil, nil), (8, "4:2:0", nil, nil, nil),
            (10, "4:2:2", "Rext", "4.0", "10-bit 4:2:2 HEVC"), (12, "4:2:0", "Rext", "4.0", "12-bit"),
            (8, "gray", "Rext", "4.0", "gray"), (8, "4:2:0", "Rext", "4.0", "Rext profile"),
            (8, "4:2:0", "Main", "5.2", "level 5.2"),
        ] as [(Int, String, String?, String?, String?)])
    func rareHEVC(bits: Int, sampling: String, profile: String?, level: String?, words: String?) throws {
        var video = picture(codec: "hevc") { ($0.bitDepth, $0.sampling) = (bits, sampling) }
        (video.profile, video.level) = (profile, level)
        try checkPlayed(video, refusedAs: words)
    }

    /// - Parameter words: of the refusal; `nil`: it is packaged.
    private func checkPlayed(_ video: StreamDescription, refusedAs words: String?) throws {
        guard let words else {
            _ = try plan(file("a.mp4", video))
            return
        }
        let error = refusal(file("a.mp4", video))
        #expect(error?.kind == .usage)
        #expect(error?.message.contains(words) == true)
    }

    @Test("Audio whose header is damaged is refused")
    func noRate() {
        #expect(
            refusal(file("a.ts", picture(), audio(1, codec: "mp3", rate: 0, channels: 0)))?.kind == .badMedia)
    }

    @Test("A file with nothing to see or hear is refused")
    func nothing() {
        #expect(refusal(file("a.srt", text(0)))?.remedy == "give it with \(.subtitleFile)")
        #expect(refusal(file("a.mp4", picture()), file("b.mp4"))?.kind == .badMedia)
    }

    @Test("Rotated video is not supported in transport streams")
    func turned() {
        let turned = picture(change: { $0.orientation = Orientation(quarterTurns: 1) })
        #expect(refusal(file("a.mp4", turned)) { $0.segments = .ts }?.remedy?.contains("fmp4") == true)
    }

    @Test("A pixel shape that only the container tells is not supported in transport streams")
    func containerShape() {
        let shaped = picture(change: {
            $0.sampleAspectRatio = Rational(4, 3)
            $0.hasCodedShape = false
        })
        #expect(refusal(file("a.mkv", shaped)) { $0.segments = .ts }?.kind == .unavailable)
    }
}

@Suite("package alignment")
struct PackageAlignmentTests {
    /// A rendition with key frames at these frames, of 20 s if nothing else is said.
    private func rendition(
        _ path: String, keys: some Sequence<Int>, rate: Rational = Rational(25), length: Double = 20
    ) -> AlignedRendition {
        AlignedRendition(
            path: path, origin: .zero, length: seconds(length), frame: 1 / rate.value,
            keys: keys.map { MediaTime(Int64($0), rate.inverse) })
    }

    private func cuts(_ renditions: AlignedRendition..., segment: Rational = Rational(6)) throws -> [Double] {
        try commonBoundaries(renditions, segment: segment).map { ($0.seconds * 1000).rounded() / 1000 }
    }

    @Test("Segments begin at the key frames nearest to multiples of the wanted length")
    func nearest() throws {
        #expect(try cuts(rendition("a", keys: stride(from: 0, to: 500, by: 50))) == [6, 12, 18])
        // 1.92 s: three make almost 6 s, all the way.
        #expect(try cuts(rendition("a", keys: stride(from: 0, to: 500, by: 48))) == [5.76, 11.52, 17.28])
        // 10 s: no segment can be shorter.
        #expect(try cuts(rendition("a", keys: [0, 250])) == [10])
        // Scene cuts beside a grid change nothing.
        let keys = [0, 7, 50, 100, 145, 150, 200, 250, 300, 333, 350, 400, 450]
        #expect(try cuts(rendition("a", keys: keys)) == [6, 12, 18])
        #expect(try cuts(rendition("a", keys: [0])) == [])
    }

    @Test("At 29.97 frames a second, segments of 6.006 s do not drift away from their key frames")
    func noDrift() throws {
        let keys = stride(from: 0, to: 60 * 3000, by: 60)
        let found = try commonBoundaries(
            [rendition("a", keys: keys, rate: Rational(30000, 1001), length: 6006)], segment: Rational(6))
        #expect(found.count == 999)
        #expect(found.enumerated().allSatisfy { $1.ticks == Int64(180 * ($0 + 1)) })
    }

    @Test("Key frames that only some renditions have are no place to cut")
    func common() throws {
        let dense = rendition("a", keys: stride(from: 0, to: 500, by: 25))
        let sparse = rendition("b", keys: stride(from: 0, to: 500, by: 75))
        #expect(try cuts(dense, sparse) == [6, 12, 18])
    }

    @Test("Clocks of different precision agree to half a frame")
    func tolerance() throws {
        let exact = rendition("a", keys: stride(from: 0, to: 480, by: 48), rate: Rational(24000, 1001))
        var rounded = exact
        rounded.path = "b"
        rounded.keys = exact.keys.map { $0.rescaled(to: Rational(1, 1000)) }
        #expect(try cuts(exact, rounded).count == 3)
    }

    @Test("Renditions without common key frames are refused, with the first place and both files")
    func misaligned() {
        let one = rendition("one.mp4", keys: stride(from: 0, to: 500, by: 50))
        let other = rendition("other.mp4", keys: stride(from: 0, to: 500, by: 48))
        let error = #expect(throws: VTXError.self) { try cuts(one, other) }
        #expect(error?.kind == .badMedia)
        #expect(
            error?.message.description
                == "renditions are not aligned: other.mp4 has a key frame at 0:00:01.920, one.mp4 has none there "
                + "(its nearest is at 0:00:02.000)")
        #expect(error?.cause == "no common key frame between 0:00:00.000 and 0:00:20.000")
    }

    @Test("A stretch out of step is named by its times")
    func stretch() {
        let one = rendition("one.mp4", keys: stride(from: 0, to: 1500, by: 50), length: 60)
        let other = rendition(
            "other.mp4",
            keys: Array(stride(from: 0, to: 500, by: 50)) + Array(stride(from: 520, to: 1000, by: 50))
                + Array(stride(from: 1000, to: 1500, by: 50)), length: 60)
        let error = #expect(throws: VTXError.self) { try cuts(one, other) }
        #expect(error?.cause == "no common key frame between 0:00:18.000 and 0:00:42.000")
        #expect(error?.message.contains("0:00:20") == true)
    }

    private func times(
        _ keys: some Sequence<Int64>, first: Int64? = nil, end: Int64, frames: Int,
        base: Rational = Rational(1, 12800), rate: Rational? = Rational(25)
    ) -> TrackTimes {
        var times = TrackTimes(base: base)
        times.packets = frames
        times.keyFrames = Array(keys)
        times.first = first ?? times.keyFrames.first
        times.end = end
        times.frames = frames
        times.gridRate = rate
        return times
    }

    private func aligned(
        _ found: [FileTimes], starts: [Double] = [0, 0], profile: String? = nil
    ) throws -> PackagePlan {
        var files: [MediaDescription] = []
        for (index, file) in found.enumerated() {
            var streams = file[0] == nil ? [] : [picture(0, 1280 >> index, 720 >> index)]
            if file[1] != nil {
                streams.append(audio(1))
                streams[streams.count - 1].profile = profile
            }
            files.append(
                MediaDescription(
                    path: "\(index).mp4", format: "mov,mp4", formatLongName: "MP4", start: seconds(starts[index]),
                    streams: streams))
        }
        var made = try planPackage(of: files, options: PackageOptions(output: "out"), capabilities: everything)
        try made.align(found, starts: starts.map(seconds), segment: Rational(6))
        return made
    }

    private let keys = stride(from: Int64(0), to: 500 * 512, by: 50 * 512)
    private var whole: TrackTimes { times(keys, end: 500 * 512, frames: 500) }

    @Test("Each file's first usable key frame becomes 0, and its audio keeps its distance")
    func origins() throws {
        let late = times(keys.map { $0 + 512 }, first: 0, end: 501 * 512, frames: 500)
        var audio = TrackTimes(base: Rational(1, 48000))
        (audio.first, audio.end, audio.packets) = (0, 48000 * 20, 938)
        let made = try aligned([[0: whole, 1: audio], [0: late]])
        #expect(made.inputs.map(\.origin.seconds) == [0, 0.04])
        #expect(made.boundaries.map(\.seconds) == [6, 12, 18])
        #expect(made.video.map(\.frameRate) == [Rational(25), Rational(25)])
        #expect(made.decisions.contains { $0.text.subject == "360p" && $0.text.action.description.hasPrefix("begins") })
    }

    @Test("Frames off every grid give the average rate")
    func variable() throws {
        let made = try aligned([[0: times(keys, end: 500 * 512, frames: 480, rate: nil)]], starts: [0])
        #expect(made.video[0].frameRate == Rational(24))
        #expect(made.video[0].gridRate == nil)
    }

    @Test("Lengths that differ by more than half a second are refused, with both")
    func lengths() {
        let short = times(keys.prefix(5), end: 250 * 512, frames: 250)
        let error = #expect(throws: VTXError.self) { try aligned([[0: whole], [0: short]]) }
        #expect(error?.message == "renditions differ in duration: 0.mp4 0:00:20.000, 1.mp4 0:00:10.000")
    }

    @Test(
        "Silence is put before plain AAC that begins late; other audio may be half a second late",
        arguments: [
            (1023, "LC", false, true), (1024, "LC", true, true), (480_000, "LC", true, true), (2000, nil, false, true),
            (24_000, "HE-AAC", false, true), (24_001, "HE-AAC", false, false),
        ] as [(Int64, String?, Bool, Bool)])
    func lateSound(samples: Int64, profile: String?, isFilled: Bool, isTaken: Bool) throws {
        var late = TrackTimes(base: Rational(1, 48000))
        (late.first, late.end) = (samples, 48000 * 20)
        guard isTaken else {
            let error = #expect(throws: VTXError.self) {
                try aligned([[0: whole, 1: late]], starts: [0], profile: profile)
            }
            #expect(error?.message == "the audio of 0.mp4 begins 0:00:00.500 after the video")
            return
        }
        let made = try aligned([[0: whole, 1: late]], starts: [0], profile: profile)
        #expect(made.audio.map(\.isFilled) == [isFilled])
        #expect(made.decisions.contains { $0.text.action.description.hasPrefix("silence before") } == isFilled)
    }

    @Test("Audio that lasts longer by far is refused")
    func soundLengths() throws {
        var long = TrackTimes(base: Rational(1, 48000))
        (long.first, long.end) = (0, 48000 * 30)
        #expect(#expect(throws: VTXError.self) { try aligned([[0: whole, 1: long]], starts: [0]) }?.kind == .badMedia)
    }

    @Test("Audio that is too short is answered with what fills it")
    func shortSound() throws {
        var short = TrackTimes(base: Rational(1, 48000))
        (short.first, short.end) = (0, 48000 * 10)
        let error = #expect(throws: VTXError.self) { try aligned([[0: whole, 1: short]], starts: [0]) }
        #expect(error?.remedy.map { "\($0)" }?.contains("fills the rest with silence") == true)
    }

    @Test("A stream of recovery points has no place to begin")
    func noKeys() {
        var open = whole
        open.keyFrames = []
        open.openKeyFrames = 10
        let error = #expect(throws: VTXError.self) { try aligned([[0: open]], starts: [0]) }
        #expect(error?.cause == "all 10 are in open groups, or recovery points")
    }
}
