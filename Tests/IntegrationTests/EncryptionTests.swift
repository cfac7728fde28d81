// Encrypted packages: openssl and ffmpeg decrypt them to the very media of the same package in the clear.

import Foundation
import Testing

@Suite("encryption", .needsOracle, .timeLimit(.minutes(60)))
struct EncryptionTests {
    let folder: Folder
    private let iv = "00112233445566778899aabbccddeeff"
    private let key = Data((0..<16).map { UInt8(17 * $0) })

    init() throws {
        folder = try Folder()
        try key.write(to: URL(fileURLWithPath: folder.file("secret")))
    }

    private func run(_ name: String, _ options: [String]) throws -> ProgramResult {
        let common = [
            "ladder", fixture("clip.mkv"), "-o", folder.file(name), "--rungs", "160p", "--segment", "1", "--gop", "1",
        ]
        return try startVTX(common + ["--speed", "ultrafast"] + options).wait(within: 100)
    }

    private func ladder(
        _ name: String, _ options: [String], location: SourceLocation = #_sourceLocation
    ) throws -> String {
        let result = try run(name, options)
        #expect(result.status == 0, "\(options)\n\(result.summary)", sourceLocation: location)
        return folder.file(name)
    }

    private var keyed: [String] { ["--key-file", folder.file("secret"), "--iv", iv] }

    private func mode(_ path: String) -> Int? {
        (try? FileManager.default.attributesOfItem(atPath: path))?[.posixPermissions] as? Int
    }

    private func hex(_ data: Data) -> String { data.map { String(format: "%02x", $0) }.joined() }

