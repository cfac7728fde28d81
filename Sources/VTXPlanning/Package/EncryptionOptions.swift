// What can be asked about the encryption of a package.

public import VTXModel

/// What the user asked about encryption.
public struct EncryptionOptions: Hashable, Sendable {
    /// Whole segments, or samples.
    public var scheme: EncryptionPlan.Scheme
    /// Path of a file with a key of 16 bytes; `nil`: keys are made.
    public var keyFile: String?
    /// Where players get the key, with `{n}` for its name; `nil`: in the package.
    public var keyURI: String?
    /// Where new keys are written; `nil`: beside the package.
    public var keysDirectory: String?
    /// KEYFORMAT of playlists; `nil`: what fits the URI.
    public var keyFormat: String?
    /// Number of segments that a key encrypts, 1 or more; `nil`: one key for all.
    public var rotation: Int?
    /// The first initialization vector: 32 hexadecimal digits.
    public var iv: String?
    /// Identifies the key to players: 32 hexadecimal digits.
    public var keyID: String?
    /// What relative names of directories start from.
    public var workingDirectory: String

    /// Options with everything else left to the planner.
    ///
    /// - Parameters:
    ///   - scheme: whole segments, or samples.
    ///   - workingDirectory: what relative names of directories start from.
    public init(_ scheme: EncryptionPlan.Scheme, workingDirectory: String = "/") {
        self.scheme = scheme
        self.workingDirectory = workingDirectory
    }
}
