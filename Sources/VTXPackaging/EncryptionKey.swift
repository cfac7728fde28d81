// What a player needs to decrypt a segment, for manifests of any format.

/// A key in force, and how it is used. Never the key itself.
package struct EncryptionKey: Hashable, Sendable {
    /// How bytes are encrypted.
    package enum Method: Hashable, Sendable {
        /// Whole files or byte ranges: AES-128-CBC with PKCS #7 padding.
        case aes128
        /// Samples; in fMP4 the `cbcs` scheme of ISO/IEC 23001-7.
        case cbcs
        /// Samples; in fMP4 the `cenc` scheme of ISO/IEC 23001-7.
        case cenc
    }

    /// How bytes are encrypted.
    package var method: Method
    /// Where players get the key. A relative one counts from the top of the package in a description, from the
    /// playlist in a playlist.
    package var uri: String
    /// Initialization vector, 16 bytes; `nil`: not for the manifest to say.
    package var iv: [UInt8]?
    /// The key system; `nil`: a key file of 16 bytes.
    package var keyFormat: String?
    /// Versions of the key system, separated by slashes.
    package var keyFormatVersions: String?

    /// - Parameters: as the properties.
    package init(
        method: Method, uri: String, iv: [UInt8]? = nil, keyFormat: String? = nil, keyFormatVersions: String? = nil
    ) {
        self.method = method
        self.uri = uri
        self.iv = iv
        self.keyFormat = keyFormat
        self.keyFormatVersions = keyFormatVersions
    }
}
