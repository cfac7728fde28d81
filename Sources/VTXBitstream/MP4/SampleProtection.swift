// The protection of samples, and the box that names it.

import VTXModel

/// How the samples of a track are protected.
package struct SampleProtection: Hashable, Sendable {
    /// Names the key to a player; says nothing about it.
    package var keyID: [UInt8]
    /// The one vector of the track.
    package var iv: [UInt8]

    /// - Parameters: both of 16 bytes.
    package init(keyID: [UInt8], iv: [UInt8]) {
        self.keyID = keyID
        self.iv = iv
    }
}

/// The `sinf` box of a sample entry.
func protectionScheme(_ format: String, _ protection: SampleProtection, isPatterned: Bool) -> [UInt8] {
    // Version 1 has the pattern in what version 0 reserves: blocks encrypted and blocks left.
    let head: [UInt8] = isPatterned ? [1, 0, 0, 0, 0, 0x19] : [0, 0, 0, 0, 0, 0]
    let defaults = isoBox(
        "tenc",
        // Protected; no vectors beside the samples; one of 16 bytes for all.
        head + [1, 0] + protection.keyID + [UInt8(protection.iv.count)] + protection.iv)
    return isoBox(
        "sinf",
        isoBox("frma", Array(format.utf8))
            + isoBox("schm", [0, 0, 0, 0] + Array("cbcs".utf8) + bigEndian(UInt32(0x10000)))
            + isoBox("schi", defaults))
}
