import Testing
import VTXModel

@testable import VTXPlanning

private func ladder(
    _ source: MediaDescription, _ change: (inout LadderOptions) -> Void = { _ in }
) throws -> LadderPlan {
    var options = LadderOptions(output: "out")
    change(&options)
    return try planLadder(of: source, options: options, capabilities: everything)
}

private func refusedLadder(
    _ source: MediaDescription, _ change: (inout LadderOptions) -> Void
) -> VTXError.Kind? {
    do {
        let made = try ladder(source, change)
        Issue.record("not refused: \(made)")
    } catch let error as VTXError {
        return error.kind
    } catch {
        Issue.record(error)
    }
    return nil
}

/// A camera's file at a rate.
private func source(_ rate: Rational, _ width: Int = 1920, _ height: Int = 1080, duration: Double = 10)
    -> MediaDescription
{
    media(
        picture(0, width, height, duration: duration) {
            $0.averageFrameRate = rate
            $0.nominalFrameRate = rate
        }, audio(duration: duration), duration: duration)
}

extension LadderPlan {
    fileprivate var rungs: [RungPlan] { video?.rungs ?? [] }
    fileprivate var said: [String] { decisions.map { "\($0.text.subject): \($0.text.action)" } }
}

@Suite("Ladders")
struct LadderPlanningTests {
    @Test("What is asked of a kind of stream that the source lacks is reported")
    func withoutEffect() throws {
        let audioOnly = try ladder(media(audio(0))) { ($0.crf, $0.speed, $0.audioBitRate) = (20, "fast", 96_000) }
        #expect(audioOnly.decisions.contains(.output(.withoutEffect([.crf, .speed], .video))))
        let silent = try ladder(media(picture())) {
            ($0.crf, $0.audioBitRate, $0.filters.volume) = (20, 96_000, .decibels(-3))
        }
        #expect(silent.decisions.contains(.output(.withoutEffect([.audioBitRate, .volume], .audio))))
        let none = try ladder(media(picture())) { ($0.audioBitRate, $0.audioTracks) = (96_000, .none) }
        #expect(!none.decisions.contains { if case .output(.withoutEffect) = $0 { true } else { false } })
    }

    // MARK: Rungs

    @Test(
        "The source's own size is the top where it lies between rungs, and there are always two",
        arguments: [
            (2160, [1080, 720, 480, 360]), (1080, [1080, 720, 480, 360]), (1079, [1078, 720, 480, 360]),
            (900, [900, 720, 480, 360]), (800, [800, 480, 360]),  // 720 would be too near
            (720, [720, 480, 360]), (576, [576, 480, 360]), (480, [480, 360]), (432, [432, 360]),
            (360, [360, 240]), (240, [240, 160]), (121, [120, 80]), (40, [40, 26]), (3, [2]), (2, [2]),
        ] as [(Int, [Int])])
    func defaults(shortSide: Int, expected: [Int]) {
        #expect(defaultRungs(shortSide: shortSide) == expected)
    }

    @Test(
        "Names and sizes follow the upright picture's short side",
        arguments: [
            (1920, 1080, ["1080p 1920x1080", "720p 1280x720", "480p 854x480", "360p 640x360"]),
            (1080, 1920, ["1080p 1080x1920", "720p 720x1280", "480p 480x854", "360p 360x640"]),
            (3840, 1600, ["1080p 2592x1080", "720p 1728x720", "480p 1152x480", "360p 864x360"]),
            (640, 640, ["640p 640x640", "480p 480x480", "360p 360x360"]),
            (161, 121, ["122p 162x122", "80p 106x80"]),
        ] as [(Int, Int, [String])])
    func sizes(width: Int, height: Int, expected: [String]) throws {
        let plan = try ladder(source(Rational(25), width, height))
        #expect(plan.rungs.map { "\($0.name) \($0.encode.size)" } == expected)
    }

    @Test("A turned picture counts upright, and square pixels")
    func upright() throws {
        let turned = try ladder(
            media(picture(0, 1920, 1080) { $0.orientation = Orientation(quarterTurns: 1) }, audio()))
        #expect(turned.rungs.first?.encode.size == PixelSize(1080, 1920))
        let wide = try ladder(media(picture(0, 1440, 1080) { $0.sampleAspectRatio = Rational(4, 3) }))
        #expect(wide.rungs.first?.encode.size == PixelSize(1920, 1080))
    }

