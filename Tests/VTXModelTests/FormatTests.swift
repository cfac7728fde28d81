import Testing
import VTXModel

@Suite("Formats")
struct FormatTests {
    @Test(
        "An extension names a container, in any case",
        arguments: [
            ("mp4", Container.mp4), ("MKV", .mkv), ("oga", .ogg), ("m4a", .m4a), ("xyz", nil), ("mka", nil),
            ("", nil),
        ] as [(String, Container?)])
    func extensions(name: String, expected: Container?) {
        #expect(Container(fileExtension: name) == expected)
    }

    @Test("Every container takes audio, and video unless it is for audio only", arguments: Container.allCases)
    func codecs(container: Container) {
        #expect(!container.audioCodecs.isEmpty)
        #expect(container.videoCodecs.isEmpty == container.isAudioOnly)
    }

    @Test(
        "Exit statuses are those of the documentation",
        arguments: [
            (VTXError.Kind.someFailed, 1), (.usage, 64), (.badMedia, 65), (.noInput, 66), (.unavailable, 69),
            (.cannotCreate, 73), (.inputOutput, 74), (.interrupted, 130), (.terminated, 143),
        ] as [(VTXError.Kind, Int32)])
    func statuses(kind: VTXError.Kind, expected: Int32) {
        #expect(kind.exitStatus == expected)
    }
}
