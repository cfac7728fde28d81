// What a batch keeps of the events of its workers.

import Testing
import VTXKit
import VTXModel

@testable import VTXBatch

@Suite("answers of workers")
struct WorkerAnswerTests {
    private func video(_ index: Int, _ size: PixelSize, disposition: [String] = []) -> StreamDescription {
        StreamDescription(
            index: index, kind: .video, codec: "codec\(index)", disposition: disposition,
            video: VideoDescription(
                codedSize: size, pixelFormat: "yuv420p10le", bitDepth: 10, averageFrameRate: Rational(30000, 1001)))
    }

    private func audio(_ index: Int) -> StreamDescription {
        StreamDescription(index: index, kind: .audio, codec: "aac")
    }

    @Test("Of a description, its largest video and the number of its audio tracks are kept, covers aside")
    func media() {
        let media = MediaDescription(
            path: "a.mkv", format: "matroska", formatLongName: "Matroska", duration: MediaTime(1, Rational(1, 3)),
            streams: [
                audio(0), video(1, PixelSize(640, 360)), video(2, PixelSize(1280, 720)),
                video(3, PixelSize(3000, 3000), disposition: ["attached_pic"]), audio(4),
            ])
        let facts = MediaFacts(media)
        #expect(
            facts
                == MediaFacts(
                    format: "matroska", duration: 0.333333, width: 1280, height: 720,
                    frameRate: Rational(30000, 1001).value, bitDepth: 10, videoCodec: "codec2", audioTracks: 2))
        let bare = MediaDescription(path: "a.aac", format: "aac", formatLongName: "AAC", streams: [audio(0)])
        #expect(MediaFacts(bare) == MediaFacts(format: "aac", audioTracks: 1))
    }

    @Test("Errors, reports and progress keep what the journal and the display need")
    func events() {
        let error = VTXError(.badMedia, "a.mp4 is bad", cause: "it ends early", remedy: "get a whole copy")
        #expect(
            TaskAnswer(.error(WorkerFailure(error, path: "a.mp4") { $0.description }))
                == .failure(BatchFailure(.badMedia, "a.mp4 is bad", cause: "it ends early", hint: "get a whole copy")))
        func progress(_ phase: JobProgress.Phase) -> TaskAnswer {
            TaskAnswer(
                .progress(
                    JobProgress(
                        phase: phase, position: MediaTime(seconds: 1), expected: MediaTime(seconds: 4), frames: 1,
                        bytes: 1, elapsed: 0.5)))
        }
        #expect(progress(.encode) == .progress(fraction: 0.25, speed: 2))
        // Nothing is written in these.
        #expect(progress(.firstPass) == .progress(fraction: nil, speed: 2))
        #expect(progress(.loudness) == .progress(fraction: nil, speed: 2))
        #expect(TaskAnswer(.header(WorkerHeader(command: "probe"))) == .other)
        #expect(TaskAnswer(nil) == .other)
    }
}
