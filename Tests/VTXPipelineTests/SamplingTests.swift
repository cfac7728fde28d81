// What is known without another opening or a decoded frame is the same as with one.

import LibAV
import Testing
import VTXModel

@testable import VTXPipeline

@Suite("sampling", .timeLimit(.minutes(60)))
struct SamplingTests {
    @Test(
        "The shape that the look at the first packets tells is that of a decoded frame",
        arguments: [
            ("clip.mkv", true), ("rotated.mp4", true), ("vfr.mp4", true), ("fragmented.mp4", true), ("hdr.mp4", true),
            ("hlg.mkv", false), ("odd.webm", false),
            ("mjpeg.avi", false),
        ])
    func shape(name: String, isTold: Bool) throws {
        let demuxer = try Demuxer(opening: fixture(name))
        let video = try #require(demuxer.describe().streams.first { $0.kind == .video })
        let told = demuxer.streamShape(of: video.index)
        #expect((told != nil) == isTold)
        guard let told else { return }
        let decoded = try #require(sampleFrame(path: fixture(name), stream: video.index))
        #expect(told.size == decoded.size)
        #expect(told.sampleAspectRatio == decoded.sampleAspectRatio)
    }

    @Test(
        "Timestamps are the same by the demuxer that described the file",
        arguments: [
            "clip.mkv", "vfr.mp4", "late_start.ts", "fragmented.mp4", "odd.webm", "interlaced.mpg", "mjpeg.avi",
        ])
    func timing(name: String) throws {
        let demuxer = try Demuxer(opening: fixture(name))
        let file = demuxer.describe()
        let video = try #require(file.streams.first { $0.kind == .video })
        let own = sampleFrameTiming(of: video, in: file, packets: PacketSampler())
        #expect(own != nil)
        #expect(sampleFrameTiming(of: video, in: file, packets: PacketSampler(), reader: demuxer) == own)
    }
}
