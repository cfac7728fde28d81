// Decoding, filtering, encoding and writing: through every wrapper once and back.

import Foundation
import Testing
import VTXModel

@testable import LibAV

@Suite("coding", .timeLimit(.minutes(60)))
struct CodingTests {
    private func plan(
        _ size: PixelSize, codec: VideoCodec = .h264, options: [String: String] = ["preset": "ultrafast"]
    ) -> VideoEncodePlan {
        VideoEncodePlan(
            codec: codec, encoder: codec.encoder, size: size, pixelFormat: "yuv420p", frameRate: Rational(25),
            isConstantRate: true,
            timeBase: Rational(1, 12800), expected: FrameShape(size: size, pixelFormat: "yuv420p"),
            rate: codec == .mpeg4 ? .quantizer(5) : .constantQuality(crf: 30), options: options)
    }

    private func temporary(_ name: String) -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("vtx-\(UUID().uuidString)-\(name)").path
    }

    @Test(
        "A decoder gives every frame, in order of presentation",
        arguments: [
            ("silent.mp4", 50), ("late_start.ts", 50), ("odd.webm", 25), ("hdr.mp4", 24),
            ("interlaced.mpg", 50),
        ], [1, 2])
    func decoding(source: (name: String, frames: Int), threads: Int) throws {
        let demuxer = try Demuxer(opening: fixture(source.name))
        let decoder = try Decoder(for: demuxer.parameters(of: 0), threads: threads)
        var times: [Int64] = []
        while let packet = try demuxer.read() {
            if packet.stream == 0 { try decoder.decode(packet) { times.append($0.time ?? -1) } }
        }
        try decoder.drain { times.append($0.time ?? -1) }
        #expect(times.count == source.frames)
        #expect(times == times.sorted() && Set(times).count == times.count)
        #expect(decoder.frames == source.frames && decoder.failures == 0)
    }

    @Test("Damaged data is counted and does not throw")
    func damaged() throws {
        let demuxer = try Demuxer(opening: fixture("truncated.mp4"))
        let decoder = try Decoder(for: demuxer.parameters(of: 0))
        var frames = 0
        while let packet = try? demuxer.read() {
            if packet.stream == 0 { try decoder.decode(packet) { _ in frames += 1 } }
        }
        try decoder.drain { _ in frames += 1 }
        #expect(frames > 5 && frames < 75)
    }

    @Test("A codec nobody knows has no decoder")
    func unknownCodec() throws {
        let demuxer = try Demuxer(opening: fixture("unknown_codec.mp4"))
        #expect(throws: AVFailure.self) { try Decoder(for: demuxer.parameters(of: 0)) }
    }

    @Test(
        "Frames survive encoding, writing and reading again",
        arguments: [("matroska", "mkv"), ("mp4", "mp4"), ("mov", "mov")])
    func roundTrip(format: String, name: String) throws {
        let path = temporary("out.\(name)")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let demuxer = try Demuxer(opening: fixture("silent.mp4"))
        let decoder = try Decoder(for: demuxer.parameters(of: 0))
        let encoder = try Encoder(
            video: plan(PixelSize(160, 120)), needsGlobalHeader: Muxer.needsGlobalHeader(format: format))
        let muxer = try Muxer(creating: path, format: format)
        let stream = try muxer.addStream(
            encoder.parameters, timeBase: encoder.timeBase,
            label: TrackLabel(language: "eng", disposition: ["default"]))
        try muxer.writeHeader(
            metadata: ["title": "Round trip"],
            chapters: [Chapter(start: .zero, end: MediaTime(seconds: 1), title: "One")], options: [:])
        func write(_ packet: consuming Packet) throws {
            try muxer.write(packet, stream: stream, base: encoder.timeBase)
        }
        func encode(_ frame: consuming Frame) throws {
            frame.time = frame.time.map { rescale($0, from: decoder.timeBase, to: encoder.timeBase) }
            frame.clearFrameType()
            try encoder.encode(frame, emit: write)
        }
        while let packet = try demuxer.read() { try decoder.decode(packet, emit: encode) }
        try decoder.drain(emit: encode)
        try encoder.drain(emit: write)
        try muxer.finish()

        #expect(encoder.frames == 50)
        let again = try Demuxer(opening: path)
        let media = again.describe()
        #expect(media.metadata["title"] ?? media.metadata["TITLE"] == "Round trip")
        #expect(media.chapters.map(\.title) == ["One"])
        #expect(media.streams[0].codec == "h264" && media.streams[0].video?.size == PixelSize(160, 120))
        #expect(media.streams[0].isDefault)
        #expect(media.streams[0].language == "eng")
        var times: [Double] = []
        let second = try Decoder(for: again.parameters(of: 0))
        func note(_ frame: consuming Frame) {
            times.append(MediaTime(frame.time ?? -1, second.timeBase).seconds)
        }
        while let packet = try again.read() {
            if packet.stream == 0 { try second.decode(packet, emit: note) }
        }
        try second.drain(emit: note)
        #expect(times.count == 50)
        for (index, time) in times.enumerated() { #expect(abs(time - Double(index) / 25) < 0.001) }
    }

    @Test(
        "An option the encoder does not know is a usage error that names it",
        arguments: ["nonsense", "presett"])
    func unknownOption(key: String) {
        let error = #expect(throws: VTXError.self) {
            try Encoder(video: plan(PixelSize(160, 120), options: [key: "1"]), needsGlobalHeader: false)
        }
        #expect(error?.kind == .usage)
        #expect(error?.message.contains(key) == true)
    }

    @Test(
        "A value the encoder does not take is a usage error",
        arguments: [["preset": "warp"], ["profile": "sideways"]])
    func badValue(options: [String: String]) {
        let error = #expect(throws: VTXError.self) {
            try Encoder(video: plan(PixelSize(160, 120), options: options), needsGlobalHeader: false)
        }
        #expect(error?.kind == .usage)
    }

    @Test("An encoder this build has not got is unavailable")
    func missingEncoder() {
        var plan = plan(PixelSize(160, 120))
        plan.encoder = "libnonsense"
        let error = #expect(throws: VTXError.self) { try Encoder(video: plan, needsGlobalHeader: false) }
        #expect(error?.kind == .unavailable)
    }

    @Test(
        "Audio encoders say how many samples they take",
        arguments: [
            (AudioCodec.aac, "fltp", 1024), (.opus, "flt", 960), (.mp3, "fltp", 1152), (.ac3, "fltp", 1536),
            (.pcm, "s16", 0),
        ])
    func frameSizes(codec: AudioCodec, format: String, size: Int) throws {
        let encoder = try Encoder(
            audio: AudioEncodePlan(
                codec: codec, encoder: codec.encoder, sampleRate: 48000, layout: "stereo",
                sampleFormat: format,
                bitRate: codec.isLossless ? nil : 128_000), needsGlobalHeader: false)
        #expect(encoder.frameSize == size)
        #expect(encoder.timeBase == Rational(1, 48000))
    }

    @Test(
        "A file that cannot be created is a failure with its errno")
    func cannotCreate() {
        let failure = #expect(throws: AVFailure.self) {
            try Muxer(creating: "/nonexistent/folder/out.mkv", format: "matroska")
        }
        #expect(failure?.errno == 2)
        #expect(failure?.writing("x").kind == .cannotCreate)
    }

    @Test(
        "Errno decides whose fault it is",
        arguments: [
            (28, VTXError.Kind.inputOutput), (5, .inputOutput), (13, .cannotCreate), (30, .cannotCreate),
            (21, .cannotCreate), (17, .cannotCreate), (22, .unavailable),
        ] as [(Int32, VTXError.Kind)])
    func writing(number: Int32, kind: VTXError.Kind) {
        #expect(AVFailure(operation: "write", errno: number).writing("x").kind == kind)
    }

    @Test(
        "Errno of reading, likewise",
        arguments: [(2, VTXError.Kind.noInput), (13, .noInput), (5, .inputOutput), (22, .badMedia)]
            as [(Int32, VTXError.Kind)])
    func readingErrors(number: Int32, kind: VTXError.Kind) {
        #expect(AVFailure(operation: "read", errno: number).reading("x").kind == kind)
    }

    @Test("Decoding times that do not rise are moved and counted")
    func repaired() throws {
        let path = temporary("out.mkv")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let demuxer = try Demuxer(opening: fixture("mono8k.wav"))
        let muxer = try Muxer(creating: path, format: "matroska")
        let parameters = try demuxer.parameters(of: 0)
        let stream = try muxer.addStream(parameters, timeBase: parameters.timeBase, label: TrackLabel())
        try muxer.writeHeader(metadata: [:], chapters: [], options: [:])
        var count = 0
        while let packet = try demuxer.read() {
            packet.presentation = 0
            packet.decoding = 0
            try muxer.write(packet, stream: stream, base: parameters.timeBase)
            count += 1
        }
        try muxer.finish()
        #expect(count > 1 && muxer.repairedTimes == count - 1)
    }
}

