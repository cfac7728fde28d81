// Which tracks of a join are copied, and where its parts begin.

import Testing
import VTXModel

@testable import VTXPlanning

@Suite("join planning", .timeLimit(.minutes(60)))
struct JoinPlanningTests {
    private static func extent(
        _ first: Double = 0, to end: Double = 10, packet: Double = 0.04, change: (inout TrackExtent) -> Void = { _ in }
    ) -> TrackExtent {
        var extent = TrackExtent()
        extent.first = seconds(first)
        extent.end = seconds(end)
        extent.longest = seconds(packet)
        extent.packets = 250
        extent.header = [1]
        change(&extent)
        return extent
    }

    private static func source(
        _ path: String = "a.mkv", video: StreamDescription = picture(), track: StreamDescription? = audio(),
        shown: TrackExtent = extent(), heard: TrackExtent = extent(packet: 0.0213)
    ) -> JoinSource {
        var description = media(video)
        if let track { description.streams.append(track) }
        description.path = path
        return JoinSource(description: description, extents: [0: shown, 1: heard])
    }

    private func join(
        _ sources: [JoinSource], to output: String = "out.mp4", _ change: (inout TranscodeOptions) -> Void = { _ in }
    ) throws -> JoinPlan {
        var options = TranscodeOptions(output: output)
        change(&options)
        return try planJoin(of: sources, options: options, capabilities: everything)
    }

    private func obstacles(_ plan: JoinPlan) -> [JoinObstacle] {
        plan.decisions.compactMap {
            if case .join(.encoded(_, _, let obstacle)) = $0 { obstacle } else { nil }
        }
    }

    @Test("Parts that fit are copied, each behind the end of the video before it")
    func copied() throws {
        let plan = try join([
            Self.source(), Self.source("dir/b.mkv", shown: Self.extent(1.5, to: 7.5), heard: Self.extent(1.5, to: 7.5)),
            Self.source("c.mkv"),
        ])
        #expect(plan.video?.encode == nil && plan.audio.allSatisfy { $0.encode == nil })
        #expect(plan.parts.map(\.start.seconds) == [0, 10, 16] && plan.duration == seconds(26))
        #expect(plan.parts[1].origin == seconds(1.5))
        #expect(plan.chapters.map(\.title) == ["a", "b", "c"])
    }

    @Test("What keeps video from being copied is told")
    func videoObstacles() throws {
        let rows: [(JoinSource, JoinObstacle)] = [
            (Self.source(video: picture(codec: "hevc")), .codec("hevc", first: "h264")),
            (Self.source(video: picture(0, 640, 360)), .size(PixelSize(640, 360), first: PixelSize(1920, 1080))),
            (Self.source(video: picture { $0.pixelFormat = "yuv444p" }), .pixelFormat("yuv444p", first: "yuv420p")),
            (Self.source(video: picture { $0.sampleAspectRatio = Rational(4, 3) }), .appearance),
            (
                Self.source(
                    video: picture { ($0.averageFrameRate, $0.nominalFrameRate) = (Rational(30), Rational(30)) }),
                .frameRate(Rational(30), first: Rational(25))
            ),
            (Self.source(shown: Self.extent { $0.header = [2] }), .parameterSets),
            (Self.source(shown: Self.extent { $0.changesHeader = true }), .parameterSets),
            (Self.source(shown: Self.extent { $0.hasOpenStart = true }), .openStart),
            (Self.source(shown: Self.extent { $0.hasHidden = true }), .editList),
            (Self.source(shown: Self.extent { $0.isUntimed = true }), .untimed),
        ]
        for (other, obstacle) in rows {
            let plan = try join([Self.source(), other])
            #expect(plan.video?.encode != nil && obstacles(plan).first == obstacle, "\(obstacle) \(obstacles(plan))")
            #expect(plan.audio.first?.encode == nil)
            #expect(plan.parts.allSatisfy { $0.video?.size == PixelSize(1920, 1080) })
            #expect(throws: VTXError.self) { try join([Self.source(), other]) { $0.video = .copy } }
        }
    }

