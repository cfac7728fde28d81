import Testing
import VTXModel
@testable import VTXPlanning

struct Asked: Sendable {
    let codec: VideoCodec
    let change: @Sendable (inout TranscodeOptions) -> Void

    init(_ codec: VideoCodec, _ change: @escaping @Sendable (inout TranscodeOptions) -> Void) {
        self.codec = codec
        self.change = change
    }
}

@Suite("Video")
struct VideoTests {
    func encode(
        _ stream: StreamDescription, to output: String = "out.mp4",
        _ change: (inout TranscodeOptions) -> Void = { _ in }
    ) throws -> VideoEncodePlan {
        try #require(try plan(media(stream), to: output, everything, change).video?.encode)
    }

    @Test("The largest picture is chosen, then the default one, then the first")
    func choosing() throws {
        let small = picture(0, 320, 180, disposition: ["default"])
        #expect(try plan(media(small, picture(1))).video?.stream == 1)
        #expect(try plan(media(picture(0), picture(1, disposition: ["default"]))).video?.stream == 1)
        #expect(try plan(media(picture(0), picture(1))).video?.stream == 0)
        let cover = picture(0, codec: "mjpeg", 4000, 4000, disposition: ["attached_pic"])
        #expect(try plan(media(cover, picture(1))).video?.stream == 1)
        #expect(try plan(media(picture(0), picture(1))).says("video: dropped stream #1"))
        #expect(try plan(media(picture(0), picture(1))) { $0.videoStream = 1 }.video?.stream == 1)
        #expect(refusal(media(picture(0), audio(1))) { $0.videoStream = 1 }.kind == .usage)
    }

