// Tracks that are announced and not there, that are no videos, or that nobody can read.

import Testing
import VTXModel
@testable import VTXPlanning

extension StreamDescription {
    fileprivate func with(frames: Int64? = nil, encryption: String? = nil) -> StreamDescription {
        var stream = self
        stream.frameCount = frames
        stream.encryption = encryption
        return stream
    }
}

@Suite("Unusual tracks")
struct UnusualTrackTests {
    private func codes(_ source: MediaDescription) -> [String] { sourceWarnings(source).map(\.code) }

    private func package(_ source: MediaDescription) throws -> PackagePlan {
        try planPackage(of: [source], options: PackageOptions(output: "out"), capabilities: everything)
    }

    private func ladder(_ source: MediaDescription) throws -> LadderPlan {
        try planLadder(of: source, options: LadderOptions(output: "out"), capabilities: everything)
    }

    // MARK: Empty tracks

    @Test("A track without samples is dropped and reported", arguments: [false, true])
    func emptyAudio(copies: Bool) throws {
        let source = media(picture().with(frames: 250), audio().with(frames: 0))
        #expect(codes(source) == ["empty_track"])
        let made = try plan(source) {
            if copies { ($0.video, $0.audioCodec) = (.copy, .copy) }
        }
        #expect(made.audio.isEmpty)
        #expect(made.says("audio 1: dropped"))
        #expect(try ladder(source).audio.isEmpty)
        let packaged = try package(source)
        #expect(packaged.audio.isEmpty)
        #expect(packaged.decisions.contains { $0.text.reason.description == "the track has no samples" })
    }

    @Test("Asked for, it is refused; the tracks beside it are kept")
    func askedFor() throws {
        let source = media(picture().with(frames: 250), audio(1).with(frames: 0), audio(2).with(frames: 400))
        #expect(try plan(source).audio.map(\.stream) == [2])
        #expect(try plan(source, to: "out.m4a").audio.map(\.stream) == [2])
        let error = refusal(source) { $0.audioTracks = .some([.position(1)]) }
        #expect(error.kind == .badMedia)
        #expect(error.message.description.contains("no samples"))
    }

    @Test("An empty video leaves the audio")
    func emptyVideo() throws {
        let made = try plan(media(picture().with(frames: 0), audio()))
        #expect(made.video == nil)
        #expect(made.says("video: dropped stream #0"))
    }

    // MARK: Stills beside a video

    @Test(
        "The track that is a video is chosen, whatever its size",
        arguments: [
            (53, 2, 0), (2, 53, 1), (53, 53, 1), (53, 6, 1), (nil, nil, 1), (53, 1, 0),
        ] as [(Int64?, Int64?, Int)])
    func motionPhoto(first: Int64?, second: Int64?, chosen: Int) throws {
        let source = media(
            picture(0, 1440, 1080, disposition: ["default"]).with(frames: first),
            picture(1, 2048, 1536, disposition: ["default"]).with(frames: second))
        #expect(try plan(source).video?.stream == chosen)
        #expect(try ladder(source).video?.stream == chosen)
        #expect(try package(source).video.map(\.stream) == [chosen])
    }

    // MARK: Encryption

    @Test("Encrypted tracks are refused, by all commands and also for copies")
    func encrypted() throws {
        let source = media(picture().with(encryption: "CENC"), audio())
        #expect(codes(source) == ["encrypted"])
        for error in [
            refusal(source), refusal(source) { ($0.video, $0.audioCodec) = (.copy, .copy) },
            #expect(throws: VTXError.self) { try package(source) },
            #expect(throws: VTXError.self) { try ladder(source) },
        ] {
            #expect(error?.kind == .badMedia)
            #expect(error?.message.description.contains("encrypted (CENC)") == true)
        }
        #expect(try plan(source, to: "out.m4a").audio.count == 1)
        #expect(refusal(media(picture(), audio().with(encryption: "CENC"))).kind == .badMedia)
    }

    // MARK: Cover art

    @Test(
        "Cover art without an image is dropped and reported", arguments: ["out.m4a", "out.mp3", "out.flac", "out.mkv"])
    func cover(output: String) throws {
        let source = media(audio(0), picture(1, codec: "mjpeg", 0, 0, disposition: ["attached_pic"]))
        let made = try plan(source, to: output)
        #expect(made.attachments.isEmpty)
        #expect(made.says("cover art: dropped"))
    }

    // MARK: Dolby Vision

    private func dolbyVision(profile: Int, compatibility: Int, codec: String = "hevc") -> MediaDescription {
        media(
            picture(codec: codec) {
                $0.hdr = HDRDescription(
                    format: .dolbyVision, dolbyVisionProfile: profile, dolbyVisionCompatibility: compatibility)
            })
    }