    @Test("What keeps audio from being copied is told")
    func audioObstacles() throws {
        let rows: [(JoinSource, JoinObstacle)] = [
            (Self.source(track: audio(codec: "ac3")), .codec("ac3", first: "aac")),
            (Self.source(track: audio(rate: 44_100)), .sampleRate(44_100, first: 48_000)),
            (Self.source(track: audio(layout: "mono", channels: 1)), .layout("mono", first: "stereo")),
            (Self.source(track: nil), .missing),
            (Self.source(heard: Self.extent(1, packet: 0.0213)), .lateAudio(seconds(1))),
        ]
        for (other, obstacle) in rows {
            let plan = try join([Self.source(), other, Self.source()])
            #expect(
                plan.audio.first?.encode != nil && obstacles(plan).first == obstacle, "\(obstacle) \(obstacles(plan))")
            #expect(plan.video?.encode == nil)
        }
        // Nothing follows the last part.
        let short = Self.source(heard: Self.extent(to: 9, packet: 0.0213))
        #expect(try join([Self.source(), short]).audio.first?.encode == nil)
        #expect(obstacles(try join([short, Self.source()])) == [.gap(seconds(1))])
    }

    @Test("Audio after the video is cut, or the last frame is held for it")
    func tails() throws {
        for (end, length, expected) in [(10.3, 10.0, "cut"), (12, 12, "held"), (10.02, 10, "")] {
            let plan = try join([Self.source(heard: Self.extent(to: end, packet: 0.0213)), Self.source()])
            #expect(plan.parts[1].start == seconds(length))
            let texts = plan.decisions.map(\.description)
            #expect(expected.isEmpty || texts.contains { $0.contains(expected) }, "\(texts)")
        }
    }

    @Test("Parts of a constant rate last whole frames")
    func frames() throws {
        let ntsc = Rational(30_000, 1001)
        let video = picture { ($0.averageFrameRate, $0.nominalFrameRate) = (ntsc, ntsc) }
        let part = Self.source(video: video, shown: Self.extent(to: 2.01), heard: Self.extent(to: 2, packet: 0.0213))
        #expect(try join([part, part]) { $0.crf = 30 }.parts[1].start == MediaTime(60, ntsc.inverse))
    }

    @Test("Audio that begins long before the video is kept, and the first frame is shown from then on")
    func lateVideo() throws {
        let late = Self.source("b.mkv", shown: Self.extent(1), heard: Self.extent(packet: 0.0213))
        let plan = try join([Self.source(), late])
        #expect(obstacles(plan) == [.lateVideo(seconds(1))])
        #expect(plan.parts[1].origin.seconds == 0 && plan.parts[1].duration.seconds == 10)
        #expect(plan.decisions.contains(.join(.early(path: "b.mkv", seconds(1)))))
        // Nothing comes before the first part.
        #expect(try join([late, Self.source()]).video?.encode == nil)
    }

    @Test("Tracks are matched by language, else by their place")
    func languages() throws {
        var (first, second) = (Self.source(), Self.source("b.mkv"))
        first.description.streams = [picture(), audio(1, language: "eng"), audio(2, language: "deu")]
        second.description.streams = [picture(), audio(1, language: "deu"), audio(2, language: "eng"), audio(3)]
        second.extents[2] = Self.extent(packet: 0.0213)
        second.extents[3] = second.extents[2]
        first.extents[2] = second.extents[2]
        let plan = try join([first, second])
        #expect(plan.parts[1].audio.map(\.stream) == [2, 1])
        #expect(plan.decisions.contains(.join(.droppedTracks(path: "b.mkv", .audio, count: 1))))
    }

    @Test("One file, and options that a join does not follow, are refused")
    func refusals() {
        #expect(throws: VTXError.self) { try join([Self.source()]) }
        #expect(throws: VTXError.self) { try join([Self.source(), Self.source()]) { $0.loudness = -16 } }
        #expect(throws: VTXError.self) { try join([Self.source(), Self.source()]) { $0.encoder = .automatic } }
        #expect(throws: VTXError.self) {
            try join([Self.source(), Self.source()]) { $0.preset = Preset.builtIn(named: "discord")! }
        }
        var mute = Self.source()
        mute.description.streams = [audio(1)]
        #expect(throws: VTXError.self) { try join([Self.source(), mute]) }
    }
}
