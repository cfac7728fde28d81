// SHA-256 and HMAC of libavutil. Both only fail without memory for a hundred bytes, which ends a Swift program anyway.

import CLibAV

/// The SHA-256 of some bytes (FIPS 180-4): 32 bytes.
package func sha256(_ bytes: [UInt8]) -> [UInt8] {
    guard let context = av_sha_alloc(), av_sha_init(context, 256) == 0 else { fatalError("out of memory") }
    defer { av_free(UnsafeMutableRawPointer(context)) }
    av_sha_update(context, bytes, bytes.count)
    var digest = [UInt8](repeating: 0, count: 32)
    av_sha_final(context, &digest)
    return digest
}

/// The HMAC-SHA256 of a message (RFC 2104): 32 bytes.
package func hmacSHA256(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
    guard let context = av_hmac_alloc(AV_HMAC_SHA256) else { fatalError("out of memory") }
    defer { av_hmac_free(context) }
    av_hmac_init(context, key, UInt32(key.count))
    av_hmac_update(context, message, UInt32(message.count))
    var digest = [UInt8](repeating: 0, count: 32)
    guard av_hmac_final(context, &digest, UInt32(digest.count)) == digest.count else { fatalError("out of memory") }
    return digest
}
