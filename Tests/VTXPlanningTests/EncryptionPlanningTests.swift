import Testing
import VTXModel

@testable import VTXPlanning

@Suite("encryption planning")
struct EncryptionPlanningTests {
    private func plan(
        _ scheme: EncryptionPlan.Scheme = .aes128, output: String = "out", segments: SegmentType = .fmp4,
        codecs: [VideoCodec] = [.h264], _ change: (inout EncryptionOptions) -> Void = { _ in }
    ) throws(VTXError) -> EncryptionPlan {
        var options = EncryptionOptions(scheme, workingDirectory: "/home/me")
        change(&options)
        return try planEncryption(options, output: output, segments: segments, codecs: codecs).plan
    }

    private func isRefused(
        _ scheme: EncryptionPlan.Scheme = .aes128, segments: SegmentType = .fmp4, codecs: [VideoCodec] = [.h264],
        _ change: (inout EncryptionOptions) -> Void
    ) -> Bool {
        do throws(VTXError) {
            _ = try plan(scheme, segments: segments, codecs: codecs, change)
            return false
        } catch {
            return error.kind == .usage
        }
    }

    @Test(
        "Keys lie beside the package unless told otherwise",
        arguments: [
            ("out", nil, "out.keys", false, "out-{n}.key"),
            ("a/out//", nil, "a/out.keys", false, "out-{n}.key"),
            (".", nil, "/home/me.keys", false, "me-{n}.key"),
            ("a/..", nil, "/home/me.keys", false, "me-{n}.key"),
            ("out", "keys", "keys", false, "out-{n}.key"),
            ("out", "out2", "out2", false, "out-{n}.key"),
            ("out", "out/keys", "keys", true, "key-{n}.key"),
            ("out", "/home/me/out/a/b/", "a/b", true, "key-{n}.key"),
            ("/home/me/out", "x/../out", "", true, "key-{n}.key"),
            ("out", "out/../keys", "out/../keys", false, "out-{n}.key"),
        ] as [(String, String?, String, Bool, String)])
    func directories(output: String, asked: String?, path: String, isInside: Bool, name: String) throws {
        let made = try plan(output: output) {
            $0.keysDirectory = asked
            $0.keyURI = "https://example.com/k"
        }
        #expect(
            made.keysDirectory
                == EncryptionPlan.KeysDirectory(path: path, isInsidePackage: isInside, fileName: name))
    }

    @Test("A key that the user has is written nowhere unless asked for")
    func ownKey() throws {
        let made = try plan {
            $0.keyFile = "k"
            $0.keyURI = "https://example.com/k"
        }
        #expect(made.keysDirectory == nil)
    }

    @Test("The URI of published keys follows from where they are; others have to be given")
    func uris() throws {
        #expect(try plan { $0.keysDirectory = "out/the keys" }.keyURI == "the%20keys/key-{n}.key")
        #expect(try plan { $0.keysDirectory = "out" }.keyURI == "key-{n}.key")
        #expect(isRefused { _ in })
        #expect(isRefused { $0.keysDirectory = "elsewhere" })
        for bad in ["", "a b", "<x>", "#x", "é", "{m}", "a\"b"] {
            #expect(isRefused { $0.keyURI = bad }, "\(bad)")
        }
    }

    @Test("Audio has a key of its own where keys have names, and each so many segments begin a new one")
    func names() throws {
        let one = try plan { $0.keyURI = "https://example.com/k" }
        #expect(one.keyName(ofSegment: 9, isAudio: true) == "1")
        let several = try plan {
            $0.keyURI = "https://example.com/{n}/k{n}"
            $0.rotation = 3
        }
        #expect((0..<7).map { several.keyName(ofSegment: $0, isAudio: false) } == ["1", "1", "1", "2", "2", "2", "3"])
        #expect(several.keyName(ofSegment: 3, isAudio: true) == "audio-2")
        #expect(several.uri(ofKey: "audio-2") == "https://example.com/audio-2/kaudio-2")
    }

    @Test("What does not go together is refused")
    func combinations() {
        func uri(_ options: inout EncryptionOptions) { options.keyURI = "skd://x" }
        #expect(isRefused(.cbcs, segments: .ts, uri))
        #expect(isRefused(.cbcs, codecs: [.h264, .av1], uri))
        #expect(
            isRefused(.cbcs) {
                uri(&$0); $0.rotation = 2
            })
        #expect(
            isRefused {
                uri(&$0); $0.keyFormat = "com.apple.streamingkeydelivery"
            })
        #expect(
            isRefused {
                uri(&$0); $0.keyID = String(repeating: "0", count: 32)
            })
        #expect(
            isRefused {
                uri(&$0); $0.rotation = 2
            })
        #expect(
            isRefused {
                $0.keyURI = "{n}"; $0.rotation = 0
            })
        #expect(
            isRefused {
                $0.keyURI = "{n}"; $0.rotation = 2; $0.keyFile = "k"
            })
        #expect(
            isRefused(.cbcs) {
                $0.keyURI = "{n}"; $0.keyID = String(repeating: "0", count: 32)
            })
        for bad in ["", "0x", "12", String(repeating: "g", count: 32), String(repeating: "0", count: 33)] {
            #expect(
                isRefused {
                    uri(&$0); $0.iv = bad
                }, "\(bad)")
        }
    }

    @Test("A URI of FairPlay's kind has its key format")
    func keyFormat() throws {
        #expect(try plan(.cbcs) { $0.keyURI = "SKD://x" }.keyFormat == "com.apple.streamingkeydelivery")
        #expect(try plan(.cbcs) { $0.keyURI = "skd://x" }.keyFormatVersions == "1")
        #expect(try plan(.cbcs) { $0.keyURI = "https://x/k" }.keyFormat == nil)
        #expect(
            try plan(.cbcs) {
                $0.keyURI = "skd://x"; $0.keyFormat = "identity"
            }.keyFormat == nil)
    }

    @Test("What stays in the clear is said")
    func clear() throws {
        var options = EncryptionOptions(.aes128)
        options.keyURI = "https://x/k"
        let said = try planEncryption(
            options, output: "out", segments: .fmp4, codecs: [.h264], clear: ["subtitles", "poster"]
        ).decisions.map(\.text.action)
        #expect(said == ["keys go to out.keys", "left in the clear: subtitles, poster"])
    }
}
