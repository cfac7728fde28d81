import Testing
import VTXModel
import VTXPlanning

struct Trap: Sendable {
    let code: String
    let change: @Sendable (inout VideoDescription) -> Void

    init(_ code: String, _ change: @escaping @Sendable (inout VideoDescription) -> Void) {
        self.code = code
        self.change = change
    }
}

@Suite("Warnings about a source")
struct WarningTests {
    func codes(_ source: MediaDescription) -> Set<String> { Set(sourceWarnings(source).map(\.code)) }

    @Test("A plain source has none")
    func none() {
        #expect(sourceWarnings(media(picture(), audio())).isEmpty)
    }

    @Test(
        "Each trap has its word",
        arguments: [
            Trap("variable_frame_rate", { $0.averageFrameRate = Rational(20) }),
            Trap("interlaced", { $0.fieldOrder = .topFirst }),
            Trap("rotated", { $0.orientation = Orientation(quarterTurns: 1) }),
            Trap("mirrored", { $0.orientation = Orientation(isMirrored: true) }),
            Trap("anamorphic", { $0.sampleAspectRatio = Rational(4, 3) }),
            Trap("odd_matrix", { $0.hasOddMatrix = true }),
            Trap("hdr", { $0.color.transfer = "smpte2084" }),
            Trap("dolby_vision", { $0.hdr = HDRDescription(format: .dolbyVision) }),
            Trap("ten_bit", { $0.bitDepth = 10 }), Trap("odd_size", { $0.size = PixelSize(161, 120) }),
            Trap("no_size", { $0.size = PixelSize(0, 0) }),
            Trap("full_range", { $0.pixelFormat = "yuvj420p" }),
            Trap("unusual_sampling", { $0.sampling = "4:4:4" }),
        ])
    func pictures(trap: Trap) {
        #expect(codes(media(picture(change: trap.change))) == [trap.code])
    }

    @Test("Rates in edit lists are told by probe and in plans")
    func editRates() throws {
        var video = picture()
        video.editRates = [Rational(0), Rational(5, 2)]
        let source = media(video, audio())
        #expect(sourceWarnings(source).map(\.code) == ["edit_rate"])
        #expect(sourceWarnings(source).first?.message.contains("(0, 2.5)") == true)
        let made = try plan(source)
        #expect(made.decisions.contains { $0.description.contains("other rates in edit lists (0, 2.5)") })
        // Each text once, and only 0 holds a frame.
        let rates = [Rational(16370, 10000), Rational(16371, 10000), Rational(1, 65536), Rational(0)]
        #expect(editRateText([Rational(65562, 65536), Rational(65537, 65536), Rational(2)]) == "1.0004, 1.00002, 2")
        #expect(editRateText(rates) == "1.637, \(1.0 / 65536), 0")
    }

    @Test("Files and streams have theirs")
    func files() {
        #expect(codes(media(picture(), duration: nil)) == ["no_duration"])
        #expect(codes(media(picture(), audio(start: 1))) == ["late_start"])
        #expect(codes(media(picture(start: 1.4), start: 1.4)) == ["nonzero_start"])
        #expect(
            codes(media(audio(0), picture(1, codec: "png", disposition: ["attached_pic"]))) == ["cover_art"])
        #expect(codes(media(audio(0, isDecodable: false))) == ["undecodable_codec"])
        #expect(codes(media(audio(0, layout: "6 channels", channels: 6))) == ["unknown_layout"])
    }

    @Test(
        "A file that ends before its header says is truncated, with half a second or a percent to spare",
        arguments: [
            (10, 9.6, false), (10, 9.4, true), (1000, 991, false), (1000, 989, true),
        ] as [(Double, Double, Bool)])
    func truncation(duration: Double, end: Double, isTruncated: Bool) {
        var source = media(picture(duration: nil), duration: duration)
        source.scan = PacketScan(end: seconds(end), streams: [.init(index: 0, packets: 100)])
        #expect(codes(source).contains("truncated") == isTruncated)
    }

    @Test("Bytes beyond the end, damaged packets and read errors are told")
    func damage() {
        var source = media(picture())
        source.missingBytes = 100
        source.scan = PacketScan(
            end: seconds(10), streams: [.init(index: 0, packets: 100, corruptPackets: 3)], error: "I/O error")
        #expect(codes(source) == ["truncated", "corrupt_packets", "read_error"])
    }
}