    @Test("Rungs that are asked for are sorted, and those above the source left out")
    func asked() throws {
        let plan = try ladder(source(Rational(25), 1280, 720)) {
            $0.rungs = [RungRequest(shortSide: 360), RungRequest(shortSide: 1080), RungRequest(shortSide: 720)]
        }
        #expect(plan.rungs.map(\.name) == ["720p", "360p"])
        #expect(plan.said.contains("video: left out the rung of 1080p"))
        let none = refusedLadder(source(Rational(25), 1280, 720)) { $0.rungs = [RungRequest(shortSide: 1080)] }
        #expect(none == .usage)
        let twice = refusedLadder(source(Rational(25))) {
            $0.rungs = [RungRequest(shortSide: 720), RungRequest(shortSide: 720)]
        }
        #expect(twice == .usage)
    }

    @Test(
        "Rungs are read from text",
        arguments: [
            ("1080p,720p:2800k,480", [1080, 720, 480], [nil, 2_800_000, nil]),
            ("720p:2.5M", [720], [2_500_000]), ("720p:800000", [720], [800_000]),
        ] as [(String, [Int], [Int64?])])
    func parsing(text: String, sides: [Int], rates: [Int64?]) throws {
        let list = try RungRequest.list(parsing: text)
        #expect(list.map(\.shortSide) == sides)
        #expect(list.map(\.bitRate) == rates)
    }

    @Test(
        "What is no list of rungs is refused",
        arguments: [
            "", "720p,", "p", "719p", "16p", "10000p", "720p:", "720p:x", "720p:1:2", "720p:0", "-720p", "720p:nan",
        ])
    func badText(text: String) {
        #expect(throws: VTXError.self) { try RungRequest.list(parsing: text) }
    }

    // MARK: Bit rates

    @Test(
        "Usual bit rates are Apple's, straight lines between, half as much again above 30 fps",
        arguments: [
            (1080, 24, .h264, 6_000_000), (720, 24, .h264, 3_000_000), (480, 30, .h264, 1_400_000),
            (360, 24, .h264, 730_000), (900, 25, .h264, 4_500_000), (117, 25, .h264, 63_000),
            (4320, 25, .h264, 72_000_000), (720, 60, .h264, 4_500_000), (720, 50, .h264, 4_500_000),
            (1080, 24, .hevc, 3_600_000), (1080, 24, .av1, 3_000_000), (32, 25, .h264, 32_000),
        ] as [(Int, Int64, VideoCodec, Int64)])
    func usual(shortSide: Int, rate: Int64, codec: VideoCodec, expected: Int64) {
        #expect(usualBitRate(shortSide: shortSide, frameRate: Rational(rate), codec: codec) == expected)
    }

