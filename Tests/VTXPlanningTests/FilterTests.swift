// Filters that are asked for by name: where they stand, what is reported, what is refused.

import Testing
import VTXModel
import VTXPlanning

@Suite("Filters by name")
struct FilterTests {
    @Test("A chain in libavfilter's words has its place and its line; what changes times is refused")
    func chains() throws {
        let made = try plan(media(picture(), audio())) {
            ($0.filters.custom, $0.filters.customAudio) = ("eq=contrast=1.1,vignette", "highpass=f=80")
        }
        #expect(made.video?.encode?.filters == ["eq=contrast=1.1,vignette", "format=yuv420p"])
        #expect(made.audio[0].encode?.filters.last == "highpass=f=80")
        #expect(made.says("filtered by eq=contrast=1.1,vignette") && made.says("filtered by highpass=f=80"))
        for (chain, words) in [
            ("fps=10", "'fps'"), ("eq,setpts=2*PTS", "'setpts'"), ("zoompan=d=2", "'zoompan'"),
            ("[a]select='eq(n,1)'", "'select'"),
            ("nosuch", "'nosuch'"),
            ("eq,,vignette", "no name"), ("", "no name"),
        ] {
            let error = refusal(media(picture())) { $0.filters.custom = chain }
            #expect(error.message.contains(words) && error.remedy != nil, "\(error)")
        }
        #expect(refusal(media(audio(0)), to: "a.m4a") { $0.filters.customAudio = "atempo=2" }.kind == .usage)
        #expect(refusal(media(picture())) { ($0.filters.custom, $0.video) = ("eq", .copy) }.kind == .usage)
        #expect(
            try plan(media(picture())) { $0.filters.custom = "split[a][b];[a]eq[c];[c][b]hstack,vignette='a,b'" }.video
                != nil)
    }

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
        let made = try plan(source) { ($0.filters.crop, $0.burn) = (.automatic, .track(1)) }
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

extension FilterTests {
    @Test("Filters stand in a fixed order, between scaling and the end")
    func order() throws {
        let made = try plan(media(picture(), audio())) {
            $0.fit = .size(PixelSize(640, 480))
            $0.filters.quarterTurns = 2
            $0.filters.denoise = .medium
            $0.filters.deband = true
            $0.filters.sharpen = .light
            $0.filters.fade = FadeLengths(start: 1, end: 2)
            $0.filters.volume = .decibels(-3)
        }
        #expect(
            made.video?.encode?.filters == [
                "hflip", "vflip", "scale=w=640:h=360:flags=bicubic", "hqdn3d=3:2:2:3", "deband",
                "cas=strength=0.3:planes=1", "pad=w=640:h=480:x=-1:y=-1", "fade=t=in:st=0:d=1", "fade=t=out:st=8:d=2",
                "format=yuv420p", "setsar=1",
            ])
        #expect(
            made.audio[0].encode?.filters.suffix(3) == [
                "volume=volume=-3dB", "afade=t=in:st=0:d=1", "afade=t=out:st=8:d=2",
            ])
        let said = made.decisions.map(\.description).joined(separator: "\n")
        for words in [
            "video: turned 180 degrees clockwise", "video: noise reduced", "video: banding reduced", "video: sharpened",
            "video: faded in from black in 1 s and out to black in 2 s", "audio: faded in from silence",
            "audio: volume changed by -3 dB",
        ] { #expect(said.contains(words), "\(words)") }
    }

    @Test(
        "Turns that are asked for add to those of the metadata, and become one",
        arguments: [
            (Orientation.upright, 1, nil, ["transpose=dir=clock"], PixelSize(1080, 1920)),
            (Orientation(quarterTurns: 3), 1, nil, [], PixelSize(1920, 1080)),
            (Orientation(quarterTurns: 1), 1, nil, ["hflip", "vflip"], PixelSize(1920, 1080)),
            (Orientation.upright, 0, .horizontal, ["hflip"], PixelSize(1920, 1080)),
            (Orientation.upright, 0, .vertical, ["vflip"], PixelSize(1920, 1080)),
            (Orientation.upright, 1, .horizontal, ["transpose=dir=cclock_flip"], PixelSize(1080, 1920)),
            (Orientation(isMirrored: true), 0, .horizontal, [], PixelSize(1920, 1080)),
        ] as [(Orientation, Int, FlipDirection?, [String], PixelSize)])
    func turns(metadata: Orientation, quarters: Int, flip: FlipDirection?, filters: [String], size: PixelSize) throws {
        let made = try plan(media(picture { $0.orientation = metadata })) {
            $0.filters.quarterTurns = quarters
            $0.filters.flip = flip
        }
        #expect(made.video?.encode?.filters == filters)
        #expect(made.video?.encode?.size == size)
    }

    @Test("A fade out needs to know where the output ends")
    func unknownEnd() throws {
        let endless = media(picture(duration: nil), duration: nil)
        let error = refusal(endless) { $0.filters.fade = FadeLengths(start: 0, end: 1) }
        #expect(error.kind == .usage && error.message.contains("does not say how long"))
        let made = try plan(endless) { $0.filters.fade = FadeLengths(start: 1, end: 0) }
        #expect(made.video?.encode?.filters == ["fade=t=in:st=0:d=1", "format=yuv420p"])
        let cut = try plan(media(picture())) {
            ($0.filters.fade, $0.start, $0.duration) = (FadeLengths(start: 0, end: 0.5), seconds(2), seconds(3))
        }
        #expect(cut.video?.encode?.filters.first == "fade=t=out:st=2.5:d=0.5")
    }

    @Test("A fade is left to the track that there is")
    func oneTrack() throws {
        let fade = FadeLengths(start: 1, end: 1)
        let music = try plan(media(picture(), audio()), to: "out.m4a") { $0.filters.fade = fade }
        #expect(music.says("faded in from silence") && !music.says("black"))
        let silent = try plan(media(picture(), audio())) { ($0.audioTracks, $0.filters.fade) = (.none, fade) }
        #expect(silent.says("black") && !silent.says("silence"))
    }

    @Test("Noise reduction looks back: a ladder with it is made in one pass")
    func memory() throws {
        var options = LadderOptions(output: "out")
        let source = media(picture(), audio())
        #expect(try planLadder(of: source, options: options, capabilities: everything).video?.maySeek == true)
        options.filters.denoise = .light
        options.filters.volume = .factor(2)
        let made = try planLadder(of: source, options: options, capabilities: everything)
        #expect(made.video?.maySeek == false)
        #expect(made.video?.filters == ["hqdn3d=2:1:2:3", "format=yuv420p"])
        #expect(made.audio[0].track.encode?.filters.last == "volume=volume=2")
    }

    @Test(
        "Values are read as they are written",
        arguments: [("+6dB", "+6dB"), ("-3.5DB", "-3.5dB"), ("0.5", "0.5"), ("2", "2"), ("0dB", "+0dB")])
    func volumes(text: String, expected: String) {
        #expect(VolumeChange(text)?.description == expected)
    }

    @Test("Nonsense is refused", arguments: ["", "dB", "-2", "nan", "infdB", "1001", "61dB", "3 dBx"])
    func badVolumes(text: String) {
        #expect(VolumeChange(text) == nil)
    }

    @Test("Fades are read as they are written")
    func fades() {
        #expect(FadeLengths("1:2") == FadeLengths(start: 1, end: 2))
        #expect(FadeLengths("1.5") == FadeLengths(start: 1.5, end: 1.5))
        for text in ["", "0", "0:0", "-1:2", "1:2:3", "x", "1:", "nan"] { #expect(FadeLengths(text) == nil, "\(text)") }
    }
}

