import Testing

@testable import LibAV

@Suite("AES")
struct AESTests {
    private func bytes(_ digits: String) -> [UInt8] {
        let values = digits.compactMap { $0.hexDigitValue }.map { UInt8($0) }
        return stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
    }

    private var cipher: AESEncryptor {
        get throws { try AESEncryptor(key: bytes("2b7e151628aed2a6abf7158809cf4f3c")) }
    }

    private var iv: [UInt8] { (0..<16).map { $0 } }

    @Test("Chained blocks are those of NIST SP 800-38A, F.2.1")
    func blocks() throws {
        let plain = bytes(
            "6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51 30c81c46a35ce411e5fbc1191a0a52ef")
        let secret = bytes(
            "7649abac8119b246cee98e9b12e9197d 5086cb9b507219ee95db113a917678b2 73bed6b8e3c1743b7116e69e22229516")
        let cipher = try cipher
        #expect(cipher.encrypt(plain, iv: iv) == secret)
        #expect(cipher.encrypt(plain, iv: iv) == secret, "nothing is left of the first message")
        #expect(cipher.encrypt(plain + [1, 2, 3], iv: iv) == secret)
        #expect(cipher.encrypt([1, 2, 3], iv: iv).isEmpty)
    }

    @Test("Padding is one to sixteen bytes", arguments: [(0, 16), (1, 16), (15, 16), (16, 32), (31, 32), (32, 48)])
    func padding(count: Int, length: Int) throws {
        #expect(try cipher.encryptPadded([UInt8](repeating: 7, count: count), iv: iv).count == length)
    }
}
