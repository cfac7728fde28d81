// Sources with several programs: which one is used, and what is seen of it.

import Testing
import VTXModel
@testable import VTXPlanning

@Suite("Programs")
struct ProgramTests {
    /// A stream that begins at `start` and lasts ten seconds.
    private func stream(_ index: Int, _ kind: StreamDescription.Kind, at start: Int64) -> StreamDescription {
        var stream =
            kind == .video
            ? picture() : kind == .audio ? audio(index) : StreamDescription(index: 0, kind: .data, codec: "klv")
        stream.index = index
        stream.start = MediaTime(start, Rational(1))
        stream.duration = MediaTime(10, Rational(1))
        return stream
    }

    /// Audio only (1), then two with video (2 and 3), which share a data track, and one of data alone (4).
    private var source: MediaDescription {
        var source = media(
            stream(0, .audio, at: 5), stream(1, .video, at: 1000), stream(2, .audio, at: 999),
            stream(3, .video, at: 60_000), stream(4, .audio, at: 60_001), stream(5, .data, at: 0))
        source.programs = [
            ProgramDescription(number: 1, streams: [0]),
            ProgramDescription(number: 2, name: "News", streams: [1, 2, 5]),
            ProgramDescription(number: 3, streams: [3, 4, 5]), ProgramDescription(number: 4, streams: [5]),
        ]
        return source
    }

    private func choose(_ choice: ProgramChoice) throws -> Int? {
        try chooseProgram(choice, among: source.programs ?? [], streams: source.streams, of: "a.ts")?.number
    }

    @Test("The first program with video is used, or the one that is asked for or has the video asked for")
    func choice() throws {
        #expect(try choose(ProgramChoice()) == 2)
        #expect(try choose(ProgramChoice(number: 1)) == 1)
        #expect(try choose(ProgramChoice(number: 3)) == 3)
        #expect(try choose(ProgramChoice(videoStream: 3)) == 3)
        #expect(sourceWarnings(source).first { $0.code == "several_programs" }?.message.contains("2 (News)") == true)
    }

    @Test("Video without a size, which is missing or scrambled, does not count; without any, audio does")
    func missing() throws {
        var source = source
        source.streams[1].video?.size = PixelSize(0, 0)
        #expect(source.usualProgram?.number == 3)
        source.streams[3].video?.size = PixelSize(0, 0)
        #expect(source.usualProgram?.number == 1)
    }

    @Test("Unknown numbers and programs of data are refused with a list", arguments: [7, 4])
    func refused(number: Int) {
        let error = #expect(throws: VTXError.self) { try choose(ProgramChoice(number: number)) }
        #expect(error?.kind == .usage)
        #expect(error?.remedy?.message.description.contains("1, 2 (News), 3") == true)
    }

    @Test("A file without programs has none to choose; one with a single program has it")
    func single() throws {
        let streams = media(stream(0, .video, at: 1)).streams
        let one = [ProgramDescription(number: 1, streams: [0])]
        #expect(try chooseProgram(ProgramChoice(number: 1), among: one, streams: streams, of: "a.ts") == nil)
        #expect(throws: VTXError.self) {
            try chooseProgram(ProgramChoice(number: 1), among: [], streams: streams, of: "a.mp4")
        }
    }

    @Test("Start, duration and tracks are those of the program")
    func restricted() throws {
        let chosen = source.choosing(ProgramDescription(number: 3, streams: [3, 4, 5]))
        #expect(chosen.start?.seconds == 60_000)
        #expect(chosen.duration?.seconds == 11)
        let made = try plan(chosen)
        #expect(made.video?.stream == 3)
        #expect(made.audio.map(\.stream) == [4])
        #expect(made.origin.seconds == 60_000)
        #expect(made.says("program 3 is used"))
        let first = try plan(chosen) { $0.audioTracks = .some([.position(1)]) }
        #expect(first.audio.map(\.stream) == [4])
    }

    @Test("Ladders and packages take the same tracks")
    func packages() throws {
        let chosen = source.choosing(source.programs![1])
        let ladder = try planLadder(of: chosen, options: LadderOptions(output: "out"), capabilities: everything)
        #expect(ladder.video?.stream == 1)
        #expect(ladder.audio.map(\.track.stream) == [2])
        let package = try planPackage(
            of: [chosen], options: PackageOptions(output: "out"), capabilities: everything)
        #expect(package.video.map(\.stream) == [1])
        #expect(package.audio.map(\.stream) == [2])
        #expect(package.inputs[0].origin.seconds == 999)
    }
}
