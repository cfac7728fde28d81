// Checksums and signatures for what stands on this library.

import LibAV

/// Digests as text.
package enum Digest {
    /// The SHA-256 of some bytes (FIPS 180-4), as 64 hexadecimal digits.
    package static func sha256(_ bytes: [UInt8]) -> String { hexadecimal(LibAV.sha256(bytes)) }

    /// The HMAC-SHA256 of a message (RFC 2104), as 64 hexadecimal digits.
    package static func hmacSHA256(_ message: [UInt8], key: [UInt8]) -> String {
        hexadecimal(LibAV.hmacSHA256(message, key: key))
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