    @Test("Copies keep the configuration of Dolby Vision, or its loss is reported")
    func dolbyVisionCopy() throws {
        let source = dolbyVision(profile: 8, compatibility: 1)
        #expect(try plan(source) { $0.video = .copy }.muxerOptions["strict"] == "unofficial")
        #expect(try plan(media(picture())) { $0.video = .copy }.muxerOptions["strict"] == nil)
        for output in ["out.mp4", "out.mov", "out.mkv"] {
            #expect(try !plan(source, to: output) { $0.video = .copy }.says("Dolby Vision"))
        }
        let webm = try plan(dolbyVision(profile: 10, compatibility: 1, codec: "av1"), to: "out.webm") {
            $0.video = .copy
        }
        #expect(webm.says("left out the configuration of Dolby Vision"))
    }

    @Test("Packages of Dolby Vision without a base layer for other decoders are refused")
    func dolbyVisionPackage() throws {
        let error = #expect(throws: VTXError.self) { try package(dolbyVision(profile: 5, compatibility: 0)) }
        #expect(error?.kind == .unavailable)
        #expect(error?.message.description.contains("profile 5") == true)
        let unnamed = #expect(throws: VTXError.self) {
            try package(dolbyVision(profile: 10, compatibility: 0, codec: "av1"))
        }
        #expect(unnamed?.message.description.contains("profile 10") == true)
    }

    @Test(
        "Packages say of what range the base layer is, and which profiles they do not name",
        arguments: [
            (8, 1, "smpte2084", false), (8, 4, "arib-std-b67", false), (8, 2, nil, false), (7, 6, "smpte2084", true),
        ]
            as [(Int, Int, String?, Bool)])
    func dolbyVisionBase(profile: Int, compatibility: Int, transfer: String?, isReported: Bool) throws {
        let made = try package(dolbyVision(profile: profile, compatibility: compatibility))
        let plain = try package(media(picture(codec: "hevc")))
        #expect(made.video.first?.color.transfer == transfer ?? plain.video.first?.color.transfer)
        #expect(made.decisions.contains { $0.text.reason.description.contains("Dolby Vision") } == isReported)
    }

    @Test("Transport streams leave it out, which is reported")
    func dolbyVisionTransport() throws {
        var options = PackageOptions(output: "out")
        options.segments = .ts
        let made = try planPackage(
            of: [dolbyVision(profile: 9, compatibility: 2, codec: "h264")], options: options, capabilities: everything)
        #expect(made.decisions.contains { $0.text.reason.description.contains("no place for it in transport streams") })
    }

    // MARK: Shapes

    @Test(
        "Pixels become square with one rounding; half a percent is left alone",
        arguments: [
            (720, 480, Rational(10, 11), 654), (720, 480, Rational(40, 33), 872), (720, 576, Rational(59, 54), 786),
            (720, 576, Rational(16, 15), 768), (720, 480, Rational(8, 9), 640), (1440, 1080, Rational(4, 3), 1920),
            (720, 480, Rational(676, 675), 720), (720, 576, Rational(1001, 1000), 720),
            (720, 576, Rational(101, 100), 728),
        ])
    func squarePixels(width: Int, height: Int, shape: Rational, expected: Int) throws {
        let source = media(picture(0, width, height) { $0.sampleAspectRatio = shape })
        let encode = try #require(try plan(source).video?.encode)
        #expect(encode.size == PixelSize(expected, height))
        #expect(encode.filters.contains("setsar=1"))
        #expect(try ladder(source).video?.rungs.first?.encode.size == PixelSize(expected, height))
    }

    @Test("A rotated rendition is reported")
    func rotated() throws {
        let made = try package(media(picture { $0.orientation = Orientation(quarterTurns: 1) }))
        #expect(made.decisions.contains { $0.text.reason.description.contains("rotated by metadata") })
    }

    @Test(
        "Rungs stay within level 5.2, which is reported",
        arguments: [
            (9000, 1080, 25, nil, 1042), (5120, 2880, 25, "2880p,720p", 2304), (4096, 2304, 60, "2304p,720p", 2224),
            (3840, 2160, 60, "2160p,720p", nil), (4096, 2304, 25, "2304p,720p", nil), (7680, 4320, 25, nil, nil),
        ] as [(Int, Int, Int64, String?, Int?)])
    func levels(width: Int, height: Int, rate: Int64, rungs: String?, limited: Int?) throws {
        let source = media(
            picture(0, width, height) {
                $0.averageFrameRate = Rational(rate)
                $0.nominalFrameRate = Rational(rate)
            })
        var options = LadderOptions(output: "out")
        options.rungs = try rungs.map { try RungRequest.list(parsing: $0) }
        let made = try planLadder(of: source, options: options, capabilities: everything)
        let isReported = made.decisions.contains { $0.text.reason.description.contains("level 5.2") }
        #expect(isReported == (limited != nil))
        let top = try #require(made.video?.rungs.first?.encode.size)
        let (columns, rows) = ((top.width + 15) / 16, (top.height + 15) / 16)
        #expect(columns * rows <= 36_864 && columns * rows * Int(rate) <= 2_073_600)
        #expect(limited == nil || top.shortSide <= limited!)
        #expect(limited == nil || top.shortSide > limited! * 9 / 10)
    }
}