    /// All files below a directory, by relative name.
    private func tree(_ path: String) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
            files[name] = FileManager.default.contents(atPath: path + "/" + name)
        }
        return files
    }

    /// One file or range of a playlist.
    private struct Message {
        var file: String
        var range: Range<Int>?
        var key: String
        var iv: String

        var bytes: Data? {
            let all = FileManager.default.contents(atPath: file)
            return range.map { all?[$0] } ?? all
        }
    }

    /// The decrypted message.
    private func decrypted(_ message: Message, location: SourceLocation = #_sourceLocation) throws -> Data? {
        let key = try #require(FileManager.default.contents(atPath: message.key))
        let (secret, plain) = (folder.file("message"), folder.file("plain"))
        try #require(message.bytes).write(to: URL(fileURLWithPath: secret))
        let options = ["-K", hex(key), "-iv", message.iv, "-in", secret, "-out", plain]
        let done = try Program.run("openssl", ["enc", "-d", "-aes-128-cbc"] + options)
        #expect(done.status == 0, "\(message.file): \(done.summary)", sourceLocation: location)
        return FileManager.default.contents(atPath: plain)
    }

    /// What a playlist names, with the key and vector that hold for each, read as RFC 8216 says.
    private func messages(_ playlist: String) throws -> [Message] {
        let directory = (playlist as NSString).deletingLastPathComponent
        var found: [Message] = []
        var attributes: [String: String] = [:]
        var range: Range<Int>?
        func parse(_ text: String?) throws -> Range<Int>? {
            guard let numbers = text?.split(separator: "@").compactMap({ Int($0) }) else { return nil }
            try #require(numbers.count == 2)
            return numbers[1]..<numbers[1] + numbers[0]
        }
        for line in try String(contentsOfFile: playlist, encoding: .utf8).split(separator: "\n").map(String.init) {
            func value(_ name: String) -> String? {
                line.range(of: name + "=").map {
                    line[$0.upperBound...].prefix { $0 != "," }.filter { $0 != "\"" }
                }
            }
            if line.hasPrefix("#EXT-X-KEY") {
                attributes = ["URI": try #require(value("URI")), "IV": try #require(value("IV"))]
            }
            if line.hasPrefix("#EXT-X-BYTERANGE:") { range = try parse(String(line.dropFirst(17))) }
            let isMap = line.hasPrefix("#EXT-X-MAP")
            guard let file = isMap ? value("URI") : line.hasPrefix("#") ? nil : line else { continue }
            found.append(
                Message(
                    file: directory + "/" + file, range: isMap ? try parse(value("BYTERANGE")) : range,
                    key: directory + "/" + (try #require(attributes["URI"])),
                    iv: String(try #require(attributes["IV"]).dropFirst(2))))
            range = nil
        }
        return found
    }

    @Test("aes-128 decrypts to the files of the package in the clear", arguments: ["fmp4", "ts"])
    func wholeSegments(type: String) throws {
        let clear = try ladder("clear", ["--segments", type])
        let secret = try ladder(
            "secret-package",
            ["--segments", type, "--encrypt", "aes-128", "--keys-dir", folder.file("secret-package/keys")] + keyed)
        for rendition in ["160p", "audio-1-eng"] {
            let list = try messages("\(secret)/\(rendition)/index.m3u8")
            #expect(list.count >= 2)
            #expect(Set(list.map(\.iv)).count == list.count)
            for message in list {
                let original = clear + message.file.dropFirst(secret.count)
                #expect(try decrypted(message) == FileManager.default.contents(atPath: original))
            }
        }
        #expect(mode("\(secret)/keys/key-1.key") == 0o600)
        try keyFrames(of: secret, equalThoseOf: clear)
    }

    /// Every range of an encrypted I-frame playlist is a message with a vector that nothing else has.
    private func keyFrames(of secret: String, equalThoseOf clear: String) throws {
        let plain = try ranges("\(clear)/160p/iframes.m3u8")
        let list = try messages("\(secret)/160p/iframes.m3u8")
        #expect(list.count == plain.count)
        let segments = try messages("\(secret)/160p/index.m3u8").filter { !$0.file.hasSuffix("init.mp4") }
        let vectors = list.filter { !$0.file.hasSuffix("init.mp4") }.map(\.iv) + segments.map(\.iv)
        #expect(Set(vectors).count == vectors.count)
        for (message, original) in zip(list, plain) {
            #expect(try decrypted(message) == original)
        }
    }

    /// The bytes that a playlist in the clear names, its map first.
    private func ranges(_ playlist: String) throws -> [Data] {
        let text = try String(contentsOfFile: playlist, encoding: .utf8)
        // The same reader, with a key that is not used.
        let copy = (playlist as NSString).deletingLastPathComponent + "/copy.m3u8"
        try ("#EXT-X-KEY:METHOD=AES-128,URI=\"none\",IV=0x00\n" + text).write(
            toFile: copy, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: copy) }
        return try messages(copy).map { try #require($0.bytes) }
    }

    @Test("The same key and vector give the same bytes", arguments: ["aes-128", "cbcs"])
    func repeatable(scheme: String) throws {
        let options = ["--encrypt", scheme, "--key-uri", "https://example.com/k"] + keyed
        #expect(try tree(try ladder("one", options)) == tree(try ladder("two", options)))
    }

    @Test("Keys change with the segments, and made ones stay outside the package", arguments: ["fmp4", "ts"])
    func rotation(type: String) throws {
        let package = try ladder(
            "package",
            [
                "--segments", type, "--encrypt", "aes-128", "--key-rotation", "1", "--key-uri",
                "../package.keys/package-{n}.key",
            ])
        let keys = folder.file("package.keys")
        #expect(mode(keys) == 0o700)
        let names = try FileManager.default.contentsOfDirectory(atPath: keys)
        let list = try ["index", "iframes"].flatMap { try messages("\(package)/160p/\($0).m3u8") }
        #expect(Set(list.map { ($0.key as NSString).lastPathComponent }).isSubset(of: Set(names)))
        #expect(Set(list.map(\.key)).count >= 2)
        let files = try tree(package)
        for name in names {
            #expect(mode("\(keys)/\(name)") == 0o600)
            let key = try #require(FileManager.default.contents(atPath: "\(keys)/\(name)"))
            #expect(key.count == 16)
            for (file, content) in files {
                #expect(content.range(of: key) == nil, "\(name) is in \(file)")
                #expect(content.range(of: Data(hex(key).utf8)) == nil, "\(name) is in \(file)")
            }
        }
        for message in list {
            #expect(try decrypted(message)?.isEmpty == false)
        }
        // Without --overwrite a key of another package is not touched.
        try FileManager.default.removeItem(atPath: package)
        let again = try run("package", ["--encrypt", "aes-128", "--key-uri", "https://example.com/k"])
        #expect(again.status == 73, "\(again.summary)")
        #expect(!FileManager.default.fileExists(atPath: package))
    }

    @Test("cbcs decrypts to the same frames", arguments: ["h264", "hevc"], [false, true])
    func samples(codec: String, isSingleFile: Bool) throws {
        let layout = isSingleFile ? ["--single-file"] : []
        let clear = try ladder("clear", ["--codec", codec] + layout)
        let secret = try ladder(
            "package", ["--codec", codec, "--encrypt", "cbcs", "--key-uri", "https://example.com/k"] + layout + keyed)
        #expect(FileManager.default.fileExists(atPath: "\(secret)/160p/iframes.m3u8"))
        func frames(_ rendition: String, _ options: String) throws -> [Substring] {
            let files = isSingleFile ? "media.mp4" : "init.mp4 segment-*.m4s"
            // Through a pipe: in a file that it can seek in, FFmpeg 5.1 finds the subsamples of one fragment only.
            let command = "cat \(files) | ffmpeg -v error \(options) -i - -f framemd5 -"
            return try Program.run("/bin/sh", ["-c", command], in: rendition).output.split(separator: "\n")
                .filter { !$0.hasPrefix("#") }
        }
        let plain = try frames("\(clear)/160p", "")
        #expect(!plain.isEmpty)
        #expect(try frames("\(secret)/160p", "-decryption_key " + hex(key)) == plain)
        let wrong = String(repeating: "0", count: 32)
        #expect(try frames("\(secret)/160p", "-decryption_key " + wrong) != plain)
        let master = try String(contentsOfFile: secret + "/master.m3u8", encoding: .utf8)
        #expect(master.contains(codec == "h264" ? "avc1." : "hvc1."))
        #expect(!master.contains("encv"))
    }

    @Test("A key file that is missing or no key is refused before any work")
    func keyFiles() throws {
        let short = try folder.write("0123456789", to: "short")
        let text = try folder.write(String(repeating: "0f", count: 16), to: "text")
        for (file, status, words) in [
            (folder.file("none"), 66, "cannot open"), (short, 64, "10 bytes instead of 16"), (text, 64, "xxd"),
            ("/dev/zero", 64, "instead of 16"), (folder.path, 66, "cannot"),
        ] as [(String, Int32, String)] {
            for more in [[], ["--dry-run"]] {
                let result = try run(
                    "package",
                    ["--encrypt", "aes-128", "--key-uri", "https://example.com/k", "--key-file", file] + more)
                #expect(result.status == status, "\(file) \(result.summary)")
                #expect(result.errors.contains(words), "\(result.errors)")
            }
        }
        #expect(folder.names.sorted() == ["secret", "short", "text"])
    }

    @Test("A failed job leaves no keys, and the keys of an earlier package are kept")
    func failure() throws {
        let options = ["--encrypt", "aes-128", "--key-uri", "https://example.com/k", "--overwrite"]
        let package = try ladder("package", options)
        let before = try tree(package)
        let key = FileManager.default.contents(atPath: folder.file("package.keys/package-1.key"))
        let result = try startVTX(
            ["ladder", fixture("truncated.mp4"), "-o", package, "--speed", "ultrafast"] + options
        )
        .wait(within: 100)
        #expect(result.status == 65, "\(result.summary)")
        #expect(try tree(package) == before)
        #expect(FileManager.default.contents(atPath: folder.file("package.keys/package-1.key")) == key)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("package.keys")) == ["package-1.key"])
        _ = try ladder("package", options)
        #expect(FileManager.default.contents(atPath: folder.file("package.keys/package-1.key")) != key)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("package.keys")) == ["package-1.key"])
    }

    @Test(
        "Encrypted packages keep every MUST rule of hls-check",
        .enabled(if: hlsCheck != nil, "skipped: no hls-check beside the checkout (VTX_TOOLS names its folder)"),
        arguments: [
            ["--encrypt", "aes-128"], ["--encrypt", "aes-128", "--segments", "ts"],
            ["--encrypt", "aes-128", "--single-file"], ["--encrypt", "cbcs"], ["--encrypt", "cbcs", "--single-file"],
        ])
    func rules(options: [String]) throws {
        let package = try ladder("package", options + ["--keys-dir", folder.file("package/keys")] + keyed)
        // What cbcs leaves of samples decodes with a key only.
        let decode = options.contains("cbcs") ? [] : ["--decode"]
        let result = try Program.run(try #require(hlsCheck), decode + ["--quiet", package + "/master.m3u8"])
        #expect(result.status == 0, "\(result.summary)")
    }
}