    @Test("A plain source needs no filters")
    func plain() throws {
        let made = try plan(media(picture(), audio()))
        #expect(made.video?.encode?.filters == [])
        #expect(made.decisions.isEmpty)
        #expect(
            made.video?.encode?.expected == FrameShape(size: PixelSize(1920, 1080), pixelFormat: "yuv420p"))
    }

    @Test(
        "A picture is turned upright: mirrored first, then clockwise",
        arguments: [
            (0, false, []), (1, false, ["transpose=dir=clock"]), (2, false, ["hflip", "vflip"]),
            (3, false, ["transpose=dir=cclock"]), (0, true, ["hflip"]),
            (1, true, ["transpose=dir=clock_flip"]),
            (2, true, ["vflip"]), (3, true, ["transpose=dir=cclock_flip"]),
        ] as [(Int, Bool, [String])])
    func turning(turns: Int, isMirrored: Bool, filters: [String]) throws {
        let orientation = Orientation(quarterTurns: turns, isMirrored: isMirrored)
        let made = try encode(picture { $0.orientation = orientation })
        #expect(made.filters == filters)
        #expect(made.size == (turns % 2 == 1 ? PixelSize(1080, 1920) : PixelSize(1920, 1080)))
    }

    @Test(
        "Pixels become square and sides even",
        arguments: [
            (
                1440, 1080, Rational(4, 3), ["scale=w=1920:h=1080:flags=bicubic", "setsar=1"],
                PixelSize(1920, 1080)
            ),
            (
                720, 480, Rational(10, 11), ["scale=w=654:h=480:flags=bicubic", "setsar=1"],
                PixelSize(654, 480)
            ),
            (161, 121, nil, ["scale=w=162:h=122:flags=bicubic", "setsar=1"], PixelSize(162, 122)),
            (640, 480, Rational(1), [], PixelSize(640, 480)),
            (640, 480, Rational(0), [], PixelSize(640, 480)),
            // So nearly square that no column is gained.
            (320, 240, Rational(1001, 1000), ["setsar=1"], PixelSize(320, 240)),
        ] as [(Int, Int, Rational?, [String], PixelSize)])
    func squarePixels(width: Int, height: Int, shape: Rational?, filters: [String], size: PixelSize) throws {
        let made = try encode(picture(0, width, height) { $0.sampleAspectRatio = shape })
        #expect(made.filters == filters)
        #expect(made.size == size)
    }

    @Test(
        "The size follows what was asked for",
        arguments: [
            (1920, 1080, .height(720), PixelSize(1280, 720), PixelSize(1280, 720)),
            (640, 360, .height(720), PixelSize(1280, 720), PixelSize(1280, 720)),
            (1920, 1080, .shortSide(720), PixelSize(1280, 720), PixelSize(1280, 720)),
            (1080, 1920, .shortSide(720), PixelSize(720, 1280), PixelSize(720, 1280)),
            (640, 360, .shortSide(720), PixelSize(640, 360), PixelSize(640, 360)),
            (641, 361, .shortSide(362), PixelSize(642, 362), PixelSize(642, 362)),
            (1920, 800, .size(PixelSize(1280, 720)), PixelSize(1280, 534), PixelSize(1280, 720)),
            (1080, 1920, .size(PixelSize(1280, 720)), PixelSize(406, 720), PixelSize(1280, 720)),
            (1920, 1080, .size(PixelSize(1280, 720)), PixelSize(1280, 720), PixelSize(1280, 720)),
            (1918, 1080, .size(PixelSize(1280, 720)), PixelSize(1280, 720), PixelSize(1280, 720)),
            (640, 360, .box(PixelSize(1280, 720)), PixelSize(640, 360), PixelSize(640, 360)),
            (1080, 1920, .box(PixelSize(1280, 720)), PixelSize(406, 720), PixelSize(406, 720)),
            (1921, 1080, .box(PixelSize(1921, 1080)), PixelSize(1920, 1080), PixelSize(1920, 1080)),
        ] as [(Int, Int, VideoFit, PixelSize, PixelSize)])
    func fit(width: Int, height: Int, fit: VideoFit, fitted: PixelSize, canvas: PixelSize) {
        let made = fitting(VideoDescription(codedSize: PixelSize(width, height)), fit)
        #expect(made.fitted == fitted)
        #expect(made.canvas == canvas)
    }

    @Test("Another shape is padded with black, and that is said")
    func letterbox() throws {
        let made = try plan(media(picture(0, 1920, 800))) { $0.fit = .size(PixelSize(1280, 720)) }
        #expect(
            made.video?.encode?.filters == [
                "scale=w=1280:h=534:flags=bicubic", "pad=w=1280:h=720:x=-1:y=-1", "setsar=1",
            ])
        #expect(made.says("padded with black"))
        #expect(try plan(media(picture(0, 640, 360))) { $0.fit = .height(720) }.says("enlarged to 1280x720"))
        #expect(!(try plan(media(picture())) { $0.fit = .height(720) }.says("enlarged")))
    }

    @Test("A shorter side counts what is shown, and a smaller source keeps its size")
    func shortSide() throws {
        let phone = picture(0, 1920, 1080) { $0.orientation = Orientation(quarterTurns: 1) }
        #expect(try plan(media(phone)) { $0.fit = .shortSide(720) }.video?.encode?.size == PixelSize(720, 1280))
        let dvd = picture(0, 720, 576) { $0.sampleAspectRatio = Rational(16, 15) }
        #expect(try plan(media(dvd)) { $0.fit = .shortSide(288) }.video?.encode?.size == PixelSize(384, 288))
        let small = try plan(media(picture(0, 640, 360))) { $0.fit = .shortSide(720) }
        #expect(small.says("kept at 640x360"))
        #expect(!(try plan(media(picture())) { $0.fit = .shortSide(720) }.says("kept at")))
    }

    @Test("Copied video refuses a size by the option that asked for it")
    func copiedSize() {
        for (fit, setting) in [
            (VideoFit.height(720), Setting.height), (.shortSide(720), .resolution), (.box(PixelSize(640, 360)), .fit),
        ] {
            let error = refusal(media(picture())) { ($0.video, $0.fit) = (.copy, fit) }
            #expect(error.message.description == "\(setting.words): copied video cannot be changed")
        }
    }

    @Test(
        "Sizes that no encoder takes are refused",
        arguments: [
            .shortSide(721), .shortSide(0), .shortSide(20_000), .height(721), .height(0), .height(20_000),
            .size(PixelSize(1279, 720)), .box(PixelSize(1, 1)),
        ] as [VideoFit])
    func badSizes(fit: VideoFit) {
        #expect(refusal(media(picture())) { $0.fit = fit }.kind == .usage)
    }

    @Test("SVT-AV1 is not given pictures it cannot take")
    func tooSmall() {
        #expect(refusal(media(picture(0, 60, 40)), to: "out.webm") { $0.video = .codec(.av1) }.kind == .usage)
    }

    @Test("Frames of another shape are made to fit")
    func refit() throws {
        let made = try encode(picture(0, 60, 40))
        #expect(
            made.refit == [
                "scale=w=iw*sar:h=ih:flags=bicubic",
                "scale=w=60:h=40:force_original_aspect_ratio=decrease:force_divisible_by=2:flags=bicubic:out_range=limited",
                "format=yuv420p", "pad=w=60:h=40:x=-1:y=-1", "setsar=1",
            ])
    }

    // MARK: Colour

    @Test(
        "Pixel formats become 8-bit 4:2:0 of limited range",
        arguments: [
            ("yuv420p10le", "4:2:0", 10, nil, ["format=yuv420p"], nil),
            ("yuv444p", "4:4:4", 8, "tv", ["format=yuv420p"], "tv"),
            (
                "yuvj420p", "4:2:0", 8, "pc",
                ["scale=in_range=full:out_range=limited:flags=bicubic", "format=yuv420p", "setsar=1"], "tv"
            ),
            (
                "yuv420p", "4:2:0", 8, "pc",
                ["scale=in_range=full:out_range=limited:flags=bicubic", "format=yuv420p", "setsar=1"], "tv"
            ),
            (
                "gray", "gray", 8, nil,
                ["scale=in_range=full:out_range=limited:flags=bicubic", "format=yuv420p", "setsar=1"], "tv"
            ),
            ("gray", "gray", 8, "tv", ["format=yuv420p"], "tv"),
            (
                "rgb24", "rgb", 8, "pc",
                [
                    "scale=out_color_matrix=bt709:out_range=limited:flags=bicubic", "format=yuv420p",
                    "setsar=1",
                ], "tv"
            ),
        ] as [(String, String, Int, String?, [String], String?)])
    func formats(
        format: String, sampling: String, depth: Int, range: String?, filters: [String], outRange: String?
    ) throws {
        let made = try encode(
            picture {
                $0.pixelFormat = format
                $0.sampling = sampling
                $0.bitDepth = depth
                $0.color.range = range
            })
        #expect(made.pixelFormat == "yuv420p")
        #expect(made.filters == filters)
        #expect(made.color.range == outRange)
    }

    @Test("Colour tags pass unchanged, and none is made up")
    func tags() throws {
        let tagged = ColorDescription(
            range: "tv", primaries: "smpte170m", transfer: "bt709", matrix: "smpte170m",
            chromaLocation: "left")
        #expect(try encode(picture { $0.color = tagged }).color == tagged)
        #expect(try encode(picture()).color == ColorDescription())
    }

    @Test(
        "RGB gets the matrix of its size, and is tagged with it",
        arguments: [(480, "smpte170m"), (720, "bt709")])
    func rgb(height: Int, matrix: String) throws {
        let made = try encode(
            picture(0, 640, height) {
                $0.pixelFormat = "gbrp"
                $0.sampling = "rgb"
                $0.color = ColorDescription(
                    range: "pc", primaries: "bt709", transfer: "iec61966-2-1", matrix: "gbr")
            })
        #expect(made.color.matrix == matrix)
        #expect(made.color.transfer == "iec61966-2-1")
        #expect(made.filters[0].contains("out_color_matrix=\(matrix)"))
    }

    @Test("A pixel format that the encoder does not take is refused with those it takes")
    func badPixelFormat() throws {
        let error = refusal(media(picture())) { $0.pixelFormat = "nv12" }
        #expect(error.kind == .usage)
        #expect(error.remedy?.contains("yuv420p10le") == true)
        #expect(try encode(picture()) { $0.pixelFormat = "yuv420p10le" }.options["profile"] == nil)
    }

    // MARK: HDR

    static let pq = ColorDescription(
        range: "tv", primaries: "bt2020", transfer: "smpte2084", matrix: "bt2020nc", chromaLocation: "topleft"
    )

    func hdrPicture(_ color: ColorDescription = pq, _ hdr: HDRDescription? = nil) -> StreamDescription {
        picture(codec: "hevc") {
            $0.pixelFormat = "yuv420p10le"
            $0.bitDepth = 10
            $0.color = color
            $0.hdr = hdr
        }
    }

    @Test("HDR is tone-mapped to BT.709 and tagged so")
    func toneMapping() throws {
        let made = try encode(hdrPicture()) { $0.fit = .height(720) }
        #expect(
            made.filters == [
                "zscale=w=1280:h=720:filter=bicubic:primariesin=bt2020:transferin=smpte2084:matrixin=bt2020nc:rangein=limited:transfer=linear:npl=100",
                "format=gbrpf32le", "zscale=primaries=bt709", "tonemap=tonemap=hable:desat=0",
                "zscale=transfer=bt709:matrix=bt709:range=limited:chromal=left", "format=yuv420p", "setsar=1",
            ])
        #expect(
            made.color
                == ColorDescription(
                    range: "tv", primaries: "bt709", transfer: "bt709", matrix: "bt709",
                    chromaLocation: "left"))
        #expect(made.mastering == nil)
        #expect(
            refusal(media(hdrPicture()), Capabilities(encoders: everything.encoders, filters: ["tonemap"]))
                .kind == .unavailable)
    }

    @Test("HDR is kept with its metadata by codecs that have 10 bits")
    func keeping() throws {
        let chromaticities = [(34_000, 16_000), (13_250, 34_500), (7500, 3000), (15_635, 16_450)]
            .flatMap { [Rational($0.0, 50_000), Rational($0.1, 50_000)] }
        let mastering = MasteringDisplay(
            chromaticities: chromaticities, minimumLuminance: Rational(1, 200),
            maximumLuminance: Rational(1000))
        let light = ContentLight(maximum: 1000, frameAverage: 400)
        let source = hdrPicture(
            Self.pq, HDRDescription(format: .hdr10, mastering: mastering, contentLight: light))
        let hevc = try encode(source) {
            $0.hdr = .keep; $0.video = .codec(.hevc)
        }
        #expect(hevc.pixelFormat == "yuv420p10le")
        #expect(hevc.filters == [])
        #expect(hevc.color == Self.pq)
        #expect(hevc.mastering == mastering && hevc.contentLight == light)
        #expect(
            hevc.options["x265-params"] == "log-level=error:hdr10=1:"
                + "master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50):max-cll=1000,400"
        )
        let av1 = try encode(source) {
            $0.hdr = .keep; $0.video = .codec(.av1)
        }
        #expect(
            av1.options["svtav1-params"]
                == "mastering-display=G(0.265,0.69)B(0.15,0.06)R(0.68,0.32)WP(0.3127,0.329)L(1000.0,0.005):content-light=1000,400"
        )
        #expect(refusal(media(source)) { $0.hdr = .keep }.kind == .usage)
        #expect(
            refusal(media(source)) {
                $0.hdr = .keep; $0.video = .codec(.hevc); $0.pixelFormat = "yuv420p"
            }.kind == .usage)
        // An SDR source is not touched by --hdr keep.
        #expect(try encode(picture()) { $0.hdr = .keep }.pixelFormat == "yuv420p")
    }

    @Test(
        "Dolby Vision is read by its base layer",
        arguments: [
            (5, 0, DynamicRange.unusable), (8, 1, .high(transfer: "smpte2084")),
            (8, 4, .high(transfer: "arib-std-b67")),
            (7, 6, .high(transfer: "smpte2084")), (8, 2, .standard), (5, nil, .unusable),
        ] as [(Int, Int?, DynamicRange)])
    func dolbyVision(profile: Int, compatibility: Int?, expected: DynamicRange) throws {
        let hdr = HDRDescription(
            format: .dolbyVision, dolbyVisionProfile: profile, dolbyVisionCompatibility: compatibility)
        let stream = hdrPicture(ColorDescription(), hdr)
        #expect(dynamicRange(stream.video!) == expected)
        if expected == .unusable {
            #expect(refusal(media(stream)).kind == .unavailable)
            #expect(try plan(media(stream)) { $0.video = .copy }.video != nil)
        }
    }

    // MARK: Fields

    @Test(
        "What RGB does not name of its colour space follows what it names",
        arguments: [
            (nil, nil, nil, "bt709", "bt709", "BT.709"),
            ("smpte170m", nil, "gbr", "smpte170m", "smpte170m", "SMPTE 170M"),
            (nil, "smpte240m", nil, "smpte240m", "smpte240m", "SMPTE 240M"),
            (nil, nil, "smpte170m", "smpte170m", "smpte170m", "SMPTE 170M"),
            ("bt709", nil, nil, "bt709", "bt709", "BT.709"), ("smpte170m", "bt709", nil, "smpte170m", "bt709", nil),
        ] as [(String?, String?, String?, String, String, String?)])
    func rgbSpace(
        primaries: String?, transfer: String?, matrix: String?, madePrimaries: String, madeTransfer: String,
        said: String?
    ) throws {
        let made = try plan(
            media(
                picture {
                    ($0.sampling, $0.pixelFormat) = ("rgb", "gbrp")
                    ($0.color.primaries, $0.color.transfer, $0.color.matrix) = (primaries, transfer, matrix)
                }))
        #expect(made.video?.encode?.color.primaries == madePrimaries)
        #expect(made.video?.encode?.color.transfer == madeTransfer)
        let text = made.decisions.map(\.description).first { $0.contains("tagged as") }
        #expect(text?.contains(said ?? "") == (said == nil ? nil : true), "\(text ?? "nothing said")")
    }

    @Test(
        "Fields become frames when flags or pictures say so",
        arguments: [
            (FieldOrder.topFirst, nil, .automatic, "bwdif=mode=send_frame:parity=auto:deint=interlaced"),
            (.progressive, nil, .automatic, nil),
            (
                .unknown, InterlaceSample(frames: 25, flaggedInterlaced: 13), .automatic,
                "bwdif=mode=send_frame:parity=auto:deint=interlaced"
            ),
            (.unknown, InterlaceSample(frames: 25, flaggedInterlaced: 12, progressive: 20), .automatic, nil),
            // The header says interlaced, the pictures do not.
            (.topFirst, InterlaceSample(frames: 25, progressive: 20), .automatic, nil),
            (
                .progressive, InterlaceSample(frames: 25, topFirst: 20, undetermined: 5), .automatic,
                "bwdif=mode=send_frame:parity=tff:deint=all"
            ),
            (
                .unknown, InterlaceSample(frames: 25, topFirst: 1, bottomFirst: 18), .automatic,
                "bwdif=mode=send_frame:parity=bff:deint=all"
            ),
            // Noise finds both orders.
            (.unknown, InterlaceSample(frames: 25, topFirst: 6, bottomFirst: 6), .automatic, nil),
            // Film with 3:2 pulldown.
            (.unknown, InterlaceSample(frames: 25, topFirst: 10, progressive: 15), .automatic, nil),
            (.topFirst, nil, .off, nil),
            (.bottomFirst, nil, .frame, "bwdif=mode=send_frame:parity=bff:deint=all"),
            (.unknown, nil, .field, "bwdif=mode=send_field:parity=auto:deint=all"),
        ] as [(FieldOrder, InterlaceSample?, DeinterlaceChoice, String?)])
    func fields(order: FieldOrder, sample: InterlaceSample?, choice: DeinterlaceChoice, filter: String?)
        throws
    {
        let stream = picture {
            $0.fieldOrder = order; $0.interlaceSample = sample
        }
        let made = try plan(media(stream)) { $0.deinterlace = choice }
        #expect(made.video?.encode?.filters == (filter.map { [$0] } ?? []))
        #expect(made.says("deinterlaced") == (filter != nil))
        #expect(made.video?.encode?.frameRate == (choice == .field ? Rational(50) : Rational(25)))
    }

    @Test(
        "3:2 pulldown is undone when asked for, and not twice",
        arguments: [
            (.automatic, .fields, ["bwdif=mode=send_frame:parity=auto:deint=interlaced"], Rational(30)),
            (
                .pulldown, .fields,
                [
                    "fps=fps=30,fieldmatch=order=tff:combmatch=full,"
                        + "bwdif=mode=send_frame:parity=auto:deint=interlaced,decimate"
                ], Rational(24)
            ),
            // Each frame is stored once: only the rate has to become constant.
            (
                .pulldown, .flags, ["bwdif=mode=send_frame:parity=auto:deint=interlaced", "fps=fps=30"], Rational(30)
            ),
        ] as [(DeinterlaceChoice, Pulldown, [String], Rational)])
    func pulldown(choice: DeinterlaceChoice, found: Pulldown, filters: [String], rate: Rational) throws {
        let stream = picture {
            $0.averageFrameRate = Rational(30)
            $0.nominalFrameRate = Rational(30)
            $0.interlaceSample = InterlaceSample(
                frames: 24, flaggedInterlaced: 24, flaggedTopFirst: 24, pulldown: found)
        }
        let made = try plan(media(stream)) { $0.deinterlace = choice }
        #expect(made.video?.encode?.filters == filters)
        #expect(made.video?.encode?.frameRate == rate)
        #expect(made.says("3:2 pulldown removed") == (choice == .pulldown))
    }

    @Test("Film does not need the filter for what video may be in between")
    func filmWithoutDeinterlacer() throws {
        let stream = picture {
            $0.interlaceSample = InterlaceSample(frames: 24, flaggedInterlaced: 24, pulldown: .flags)
        }
        var capabilities = everything
        capabilities.filters.remove("bwdif")
        let made = try plan(media(stream), to: "out.mp4", capabilities) { $0.deinterlace = .pulldown }
        #expect(made.video?.encode?.filters.contains { $0.hasPrefix("bwdif") } == false)
    }

    @Test(
        "A sample of frames is decoded where it may tell something",
        arguments: [
            ("h264", 1080, 25, FieldOrder.progressive, true), ("h264", 1080, 60, .progressive, false),
            ("h264", 720, 25, .progressive, true), ("h264", 720, 25, .unknown, true),
            ("h264", 2160, 25, .progressive, false),
            ("vp9", 1080, 25, .unknown, false),
            ("mpeg2video", 1080, 24, .progressive, true), ("dvvideo", 480, 25, .bottomFirst, true),
        ] as [(String, Int, Int64, FieldOrder, Bool)])
    func sampling(codec: String, height: Int, rate: Int64, order: FieldOrder, expected: Bool) {
        let stream = picture(codec: codec, 1920, height) {
            $0.fieldOrder = order
            $0.averageFrameRate = Rational(rate)
            $0.nominalFrameRate = Rational(rate)
        }
        #expect(needsInterlaceSample(stream) == expected)
    }

    // MARK: Frame rate

    @Test(
        "A believable rate is found among what the header says",
        arguments: [
            (Rational(25), Rational(25), nil, SourceRate(rate: Rational(25), isVariable: false)),
            (Rational(60), Rational(810_000, 13_487), nil, SourceRate(rate: Rational(60), isVariable: false)),
            (Rational(60), Rational(1000), nil, SourceRate(rate: Rational(60), isVariable: false)),
            (Rational(600), Rational(30), nil, SourceRate(rate: Rational(30), isVariable: false)),
            (
                Rational(600), Rational(600), nil,
                SourceRate(rate: Rational(30), isVariable: true, isGuess: true)
            ),
            (Rational(15), nil, nil, SourceRate(rate: Rational(15), isVariable: false)),
            (Rational(90_000, 2999), Rational(27), nil, SourceRate(rate: Rational(27), isVariable: true)),
            (Rational(30), Rational(30), true, SourceRate(rate: Rational(30), isVariable: true)),
            (Rational(90), Rational(30), false, SourceRate(rate: Rational(30), isVariable: false)),
            (
                Rational(2997, 100), Rational(2997, 100), nil,
                SourceRate(rate: Rational(30_000, 1001), isVariable: false)
            ),
        ] as [(Rational?, Rational?, Bool?, SourceRate)])
    func rates(nominal: Rational?, average: Rational?, isVariable: Bool?, expected: SourceRate) {
        let stream = picture {
            $0.nominalFrameRate = nominal
            $0.averageFrameRate = average
            $0.hasVariableFrameRate = isVariable
        }
        #expect(sourceRate(stream.video!) == expected)
    }

    @Test("An interlaced source whose nominal rate counts fields has a constant rate")
    func fieldRate() {
        let stream = picture {
            $0.nominalFrameRate = Rational(50); $0.fieldOrder = .topFirst
        }
        #expect(sourceRate(stream.video!) == SourceRate(rate: Rational(25), isVariable: false))
    }

    @Test(
        "A constant rate has a whole number of ticks a frame",
        arguments: [
            (Rational(25), Rational(1, 12_800)), (Rational(30_000, 1001), Rational(1, 30_000)),
            (Rational(24), Rational(1, 12_288)), (Rational(60), Rational(1, 15_360)),
            (Rational(8797, 1000), Rational(1, 17_594)),
            (Rational(29_970_029, 1_000_000), Rational(1, 90_000)),
        ])
    func constantTimeBase(rate: Rational, expected: Rational) {
        #expect(timeBase(forConstant: rate) == expected)
    }

    @Test(
        "A varying rate keeps its times, unless something needs it constant",
        arguments: [
            ("out.mp4", .automatic, nil, false, Rational(1, 90_000), []),
            ("out.mp4", .automatic, Rational(30), true, Rational(1, 15_360), ["fps=fps=30"]),
            ("out.avi", .automatic, nil, true, Rational(1, 30), ["fps=fps=30:start_time=0"]),
            ("out.avi", .codec(.h264), nil, true, Rational(1, 15_360), ["fps=fps=30:start_time=0"]),
            ("out.mp4", .codec(.mpeg4), nil, true, Rational(1, 30), ["fps=fps=30"]),
        ] as [(String, VideoChoice, Rational?, Bool, Rational, [String])])
    func variable(
        output: String, choice: VideoChoice, asked: Rational?, isConstant: Bool, base: Rational,
        filters: [String]
    ) throws {
        let stream = picture {
            $0.nominalFrameRate = Rational(90_000, 2999); $0.averageFrameRate = Rational(27)
        }
        let made = try encode(stream, to: output) {
            $0.video = choice; $0.frameRate = asked
        }
        #expect(made.isConstantRate == isConstant)
        #expect(made.timeBase == base)
        #expect(made.filters == filters)
    }

    @Test("MPEG-4's clock holds the frame rate")
    func mpeg4Clock() throws {
        let made = try encode(
            picture {
                $0.nominalFrameRate = Rational(2_997_003, 100_000); $0.averageFrameRate = nil
            }, to: "out.avi")
        #expect(made.timeBase.denominator <= 65_535)
        #expect(made.frameRate == made.timeBase.inverse)
        #expect(refusal(media(picture())) { $0.frameRate = Rational(1000) }.kind == .usage)
    }

    // MARK: Rate control

    @Test(
        "Presets set quality and speed of each encoder",
        arguments: [
            ("high", VideoCodec.h264, RateControl.constantQuality(crf: 18), "preset", "slow"),
            ("medium", .h264, .constantQuality(crf: 21), "preset", "medium"),
            ("low", .h264, .constantQuality(crf: 26), "preset", "veryfast"),
            ("high", .vp9, .constantQuality(crf: 28), "cpu-used", "1"),
            ("medium", .vp9, .constantQuality(crf: 32), "cpu-used", "2"),
            ("low", .vp9, .constantQuality(crf: 38), "cpu-used", "4"),
            ("high", .av1, .constantQuality(crf: 26), "preset", "6"),
            ("low", .av1, .constantQuality(crf: 40), "preset", "10"),
            ("medium", .hevc, .constantQuality(crf: 24), "preset", "medium"),
            ("medium", .mpeg4, .quantizer(5), "preset", nil),
        ] as [(String, VideoCodec, RateControl, String, String?)])
    func presets(name: String, codec: VideoCodec, rate: RateControl, option: String, speed: String?) throws {
        let made = try encode(picture(), to: "out.mkv") {
            $0.preset = Preset.builtIn(named: name)!; $0.video = .codec(codec)
        }
        #expect(made.rate == rate)
        #expect(made.options[option] == speed)
    }

    @Test("A bit rate comes with a cap and a buffer")
    func bitRate() throws {
        #expect(
            try encode(picture()) { $0.bitRate = 2_000_000 }.rate
                == .average(bitRate: 2_000_000, maximum: 3_000_000, buffer: 4_000_000))
        let capped = try encode(picture()) { $0.maximumBitRate = 6_000_000 }
        #expect(capped.rate == .capped(crf: 21, maximum: 6_000_000, buffer: 12_000_000))
        let own = try encode(picture()) {
            $0.maximumBitRate = 6_000_000
            $0.encoderOptions = ["bufsize": "3000000"]
        }
        #expect(own.rate == .capped(crf: 21, maximum: 6_000_000, buffer: 3_000_000))
        #expect(own.options["bufsize"] == nil)
        #expect(
            try encode(picture()) {
                $0.bitRate = 2_000_000; $0.twoPass = true
            }.passes == 2)
    }

    @Test(
        "What does not go together or is out of range is refused",
        arguments: [
            Asked(.h264, { $0.crf = 52 }), Asked(.h264, { $0.crf = -1 }), Asked(.vp9, { $0.crf = 64 }),
            Asked(.mpeg4, { $0.crf = 5 }),
            Asked(
                .h264,
                {
                    $0.crf = 20; $0.bitRate = 1_000_000
                }), Asked(.h264, { $0.twoPass = true }),
            Asked(
                .av1,
                {
                    $0.twoPass = true; $0.bitRate = 1_000_000
                }),
            Asked(
                .mpeg4,
                {
                    $0.twoPass = true; $0.bitRate = 1_000_000
                }),
            Asked(.h264, { $0.bitRate = 10 }),
            Asked(
                .h264,
                {
                    $0.bitRate = 2_000_000; $0.maximumBitRate = 1_000_000
                }),
            Asked(.vp9, { $0.maximumBitRate = 1_000_000 }), Asked(.h264, { $0.speed = "6" }),
            Asked(.vp9, { $0.speed = "slow" }),
            Asked(.vp9, { $0.speed = "9" }), Asked(.mpeg4, { $0.speed = "slow" }),
            Asked(.av1, { $0.crf = 30.5 }),
        ])
    func badRates(asked: Asked) {
        let error = refusal(media(picture()), to: "out.mkv") {
            $0.video = .codec(asked.codec)
            asked.change(&$0)
        }
        #expect(error.kind == .usage)
    }

    @Test("Options of one's own come last, and lists are joined")
    func ownOptions() throws {
        let made = try encode(picture()) {
            $0.video = .codec(.hevc)
            $0.encoderOptions = ["x265-params": "aq-mode=3", "preset": "slow", "g": "48"]
        }
        #expect(made.options == ["x265-params": "log-level=error:aq-mode=3", "preset": "slow", "g": "48"])
    }

    @Test(
        "--gop fixes key frames in frames of the rate",
        arguments: [
            (VideoCodec.h264, "keyint_min", "60"), (.vp9, "keyint_min", "60"),
            (.hevc, "x265-params", "log-level=error:keyint=60:min-keyint=60:scenecut=0:open-gop=0"),
            (.av1, "svtav1-params", "scd=0:irefresh-type=2"),
        ])
    func gop(codec: VideoCodec, key: String, value: String) throws {
        let made = try encode(picture()) {
            $0.video = .codec(codec); $0.frameRate = Rational(30000, 1001); $0.gopDuration = Rational(2)
        }
        #expect(made.keyFrameInterval == 60)
        #expect(made.options[key] == value)
    }

    @Test("--gop makes the rate constant, so that no frame is missing between key frames")
    func gopIsConstant() throws {
        let varying = picture { $0.hasVariableFrameRate = true }
        let made = try encode(varying) { $0.gopDuration = Rational(2) }
        #expect(made.isConstantRate && made.filters.contains("fps=fps=25") && made.keyFrameInterval == 50)
        let steady = try encode(picture()) { $0.gopDuration = Rational(2) }
        #expect(steady.filters.contains("fps=fps=25"))
        #expect(try !encode(picture()).filters.contains("fps=fps=25"))
        // Frames halfway between two multiples of a frame are brought to one first.
        let source = media(picture(start: 0.021), audio())
        let late = try #require(try plan(source) { $0.gopDuration = Rational(2) }.video?.encode)
        #expect(late.filters.contains("setpts=PTS-(-19000)/1000000/TB,fps=fps=25"))
    }

    @Test("--gop where it cannot be kept is refused")
    func impossibleGOP() throws {
        #expect(throws: VTXError.self) {
            try encode(picture()) {
                $0.video = .codec(.mpeg4); $0.gopDuration = Rational(2)
            }
        }
        #expect(throws: VTXError.self) {
            try encode(picture()) {
                $0.video = .copy; $0.gopDuration = Rational(2)
            }
        }
    }

    @Test(
        "Long sources are divided into chunks, others if that is asked for",
        arguments: [
            (599, nil, nil, nil), (600, nil, nil, Rational(60)), (7200, nil, nil, Rational(60)), (7200, 0, nil, nil),
            (10, 4, nil, Rational(4)), (600, nil, 7, Rational(63)), (10, 1, 2, Rational(2)),
        ] as [(Double, Int64?, Int64?, Rational?)])
    func chunks(duration: Double, asked: Int64?, gop: Int64?, expected: Rational?) throws {
        let made = try plan(media(picture(duration: duration), duration: duration)) {
            $0.chunkDuration = asked.map { Rational($0) }; $0.gopDuration = gop.map { Rational($0) }
        }
        #expect(made.chunkDuration == expected)
    }

    @Test("A source is not divided whose parts must know of each other")
    func indivisible() throws {
        let long = media(picture(duration: 3600), duration: 3600)
        let changes: [(inout TranscodeOptions) -> Void] = [
            { $0.bitRate = 2_000_000 }, { $0.video = .copy },
            {
                $0.bitRate = 2_000_000; $0.twoPass = true
            },
            { $0.video = .codec(.mpeg4) },
        ]
        for change in changes {
            #expect(try plan(long, to: "out.mkv", everything, change).chunkDuration == nil)
            #expect(throws: VTXError.self) {
                try plan(long, to: "out.mkv") {
                    change(&$0)
                    $0.chunkDuration = Rational(60)
                }
            }
        }
    }

    @Test("A maximum bit rate is lower in chunks, so that it holds where they meet")
    func chunkCeiling() throws {
        let made = try #require(
            try plan(media(picture(duration: 3600), duration: 3600)) { $0.maximumBitRate = 6_000_000 }.video?.encode)
        #expect(made.rate == .capped(crf: 21, maximum: 5_900_000, buffer: 6_000_000))
        #expect(made.options["x264-params"] == "vbv-init=1")
        #expect(made.chunkOverlap == ChunkOverlap(before: 6, after: 12))
    }

    @Test(
        "Threads come from the machine or from what was asked",
        arguments: [
            (2, nil, VideoCodec.h264, 0, 1, 1), (16, nil, .h264, 0, 4, 4), (64, nil, .vp9, 16, 8, 4),
            (16, 2, .h264, 2, 2, 2), (16, 1, .vp9, 1, 1, 1),
        ] as [(Int, Int?, VideoCodec, Int, Int, Int)])
    func threads(cores: Int, asked: Int?, codec: VideoCodec, encoder: Int, decoder: Int, filter: Int) throws {
        let made = try encode(picture()) {
            $0.cores = cores; $0.threads = asked; $0.video = .codec(codec)
        }
        #expect(
            [made.encoderThreads, made.decoderThreads, made.filterThreads] == [encoder, decoder, filter])
    }
}
