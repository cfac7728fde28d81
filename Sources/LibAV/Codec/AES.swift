// The AES block cipher of libavutil.

import CLibAV

/// AES-128 in cipher block chaining, encrypting only.
package final class AESEncryptor {
    private let context: OpaquePointer

    /// - Parameter key: 16 bytes.
    package init(key: [UInt8]) throws(AVFailure) {
        precondition(key.count == 16)
        guard let context = av_aes_alloc() else { throw outOfMemory("prepare the encryption") }
        self.context = context
        try check(av_aes_init(context, key, 128, 0), "prepare the encryption")
    }

    deinit { av_free(UnsafeMutableRawPointer(context)) }

    /// - Parameters:
    ///   - bytes: whole blocks of 16 bytes; what is beyond the last one is left out.
    ///   - iv: 16 bytes.
    package func encrypt(_ bytes: [UInt8], iv: [UInt8]) -> [UInt8] {
        precondition(iv.count == 16)
        var iv = iv
        let blocks = bytes.count / 16
        return [UInt8](unsafeUninitializedCapacity: max(1, blocks * 16)) { output, count in
            av_aes_crypt(context, output.baseAddress, bytes, Int32(blocks), &iv, 0)
            count = blocks * 16
        }
    }

    /// Whole messages, filled up as PKCS #7 says: by one byte at least, to a multiple of 16.
    package func encryptPadded(_ bytes: [UInt8], iv: [UInt8]) -> [UInt8] {
        let fill = 16 - bytes.count % 16
        return encrypt(bytes + [UInt8](repeating: UInt8(fill), count: fill), iv: iv)
    }
}
