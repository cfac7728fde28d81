// Filters that are asked for by name: where they stand, what is said, what is refused.

import Testing
import VTXModel
import VTXPlanning

@Suite("Filters by name")
struct FilterTests {
    /// A video with bars above and below.
    private func letterboxed(_ change: (inout VideoDescription) -> Void = { _ in }) -> StreamDescription {
        picture {
            $0.bars = BarSample(frames: 60, image: PixelArea("1920:800:0:140"))
            change(&$0)
        }
    }

    @Test("A crop comes before turning and scaling, and the size follows it")
    func crop() throws {
        let made = try plan(media(letterboxed())) { ($0.filters.crop, $0.fit) = (.automatic, .height(400)) }
        let encode = try #require(made.video?.encode)
        #expect(encode.size == PixelSize(960, 400))
        #expect(encode.expected.size == PixelSize(1920, 1080))
        #expect(
            encode.filters == ["crop=w=1920:h=800:x=0:y=140:exact=1", "scale=w=960:h=400:flags=bicubic", "setsar=1"])
        #expect(encode.refit.first == "crop=w=iw*1920/1920:h=ih*800/1080:x=iw*0/1920:y=ih*140/1080")
        #expect(made.says("cropped from 1920x1080 to 1920x800, at 0:140"))
    }

    @Test("A crop counts in the upright frame, and is cut from the stored one")
    func turned() throws {
        let source = media(picture { $0.orientation = Orientation(quarterTurns: 1) })
        let made = try plan(source) { $0.filters.crop = .area(PixelArea("1080:1000:0:20")!) }
        #expect(made.video?.encode?.size == PixelSize(1080, 1000))
        #expect(made.video?.encode?.filters == ["crop=w=1000:h=1080:x=20:y=0:exact=1", "transpose=dir=clock"])
        let found = try plan(media(letterboxed { $0.orientation = Orientation(quarterTurns: 1) })) {
            $0.filters.crop = .automatic
        }
        #expect(found.says("cropped from 1080x1920 to 800x1920, at 140:0"))
    }

    @Test("Pixels are made square after the crop")
    func anamorphic() throws {
        let source = media(picture(0, 720, 576) { $0.sampleAspectRatio = Rational(64, 45) })
        let made = try plan(source) { $0.filters.crop = .area(PixelArea("720:432:0:72")!) }
        #expect(made.video?.encode?.size == PixelSize(1024, 432))
    }

    @Test("An edge between chroma samples is moved outwards")
    func alignment() throws {
        func cropped(_ area: String, _ sampling: String) throws -> String? {
            try plan(
                media(
                    picture {
                        $0.bars = BarSample(frames: 60, image: PixelArea(area))
                        $0.sampling = sampling
                    })
            ) { $0.filters.crop = .automatic }.video?.encode?.filters.first
        }
        #expect(try cropped("1919:801:1:139", "4:2:0") == "crop=w=1920:h=802:x=0:y=138:exact=1")
        #expect(try cropped("1917:801:3:139", "4:1:1") == "crop=w=1920:h=802:x=0:y=139:exact=1")
        #expect(try cropped("1900:801:11:139", "4:4:4") == "crop=w=1900:h=802:x=11:y=139:exact=1")
        #expect(try cropped("1919:1079:1:1", "4:2:0") == nil)
    }

    @Test("Where there are no bars, or none can be told, it says so")
    func noBars() throws {
        func said(_ bars: BarSample?) throws -> String {
            let made = try plan(media(picture { $0.bars = bars })) { $0.filters.crop = .automatic }
            #expect(made.video?.encode?.filters == [])
            return made.decisions.map(\.description).first { $0.contains("cropped") } ?? ""
        }
        #expect(try said(BarSample(frames: 60)) == "video: not cropped (no black bars in all of 60 sampled frames)")
        #expect(try said(BarSample(frames: 60, isDark: true)).contains("too dark"))
        #expect(try said(nil).contains("no frame could be decoded"))
    }

    @Test("Bars stay where a bitmap subtitle is burned in")
    func bitmap() throws {
        let source = media(letterboxed(), text(1, codec: "hdmv_pgs_subtitle"))
        let made = try plan(source) { ($0.filters.crop, $0.burn) = (.automatic, 1) }
        #expect(made.video?.encode?.size == PixelSize(1920, 1080) && made.says("not cropped"))
    }

    @Test(
        "A crop that cannot be cut is refused",
        arguments: [
            ("1920:1082:0:0", "reaches beyond the video"), ("1920:800:2:0", "reaches beyond the video"),
            ("1919:800:0:0", "even sides"), ("1900:800:1:0", "1900:800:0:0"),
        ])
    func refused(area: String, words: String) {
        let error = refusal(media(picture())) { $0.filters.crop = .area(PixelArea(area)!) }
        #expect(error.kind == .usage)
        let text = "\(error) " + (error.remedy?.message.description ?? "")
        #expect(text.contains(words), "\(text)")
    }

    @Test("Copied video, and a libav without the filter, refuse it by name")
    func unavailable() {
        let copied = refusal(media(picture())) { ($0.video, $0.filters.crop) = (.copy, .automatic) }
        #expect(copied.message.description == "crop: copied video cannot be changed")
        let none = refusal(media(picture())) { ($0.video, $0.filters.crop) = (.none, .automatic) }
        #expect(none.message.description == "crop: the video is left out")
        var poor = everything
        poor.filters.remove("crop")
        let missing = refusal(media(picture()), poor) { $0.filters.crop = .area(PixelArea("1280:720:0:0")!) }
        #expect(missing.kind == .unavailable && missing.message.contains("'crop'"))
    }

    @Test("Rungs follow the size of the part that is kept")
    func ladder() throws {
        var options = LadderOptions(output: "out")
        options.filters.crop = .automatic
        let made = try planLadder(of: media(letterboxed()), options: options, capabilities: everything)
        #expect(made.video?.rungs.first?.encode.size == PixelSize(1920, 800))
        #expect(made.video?.filters == ["crop=w=1920:h=800:x=0:y=140:exact=1"])
        #expect(made.video?.expected.size == PixelSize(1920, 1080))
    }
}
