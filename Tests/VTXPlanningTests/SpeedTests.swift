// Output that is played faster or slower: lengths, rates, audio, and what cannot follow.

import Testing
import VTXModel
import VTXPlanning

@Suite("Speed")
struct SpeedTests {
    private func made(_ speed: Rational, _ change: (inout TranscodeOptions) -> Void = { _ in }) throws -> TranscodePlan
    {
        try plan(media(picture(), audio())) {
            $0.speedUp = speed
            change(&$0)
        }
    }

    @Test("Faster video keeps its rate, slower video keeps its frames")
    func rates() throws {
        let fast = try made(Rational(2))
        #expect(fast.video?.encode?.frameRate == Rational(25) && fast.video?.encode?.filters == ["fps=fps=25"])
        #expect(fast.expectedDuration == seconds(5) && fast.speedUp == Rational(2))
        let slow = try made(Rational(1, 2))
        #expect(slow.video?.encode?.frameRate == Rational(25, 2) && slow.video?.encode?.filters == [])
        #expect(slow.expectedDuration == seconds(20))
        #expect(try made(Rational(2)) { $0.frameRate = Rational(50) }.video?.encode?.filters == ["fps=fps=50"])
        #expect(try made(Rational(1)) == plan(media(picture(), audio())))
        let varying = try plan(media(picture { $0.hasVariableFrameRate = true })) { $0.speedUp = Rational(2) }
        #expect(varying.video?.encode?.isConstantRate == true && varying.says("made 25 fps constant"))
    }

    @Test(
        "The tempo changes in steps that leave out nothing",
        arguments: [
            (Rational(2), ["atempo=2"]), (Rational(3), ["atempo=2", "atempo=1.5"]),
            (Rational(8), ["atempo=2", "atempo=2", "atempo=2"]), (Rational(1, 4), ["atempo=0.5", "atempo=0.5"]),
            (Rational(3, 4), ["atempo=0.75"]),
        ])
    func tempo(speed: Rational, filters: [String]) throws {
        let audio = try #require(try made(speed).audio[0].encode)
        #expect(audio.filters == ["aresample=async=1:min_hard_comp=0.02:first_pts=0"] + filters)
    }

    @Test("Start and end are times in the source, the duration is the output's")
    func cut() throws {
        let byEnd = try made(Rational(2)) { ($0.start, $0.end) = (seconds(2), seconds(8)) }
        #expect(byEnd.skipped == seconds(2) && byEnd.limit == seconds(3) && byEnd.expectedDuration == seconds(3))
        let byLength = try made(Rational(2)) { $0.duration = seconds(3) }
        #expect(byLength.limit == seconds(3) && byLength.expectedDuration == seconds(3))
        #expect(try made(Rational(2)) { $0.duration = seconds(30) }.expectedDuration == seconds(5))
    }

    @Test("Chapters and fades follow")
    func following() throws {
        var source = media(picture(), audio())
        source.chapters = [Chapter(start: seconds(0), end: seconds(4)), Chapter(start: seconds(4), end: seconds(10))]
        let made = try plan(source) {
            ($0.speedUp, $0.filters.fade) = (Rational(2), FadeLengths(start: 0, end: 1))
        }
        #expect(made.chapters.map(\.start) == [seconds(0), seconds(2)])
        #expect(made.chapters.map(\.end) == [seconds(2), seconds(5)])
        #expect(made.video?.encode?.filters == ["fps=fps=25", "fade=t=out:st=4:d=1", "format=yuv420p"])
        #expect(made.audio[0].encode?.filters.suffix(2) == ["atempo=2", "afade=t=out:st=4:d=1"])
    }

    @Test("What cannot follow is refused")
    func refused() {
        let source = media(picture(), audio(), text(2))
        for change in [
            { $0.speedUp = Rational(9) }, { $0.speedUp = Rational(1, 5) },
            { ($0.speedUp, $0.burn) = (Rational(2), .track(1)) },
            { ($0.speedUp, $0.video) = (Rational(2), .copy) }, { ($0.speedUp, $0.audioCodec) = (Rational(2), .copy) },
            { ($0.speedUp, $0.deinterlace) = (Rational(2), .pulldown) },
        ] as [(inout TranscodeOptions) -> Void] {
            let error = refusal(source, to: "out.mkv", everything, change)
            #expect(error.kind == .usage && "\(error.message)".contains("\(Setting.speedUp.words)"), "\(error)")
        }
    }
}
