// The plan of a package's encryption. It never holds a key: plans are printed.

/// How the segments of a package are encrypted, and where keys come from and go to.
public struct EncryptionPlan: Hashable, Codable, Sendable {
    /// Ways to encrypt segments.
    public enum Scheme: String, Hashable, Codable, Sendable, CaseIterable {
        /// Whole segments (RFC 8216, 4.3.2.4).
        case aes128 = "aes-128"
        /// Samples of fMP4, in a pattern (ISO/IEC 23001-7).
        case cbcs
    }

    /// How segments are encrypted.
    public var scheme: Scheme
    /// What playlists name; relative ones count from the top of the package. `{n}` stands for the name of
    /// the key: `1`, `2`, ... for video renditions, `audio-1`, ... for audio. Without it there is one key for all.
    public var keyURI: String
    /// `nil`: `identity`, a key file of 16 bytes.
    public var keyFormat: String?
    /// KEYFORMATVERSIONS (RFC 8216, 4.3.2.4).
    public var keyFormatVersions: String?
    /// The file that holds the key; `nil`: keys are made.
    public var keyFile: String?
    /// Segments that one key encrypts; `nil`: all.
    public var rotation: Int?
    /// The first initialization vector, 32 hexadecimal digits; `nil`: made.
    public var iv: String?
    /// `cbcs` only, 32 hexadecimal digits; `nil`: derived from the key.
    public var keyID: String?
    /// Where keys are written; `nil`: nowhere.
    public var keysDirectory: KeysDirectory?

    /// Spelt as a decoder spells `key_uri` and `key_id`, which is not how they are written here.
    private enum CodingKeys: String, CodingKey {
        case scheme, keyFormat, keyFormatVersions, keyFile, rotation, iv, keysDirectory
        case keyURI = "keyUri"
        case keyID = "keyId"
    }

    /// Where generated keys are written.
    public struct KeysDirectory: Hashable, Codable, Sendable {
        /// From the top of the package if it lies inside it, as given otherwise.
        public var path: String
        /// Whether the keys are published with the package.
        public var isInsidePackage: Bool
        /// Name of a key's file, with `{n}`.
        public var fileName: String

        /// The value made of its parts; what is left out is as its declaration says.
        public init(path: String, isInsidePackage: Bool, fileName: String) {
            self.path = path
            self.isInsidePackage = isInsidePackage
            self.fileName = fileName
        }

        /// With the path.
        public func file(ofKey name: String) -> String {
            (path.isEmpty ? "" : path + "/") + EncryptionPlan.fill(fileName, name)
        }
    }

    /// The value made of its parts; what is left out is as its declaration says.
    public init(scheme: Scheme, keyURI: String) {
        self.scheme = scheme
        self.keyURI = keyURI
    }

    /// The key of a segment, counted from 0.
    ///
    /// Audio has keys of its own where it can: players load both at once, and hls.js stumbles over one URI
    /// that it asks for twice.
    public func keyName(ofSegment segment: Int, isAudio: Bool) -> String {
        let number = String(rotation.map { segment / $0 + 1 } ?? 1)
        return isAudio && hasNamedKeys ? "audio-" + number : number
    }

    /// Whether the URI has a place for the name of a key.
    public var hasNamedKeys: Bool { keyURI.contains("{n}") }

    /// The URI of the key called `name`.
    public func uri(ofKey name: String) -> String { Self.fill(keyURI, name) }

    static func fill(_ text: String, _ name: String) -> String {
        text.split(separator: "{n}", omittingEmptySubsequences: false).joined(separator: name)
    }

    /// Bytes of 32 hexadecimal digits, with or without `0x`.
    public static func bytes(ofHex text: String) -> [UInt8]? {
        let digits = text.lowercased().hasPrefix("0x") ? text.dropFirst(2) : text[...]
        let values = digits.compactMap { $0.isASCII ? $0.hexDigitValue : nil }
        guard values.count == 32, digits.count == 32 else { return nil }
        return stride(from: 0, to: 32, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
    }
}