    @Test("Bits are capped by default, and averaged with --rate abr")
    func rates() throws {
        let capped = try #require(try ladder(source(Rational(24))) { $0.chunkDuration = Rational(0) }.rungs.first)
            .encode
        #expect(capped.rate == .capped(crf: 21, maximum: 9_000_000, buffer: 12_000_000))
        let average = try ladder(source(Rational(24))) {
            $0.chunkDuration = Rational(0)
            $0.rate = .abr
            $0.rungs = [RungRequest(shortSide: 720, bitRate: 2_000_000)]
        }
        guard case .average(let target, let most, _) = try #require(average.rungs.first).encode.rate else {
            Issue.record("no bit rate")
            return
        }
        #expect(target == 2_000_000)
        #expect(most == 3_000_000)
        let both = refusedLadder(source(Rational(24))) {
            $0.rate = .abr
            $0.crf = 20
        }
        #expect(both == .usage)
    }

    // MARK: Chunks

    @Test(
        "A chunk is an eighth of the source, 24 seconds at least and a minute at most",
        arguments: [(5, 4), (60, 4), (192, 4), (240, 5), (480, 10), (7200, 10)] as [(Double, Int)])
    func chunkLengths(duration: Double, segments: Int) throws {
        #expect(try ladder(source(Rational(24), duration: duration)).chunkSegments == segments)
    }

    @Test("A chunk may be chosen, and there may be but one", arguments: [(20, 3), (1, 1)] as [(Int64, Int)])
    func chosenChunks(seconds: Int64, segments: Int) throws {
        let plan = try ladder(source(Rational(24), duration: 60)) { $0.chunkDuration = Rational(seconds) }
        #expect(plan.chunkSegments == segments)
        let whole = try ladder(source(Rational(24), duration: 60)) { $0.chunkDuration = Rational(0) }
        #expect(whole.chunkSegments * whole.grid.segmentFrames > 1_000_000_000)
    }

    @Test("A chunk's encoder has the whole rate and the whole buffer")
    func chunkRates() throws {
        let plan = try ladder(source(Rational(24), duration: 600)) { $0.chunkDuration = Rational(6) }
        let encode = try #require(plan.rungs.first).encode
        #expect(encode.rate == .capped(crf: 21, maximum: 9_000_000, buffer: 12_000_000))
        let limits = try #require(encode.rateLimits)
        #expect(limits.maximum == 9_000_000)
        #expect(limits.buffer == 12_000_000)
        #expect(encode.chunkOverlap == ChunkOverlap(before: 6, after: 12))
    }

    @Test(
        "A pass for two cores, as far as memory and chunks go",
        arguments: [
            (1, 16, 1), (2, 24, 1), (4, 16, 2), (8, 16, 4), (16, 64, 8), (16, 4, 2), (64, 512, 12),
        ] as [(Int, Int64, Int)])
    func jobs(cores: Int, gigabytes: Int64, expected: Int) throws {
        let plan = try ladder(source(Rational(24), duration: 700))
        #expect(usualJobs(for: plan, cores: cores, memory: gigabytes << 30) == expected)
    }

    @Test(
        "Only files that can be entered midway are",
        arguments: [("mov,mp4,m4a,3gp,3g2,mj2", true), ("matroska,webm", true), ("mpegts", true), ("avi", false)])
    func seeking(format: String, expected: Bool) throws {
        var source = source(Rational(24))
        source.format = format
        #expect(try ladder(source).video?.maySeek == expected)
    }

    // MARK: The grid

    @Test(
        "Key frames and segments stand on whole frames of the rate",
        arguments: [
            (Rational(24000, 1001), 48, 144), (Rational(24), 48, 144), (Rational(25), 50, 150),
            (Rational(30000, 1001), 60, 180), (Rational(50), 100, 300), (Rational(60000, 1001), 120, 360),
            (Rational(8797, 1000), 18, 54),  // 2.046 s, 6.138 s
            (Rational(15), 30, 90), (Rational(1), 2, 6),
        ] as [(Rational, Int, Int)])
    func grid(rate: Rational, gop: Int, segment: Int) throws {
        let plan = try ladder(source(rate))
        #expect(plan.grid.frameRate == rate)
        #expect(plan.grid.gopFrames == gop)
        #expect(plan.grid.segmentFrames == segment)
        for rung in plan.rungs {
            #expect(rung.encode.frameRate * Rational(Int64(rung.frameDivisor)) == rate)
            #expect(rung.encode.keyFrameInterval == gop / rung.frameDivisor)
            // A whole number of ticks a frame, or boundaries drift.
            #expect((rate.inverse / rung.encode.timeBase).denominator == 1)
            #expect(rung.encode.isConstantRate)
        }
    }

    @Test(
        "Other lengths round to the nearest whole number of frames and of GOPs",
        arguments: [
            (Rational(4), Rational(2), 25, 50, 100), (Rational(2), Rational(1), 25, 25, 50),
            (Rational(6), Rational(4), 25, 100, 200), (Rational(1), Rational(1, 2), 25, 13, 26),
            (Rational(1, 100), Rational(1, 100), 25, 1, 1),
        ] as [(Rational, Rational, Int64, Int, Int)])
    func lengths(segment: Rational, gop: Rational, rate: Int64, gopFrames: Int, segmentFrames: Int) throws {
        let plan = try ladder(source(Rational(rate))) {
            $0.segmentDuration = segment
            $0.gopDuration = gop
        }
        #expect(plan.grid.gopFrames == gopFrames)
        #expect(plan.grid.segmentFrames == segmentFrames)
    }

    @Test("Boundaries do not drift over hours")
    func drift() {
        let grid = SegmentGrid(frameRate: Rational(30000, 1001), gop: Rational(2), segment: Rational(6))
        #expect(grid.start(ofSegment: 2400, in: Rational(1, 30_000)) == 2400 * 180 * 1001)
        #expect(grid.segmentDuration == Rational(180 * 1001, 30_000))
    }

    @Test("A rate that no time base divides is taken to four decimals")
    func oddRate() throws {
        let plan = try ladder(source(Rational(2_000_003, 90_001)))
        #expect(plan.grid.frameRate == Rational(222_220, 10_000))
        for rung in plan.rungs { #expect((plan.grid.frameRate.inverse / rung.encode.timeBase).denominator == 1) }
    }

    @Test(
        "The rate is at most 60, or what --fps says, in whole steps; small rungs get half of more than 30",
        arguments: [
            (Rational(120), nil, Rational(60), [1, 1, 1, 2]), (Rational(60), nil, Rational(60), [1, 1, 1, 2]),
            (Rational(60000, 1001), nil, Rational(60000, 1001), [1, 1, 1, 2]),
            (Rational(60), Rational(30), Rational(30), [1, 1, 1, 1]),
            (Rational(50), Rational(20), Rational(50, 3), [1, 1, 1, 1]),
            (Rational(30), nil, Rational(30), [1, 1, 1, 1]),
        ] as [(Rational, Rational?, Rational, [Int])])
    func caps(rate: Rational, most: Rational?, expected: Rational, divisors: [Int]) throws {
        let plan = try ladder(source(rate)) { $0.maximumFrameRate = most }
        #expect(plan.grid.frameRate == expected)
        #expect(plan.rungs.map(\.frameDivisor) == divisors)
        #expect(plan.grid.gopFrames % (divisors.max() ?? 1) == 0)
        #expect(plan.said.contains { $0.contains("reduced from") } == (rate != expected))
    }

    @Test("A variable rate becomes constant, and says so once")
    func variable() throws {
        let plan = try ladder(
            media(
                picture {
                    $0.averageFrameRate = Rational(27)
                    $0.nominalFrameRate = Rational(30)
                    $0.hasVariableFrameRate = true
                }, audio()))
        #expect(plan.grid.frameRate == Rational(30))
        #expect(plan.said.contains("video: made 30 fps constant"))
        #expect(!plan.said.contains { $0.contains("keeping variable frame rate") })
    }

    @Test("Nothing refers across a key frame, whichever the encoder")
    func closed() throws {
        let plan = try ladder(source(Rational(25))) { $0.codecs = [.h264, .hevc, .av1] }
        for rung in plan.rungs {
            let options = rung.encode.options
            switch rung.encode.codec {
            case .h264:
                #expect(options["sc_threshold"] == "0")
                #expect(options["keyint_min"] == "50")
            case .hevc:
                #expect(options["x265-params"]?.contains("keyint=50:min-keyint=50:scenecut=0:open-gop=0") == true)
            default: #expect(options["svtav1-params"]?.contains("scd=0") == true)
            }
        }
    }

    @Test("Encoders have one thread, or their bytes depend on the timing of threads, unless --threads says more")
    func threads() throws {
        for codec in [VideoCodec.h264, .hevc, .av1] {
            let plan = try ladder(source(Rational(25))) {
                $0.codecs = [codec]
                $0.cores = 16
            }
            #expect(plan.rungs.allSatisfy { $0.encode.encoderThreads == 1 })
            let more = try ladder(source(Rational(25))) {
                $0.codecs = [codec]
                $0.threads = 3
            }
            #expect(more.rungs.allSatisfy { $0.encode.encoderThreads == 3 })
            for options in more.rungs.map(\.encode.options) {
                #expect(!options.values.contains { $0.contains("frame-threads=1") || $0.contains("lp=1") })
            }
        }
    }

    // MARK: Codecs

    @Test("Several codecs make a set of rungs each, named after them")
    func codecs() throws {
        let plan = try ladder(source(Rational(25), 1280, 720)) { $0.codecs = [.h264, .hevc] }
        #expect(
            plan.rungs.map(\.name) == ["720p-h264", "480p-h264", "360p-h264", "720p-hevc", "480p-hevc", "360p-hevc"])
        #expect(plan.rungs.map(\.tag) == [nil, nil, nil, "hvc1", "hvc1", "hvc1"])
        #expect(plan.rungs.map(\.encode.codec) == [.h264, .h264, .h264, .hevc, .hevc, .hevc])
    }

    @Test(
        "Codecs that HLS or the segment type does not hold are refused",
        arguments: [([.vp9], .fmp4), ([.mpeg4], .fmp4), ([.hevc], .ts), ([.h264, .av1], .ts)]
            as [([VideoCodec], SegmentType)])
    func refusedCodecs(codecs: [VideoCodec], segments: SegmentType) {
        let kind = refusedLadder(source(Rational(25))) {
            $0.codecs = codecs
            $0.segments = segments
        }
        #expect(kind == .usage)
    }

    // MARK: Audio, subtitles, thumbnails

    @Test("Every track becomes a stereo rendition that begins at 0")
    func tracks() throws {
        let plan = try ladder(
            media(
                picture(), audio(1, language: "eng"), audio(2, layout: "5.1", channels: 6, language: "deu"),
                audio(3, rate: 8000, layout: "mono", channels: 1))
        ) { $0.audioTracks = .all }
        #expect(plan.audio.map(\.name) == ["audio-1-eng", "audio-2-deu", "audio-3"])
        for rendition in plan.audio {
            let encode = try #require(rendition.track.encode)
            #expect(encode.layout == "stereo")
            #expect(encode.sampleRate == 48_000)
            #expect(encode.filters.contains { $0.contains("first_pts=0") })
            #expect(rendition.group == "audio")
        }
    }

    @Test("5.1 stands in a group of its own, if the source has it")
    func surround() throws {
        let source = media(picture(), audio(1, layout: "5.1", channels: 6, language: "eng"))
        let plan = try ladder(source) { $0.surround = .eac3 }
        #expect(plan.audio.map(\.group) == ["audio", "audio-surround"])
        #expect(plan.audio.map(\.name) == ["audio-1-eng", "audio-1-eng-5.1"])
        #expect(plan.audio.last?.track.encode?.layout == "5.1")
        let stereo = try ladder(media(picture(), audio())) { $0.surround = .aac }
        #expect(stereo.audio.count == 1)
        #expect(stereo.said.contains("audio: no 5.1 rendition"))
    }

    @Test("5.1 is planned for the tracks that have it only, beside others with fewer channels")
    func surroundBesideMono() throws {
        let source = media(
            picture(), audio(1, layout: "mono", channels: 1), audio(2, layout: "5.1", channels: 6, language: "eng"))
        let plan = try ladder(source) { $0.surround = .aac }
        #expect(plan.audio.map(\.name) == ["audio-1", "audio-2-eng", "audio-2-eng-5.1"])
        #expect(plan.audio.map(\.track.label.disposition) == [["default"], [], []])
    }

    @Test("A ladder needs the encoders that it uses and no others")
    func encoders() throws {
        var options = LadderOptions(output: "out")
        let source = media(picture(), audio(), text(2))
        let few = Capabilities(encoders: ["libx264", "aac", "webvtt"], filters: [])
        #expect(try planLadder(of: source, options: options, capabilities: few).subtitles.count == 1)
        options.codecs = [.h264, .hevc]
        let error = #expect(throws: VTXError.self) {
            try planLadder(of: source, options: options, capabilities: few)
        }
        #expect(error?.kind == .unavailable)
        #expect(error?.remedy?.contains("fMP4 segments also takes h264: choose one with codecs") == true)
    }

    @Test("What a package has no place for is dropped and said, chapters and cover art silently")
    func otherContents() throws {
        let font = StreamDescription(index: 2, kind: .attachment, codec: "ttf")
        let data = StreamDescription(index: 3, kind: .data, codec: "bin_data", codecTag: "gpmd")
        let cover = picture(4, codec: "mjpeg", 600, 600, disposition: ["attached_pic"])
        var source = media(picture(), audio(), font, data, cover)
        source.chapters = [Chapter(start: seconds(0), end: seconds(2), title: "A")]
        #expect(
            try ladder(source).decisions == [.output(.attachmentNotPackaged), .output(.droppedData(["#3 gpmd"]))])
    }

    @Test("Text subtitles become WebVTT, pictures of text are left out and say why")
    func subtitles() throws {
        let plan = try ladder(
            media(picture(), audio(), text(2, language: "eng"), text(3, codec: "hdmv_pgs_subtitle", language: "deu")))
        #expect(plan.subtitles.map(\.name) == ["subtitles-1-eng"])
        #expect(plan.subtitles.map(\.track.convert) == [.webvtt])
        let dropped = plan.decisions.filter { $0.text.subject.hasPrefix("subtitle") }
        #expect(dropped.map(\.text.action) == ["dropped"])
        #expect(dropped.map(\.text.reason) == ["HLS does not support bitmap subtitles"])
    }

    @Test(
        "Seek previews are 160 pixels on the long side, five seconds apart, and at most 400 for any source",
        arguments: [(60, 1920, 1080, 160, 90, 125), (60, 1080, 1920, 90, 160, 125), (7200, 1920, 1080, 160, 90, 450)]
            as [(Double, Int, Int, Int, Int, Int)])
    func thumbnails(duration: Double, width: Int, height: Int, small: Int, tall: Int, every: Int) throws {
        let plan = try ladder(source(Rational(25), width, height, duration: duration))
        #expect(plan.thumbnails?.size == PixelSize(small, tall))
        #expect(plan.thumbnails?.everyFrames == every)
        let without = try ladder(source(Rational(25))) { $0.wantsThumbnails = false }
        #expect(without.thumbnails == nil)
    }

    @Test("A source of audio alone is a ladder, one of neither is not")
    func kinds() throws {
        let plan = try ladder(media(audio(0)))
        #expect(plan.video == nil)
        #expect(plan.thumbnails == nil)
        #expect(plan.audio.count == 1)
        #expect(try ladder(media(picture())).audio.isEmpty)
        let neither = refusedLadder(media(text(0))) { _ in }
        #expect(neither == .badMedia)
    }
}
