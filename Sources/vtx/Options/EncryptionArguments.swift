// The options about encryption, of `vtx ladder` and `vtx package`.

public import ArgumentParser
import Glibc
public import VTXModel
import VTXPlanning

struct EncryptionArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Encrypt picture and audio.",
            discussion: """
                aes-128 encrypts whole segments, cbcs the samples of fMP4 (SAMPLE-AES). Both keep out those who \
                cannot fetch the key. Neither is DRM: whoever can fetch it, every viewer, can decrypt and keep \
                the source; what guards the key is the server that hands it out. Names, sizes, durations, \
                poster, seek previews and subtitles stay readable.
                """))
    var encrypt: EncryptionPlan.Scheme?

    @Option(
        help: ArgumentHelp(
            "A file with the key, 16 bytes; without it a key is made.", valueName: "file"), completion: .file())
    var keyFile: String?

    @Option(
        help: ArgumentHelp(
            "Where players get the key; relative to the package. {n} becomes the key's name, and audio gets its own.",
            valueName: "uri"))
    var keyUri: String?

    @Option(
        help: ArgumentHelp(
            "Where keys are written, readable by you only. Without it DIR.keys; inside DIR they are published.",
            valueName: "dir"), completion: .directory)
    var keysDir: String?

    @Option(help: ArgumentHelp("A new key every so many segments (aes-128).", valueName: "n"))
    var keyRotation: Int?

    @Option(
        help: ArgumentHelp(
            "First initialization vector, 32 hexadecimal digits; without it a random one.", valueName: "hex"))
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
        if let first = given.first(where: \.1) { throw ValidationError("\(first.0) belongs to --encrypt") }
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
    return String(cString: path)
}
