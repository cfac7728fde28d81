// The options about encryption, of `vtx ladder` and `vtx package`.

public import ArgumentParser
import Glibc
public import VTXModel
import VTXPlanning

struct EncryptionArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Encrypt video and audio.",
            discussion: """
                aes-128 encrypts whole segments, cbcs the samples of fMP4 (SAMPLE-AES). Neither is DRM: anyone \
                who can fetch the key, and so every viewer, can decrypt and keep the content; access to the key \
                must be controlled by the server that delivers it. File names, sizes, durations, poster, \
                thumbnails and subtitles are not encrypted.
                """))
    var encrypt: EncryptionPlan.Scheme?

    @Option(
        help: ArgumentHelp(
            "File with the 16-byte key (default: a generated key).", valueName: "file"), completion: .file())
    var keyFile: String?

    @Option(
        help: ArgumentHelp(
            "URI of the key for players, relative to the package; {n} is replaced by the key's name, with a separate key for audio.",
            valueName: "uri"))
    var keyUri: String?

    @Option(
        help: ArgumentHelp(
            "Directory for the keys, readable only by you (default: DIR.keys); inside DIR they are published.",
            valueName: "dir"), completion: .directory)
    var keysDir: String?

    @Option(help: ArgumentHelp("Number of segments per key (aes-128).", valueName: "n"))
    var keyRotation: Int?

    @Option(
        help: ArgumentHelp(
            "First initialization vector, 32 hexadecimal digits (default: random).", valueName: "hex"))
    var iv: String?

    @Option(help: ArgumentHelp("Key identifier in the boxes, 32 hexadecimal digits (cbcs).", valueName: "hex"))
    var keyId: String?

    @Option(help: ArgumentHelp("KEYFORMAT in playlists (cbcs).", valueName: "name"))
    var keyFormat: String?

    /// Files that are read, and folders that are made.
    var inputs: [String] { keyFile.map { [$0] } ?? [] }
    var outputs: [String] { keysDir.map { [$0] } ?? [] }

    func validate() throws {
        guard encrypt == nil else { return }
        let given: [(String, Bool)] = [
            ("--key-file", keyFile != nil), ("--key-uri", keyUri != nil), ("--keys-dir", keysDir != nil),
            ("--key-rotation", keyRotation != nil), ("--iv", iv != nil), ("--key-id", keyId != nil),
            ("--key-format", keyFormat != nil),
        ]
        if let first = given.first(where: \.1) { throw ValidationError("\(first.0) requires --encrypt") }
    }

    /// `nil`: nothing is encrypted.
    var options: EncryptionOptions? {
        guard let encrypt else { return nil }
        var options = EncryptionOptions(encrypt, workingDirectory: workingDirectory())
        options.keyFile = keyFile
        options.keyURI = keyUri
        options.keysDirectory = keysDir
        options.keyFormat = keyFormat
        options.rotation = keyRotation
        options.iv = iv
        options.keyID = keyId
        return options
    }
}

extension EncryptionPlan.Scheme: ExpressibleByArgument {}

private func workingDirectory() -> String {
    guard let path = getcwd(nil, 0) else { return "/" }
    defer { free(path) }
    return String(cName: path)
}
