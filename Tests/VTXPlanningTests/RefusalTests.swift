// What cannot be read is refused for its real cause.

import Testing
import VTXModel
import VTXPlanning

@Suite("Refused sources")
struct RefusalTests {
    /// The error for a source, in one line.
    private func refusal(
        _ source: MediaDescription, to output: String = "out.mp4", _ change: (inout TranscodeOptions) -> Void = { _ in }
    ) -> VTXError? {
        do {
            _ = try plan(source, to: output, everything, change)
            return nil
        } catch {
            return error as? VTXError
        }
    }

    @Test("A codec without a name is called by its four characters")
    func unknownCodec() {
        var video = picture(codec: "none")
        video.codecTag = "zq7x"
        let error = refusal(media(video))
        #expect(error?.kind == .unavailable)
        #expect(error?.message.contains("no decoder for 'zq7x'") == true)
        video.codecTag = nil
        #expect(refusal(media(video))?.message.contains("no decoder for an unknown codec") == true)
    }

    @Test("Animated WebP is not supported, and not damaged")
    func animatedWebP() {
        #expect(refusal(media(picture(codec: "webp", 0, 0)))?.kind == .unavailable)
        #expect(refusal(media(picture(codec: "webp", 0, 0)), to: "out.mkv") { $0.video = .copy }?.kind == .unavailable)
        #expect(refusal(media(picture(codec: "h264", 0, 0)))?.kind == .badMedia)
    }

    @Test(
        "A rate that no video has is reported where it is replaced, and not called variable",
        arguments: [(Rational(1, 2), "0.5 fps"), (Rational(500), "500 fps"), (Rational(1000), "1000 fps")])
    func unusableRate(rate: Rational, words: String) throws {
        let source = media(
            picture {
                ($0.averageFrameRate, $0.nominalFrameRate, $0.hasVariableFrameRate) = (rate, rate, false)
            })
        let made = try planLadder(of: source, options: LadderOptions(output: "out"), capabilities: everything)
        let text = made.decisions.map(\.description).first { $0.contains("made 30 fps constant") } ?? ""
        #expect(text.contains("the source's \(words) is out of range"), "\(text)")
        #expect(!text.contains("varies"))
    }

    @Test("A header without its fragments has no frames, whatever rate it names")
    func noFragments() {
        var source = media(
            picture(duration: nil) {
                $0.averageFrameRate = Rational(12800)
                $0.nominalFrameRate = Rational(12800)
            }, duration: nil)
        source.format = "mov,mp4,m4a,3gp,3g2,mj2"
        let error = refusal(source)
        #expect(error?.kind == .badMedia)
        #expect(error?.cause?.contains("fragments") == true)
    }

    @Test(
        "More channels than can be converted are refused by number", arguments: [(64, false), (65, true), (255, true)])
    func channels(count: Int, isRefused: Bool) {
        let error = refusal(media(picture(), audio(layout: "\(count) channels", channels: count)))
        #expect((error?.kind == .unavailable && error?.message.contains("\(count) channels") == true) == isRefused)
    }
}