extension FilterTests {
    @Test(
        "An overlay is read as it is written",
        arguments: [
            ("logo.png", "logo.png", OverlayPlace.bottomRight, 0.15, 1.0),
            ("a:b.png", "a:b.png", .bottomRight, 0.15, 1), ("logo.png:top-left", "logo.png", .topLeft, 0.15, 1),
            ("a:b.png:center:20%:0.5", "a:b.png", .center, 0.2, 0.5),
            ("x.png:TOP-RIGHT:5:50%", "x.png", .topRight, 0.05, 0.5),
        ])
    func overlay(text: String, path: String, place: OverlayPlace, share: Double, opacity: Double) throws {
        let image = try #require(OverlayImage(text))
        #expect(image.path == path && image.place == place && image.share == share && image.opacity == opacity)
    }

    @Test(
        "What is no size or opacity is refused",
        arguments: ["", ":top-left", "a.png:center:0", "a.png:center:101%", "a.png:center:10:0", "a.png:center:10:1:1"])
    func badOverlay(text: String) {
        #expect(OverlayImage(text) == nil)
    }

    @Test("An overlay lies over the borders and under the fades")
    func overlaid() throws {
        let image = try #require(OverlayImage("it's a logo.png:top-right:10%:0.5"))
        func made(_ image: OverlayImage) throws -> TranscodePlan {
            try plan(media(picture())) {
                $0.fit = .size(PixelSize(640, 480))
                ($0.filters.overlay, $0.filters.fade) = (image, FadeLengths(start: 1, end: 0))
            }
        }
        let first = try made(image)
        #expect(
            first.video?.encode?.filters == [
                "scale=w=640:h=360:flags=bicubic", "pad=w=640:h=480:x=-1:y=-1",
                #"null[under];movie=filename=./it\\\'s\\\ a\\\ logo.png:f=png_pipe,format=rgba,colorchannelmixer=aa=0.5,"#
                    + "scale=w=64:h=480:force_original_aspect_ratio=decrease:flags=bicubic:"
                    + "out_color_matrix=smpte170m:out_range=limited,format=yuva444p[over];"
                    + "[under][over]overlay=x=W-w-12:y=12:format=auto", "fade=t=in:st=0:d=1", "format=yuv420p",
                "setsar=1",
            ])
        let hdr = media(
            picture {
                $0.color = ColorDescription(range: "tv", primaries: "bt2020", transfer: "smpte2084", matrix: "bt2020nc")
                ($0.pixelFormat, $0.bitDepth) = ("yuv420p10le", 10)
            })
        let kept = refusal(hdr) { ($0.filters.overlay, $0.video, $0.hdr) = (image, .codec(.hevc), .keep) }
        #expect(kept.kind == .usage && kept.message.contains("cannot be combined"))
        #expect(first.says("overlaid with an image, top-right, 10 % of the width"))
    }
}