@Suite("filters", .timeLimit(.minutes(60)))
struct FilterTests {
    /// The first frame of a fixture's stream.
    private func withFirstFrame(
        _ name: String, stream: Int = 0, _ body: (consuming Frame, Rational) throws -> Void
    ) throws {
        let demuxer = try Demuxer(opening: fixture(name))
        let decoder = try Decoder(for: demuxer.parameters(of: stream))
        var isDone = false
        while !isDone, let packet = try demuxer.read() {
            guard packet.stream == stream else { continue }
            try decoder.decode(packet) { frame in
                if !isDone {
                    isDone = true
                    try body(frame, decoder.timeBase)
                }
            }
        }
        if !isDone {
            try decoder.drain { frame in
                if !isDone {
                    isDone = true
                    try body(frame, decoder.timeBase)
                }
            }
        }
        #expect(isDone)
    }

    @Test(
        "A chain changes what it says",
        arguments: [
            (["scale=80:60"], PixelSize(80, 60), "yuv420p"),
            (["transpose=clock", "format=gray"], PixelSize(120, 160), "gray"),
            ([], PixelSize(160, 120), "yuv420p"),
        ])
    func chain(filters: [String], size: PixelSize, format: String) throws {
        try withFirstFrame("silent.mp4") { frame, base in
            let graph = try FilterGraph(
                video: frame, timeBase: base, frameRate: nil, chain: filters, threads: 1)
            var shapes: [FrameShape] = []
            try graph.push(frame) { shapes.append($0.shape) }
            try graph.drain { shapes.append($0.shape) }
            #expect(shapes == [FrameShape(size: size, pixelFormat: format)])
        }
    }

