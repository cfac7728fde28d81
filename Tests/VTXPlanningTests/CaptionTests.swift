// What becomes of captions inside the video.

import Testing
import VTXModel

@testable import VTXPlanning

@Suite("planning of captions")
struct CaptionPlanningTests {
    private func source(_ captions: [CaptionChannel]? = [.cc(1), .cc(3)]) -> MediaDescription {
        media(picture { $0.captions = captions }, audio())
    }

    private func decisions(of plan: TranscodePlan) -> [CaptionDecision] {
        plan.decisions.compactMap { if case .captions(let decision) = $0 { decision } else { nil } }
    }

    @Test("They stay where the codec can carry them, and otherwise that is reported")
    func kept() throws {
        for codec in VideoCodec.allCases {
            let made = try plan(source(), to: "out.mkv") {
                $0.video = .codec(codec)
                if codec == .prores { $0.output = "out.mov" }
                if codec == .vp9 { $0.output = "out.webm" }
            }
            let keeps = codec == .h264 || codec == .hevc
            #expect(made.video?.encode?.keepsCaptions == keeps)
            #expect(decisions(of: made) == (keeps ? [] : [.dropped(codec)]))
        }
        #expect(decisions(of: try plan(source(nil)) { $0.video = .codec(.av1) }) == [])
    }

    @Test("They become a text track, of the first channel that can be decoded")
    func text() throws {
        let made = try plan(source()) { $0.captions = .webVTT }
        #expect(made.video?.encode?.keepsCaptions == false && decisions(of: made) == [.converted(.cc(1))])
        #expect(made.subtitles.map(\.captions) == [.cc(1)] && made.subtitles[0].convert == .movText)
        #expect(made.subtitles[0].label.disposition == ["captions"])
        #expect(try plan(source([.cc(3)])) { $0.captions = .webVTT }.subtitles.map(\.captions) == [.cc(3)])
        // The second channels of the fields come last.
        #expect(try plan(source([.cc(2), .cc(4)])) { $0.captions = .webVTT }.subtitles.map(\.captions) == [.cc(2)])
        #expect(decisions(of: try plan(source([.service(1)])) { $0.captions = .webVTT }) == [.nothingToConvert])
        #expect(decisions(of: try plan(source(nil)) { $0.captions = .webVTT }) == [.nothingToConvert])
        #expect(decisions(of: try plan(source()) { $0.captions = .drop }) == [.removed])
        #expect(decisions(of: try plan(media(audio())) { $0.captions = .webVTT }) == [.noVideo])
    }

    @Test("What copies video, or has no text, refuses to change them")
    func refused() {
        #expect(refusal(source()) { ($0.video, $0.captions) = (.copy, .drop) }.kind == .usage)
        #expect(refusal(source(), to: "out.avi") { $0.captions = .webVTT }.kind == .usage)
        #expect(throws: VTXError.self) {
            var options = PackageOptions(output: "out")
            options.captions = .webVTT
            return try planPackage(of: [source()], options: options, capabilities: everything)
        }
    }

    @Test("A ladder reports codecs without them, and has the text among its subtitles")
    func ladder() throws {
        var options = LadderOptions(output: "out")
        options.codecs = [.h264, .av1]
        let kept = try planLadder(of: source(), options: options, capabilities: everything)
        #expect(kept.decisions.contains(.captions(.dropped(.av1))))
        #expect(kept.video?.rungs.allSatisfy { $0.encode.keepsCaptions == ($0.encode.codec == .h264) } == true)
        options.captions = .webVTT
        let text = try planLadder(of: source(), options: options, capabilities: everything)
        #expect(text.subtitles.map(\.track.captions) == [.cc(1)])
        #expect(text.video?.rungs.contains { $0.encode.keepsCaptions } == false)
    }
}