    @Test(
        "A filter that is not there, or is told nonsense, is a failure",
        arguments: ["nonsense", "scale=w=abc", "crop=9999:9999", "scale=80:60,"])
    func bad(filter: String) throws {
        try withFirstFrame("silent.mp4") { frame, base in
            #expect(throws: AVFailure.self) {
                try FilterGraph(video: frame, timeBase: base, frameRate: nil, chain: [filter], threads: 1)
            }
        }
    }

    @Test("Audio comes out in the frame size that was asked for")
    func frameSize() throws {
        try withFirstFrame("surround71.flac") { frame, base in
            let samples = frame.samples
            let graph = try FilterGraph(
                audio: frame, timeBase: base,
                chain: ["aformat=sample_fmts=fltp:channel_layouts=stereo:sample_rates=48000"], frameSize: 960)
            var sizes: [Int] = []
            try graph.push(frame) { sizes.append($0.samples) }
            try graph.drain { sizes.append($0.samples) }
            #expect(sizes.reduce(0, +) == samples)
            #expect(sizes.dropLast().allSatisfy { $0 == 960 })
        }
    }

    @Test("A transparent picture laid over another changes nothing")
    func overlay() throws {
        try withFirstFrame("silent.mp4") { frame, base in
            let size = PixelSize(320, 240)  // another size than the picture's: it is scaled
            let graph = try FilterGraph(
                video: frame, timeBase: base, frameRate: nil, chain: ["format=yuv420p"], threads: 1,
                overlaySize: size)
            let over = try Frame(blank: size)
            over.clearPicture()
            over.time = frame.time
            var count = 0
            try graph.pushOverlay(over)
            try graph.push(frame) { shown in
                count += 1
                let shape = shown.shape
                #expect(shape == FrameShape(size: PixelSize(160, 120), pixelFormat: "yuv420p"))
            }
            try graph.drain { _ in count += 1 }
            #expect(count == 1)
        }
    }

    @Test("Interlacing can be read off a frame")
    func flags() throws {
        // A value of its own: what cannot be copied cannot stand in a macro.
        func flags(_ name: String) throws -> [Bool] {
            var found: [Bool] = []
            try withFirstFrame(name) { frame, _ in found = [frame.isInterlaced, frame.isTopFieldFirst] }
            return found
        }
        #expect(try flags("interlaced.mpg") == [true, true])
        #expect(try flags("silent.mp4").first == false)
    }
}

@Suite("subtitle conversion", .timeLimit(.minutes(60)))
struct SubtitleConversionTests {
    @Test("Text goes into every text codec with its times", arguments: SubtitleCodec.allCases)
    func convert(codec: SubtitleCodec) throws {
        let demuxer = try Demuxer(opening: fixture("subtitles.srt"))
        let converter = try SubtitleConverter(from: demuxer.parameters(of: 0), to: codec)
        var times: [[Int64]] = []
        while let packet = try demuxer.read() {
            try converter.convert(packet) { times.append([$0.presentation ?? -1, $0.duration]) }
        }
        #expect(times == [[500, 750], [1500, 1000]])
        #expect(converter.counts.read == 2 && converter.counts.unreadable == 0)
        #expect(converter.parameters.codec == codec.rawValue)
    }

    @Test("Bitmaps are painted where and when they are shown")
    func paint() throws {
        let demuxer = try Demuxer(opening: fixture("bitmap_subtitle.mkv"))
        let painter = try SubtitlePainter(for: demuxer.parameters(of: 1), videoSize: PixelSize(160, 120))
        #expect(painter.size == PixelSize(160, 120))
        var starts: [Double] = []
        while let packet = try demuxer.read() {
            if packet.stream == 1, let canvas = try painter.paint(packet) {
                starts.append(canvas.start.seconds)
            }
        }
        #expect(starts.count == 2)
        #expect(zip(starts, [0.5, 1.5]).allSatisfy { abs($0 - $1) < 0.002 }, "\(starts)")
    }
}
