// The keys of a package in memory: the one that was given, or new ones.

import LibAV
import VTXModel
import VTXSystem

/// The keys and vectors of a package. May be used by all stages.
final class KeyRing: Sendable {
    private let used = Guarded<[String: [UInt8]]>([:])
    private let fixed: [UInt8]?
    private let iv: [UInt8]

    /// - Parameters:
    ///   - key: used under every name; `nil`: keys are made when they are asked for.
    ///   - iv: the first initialization vector, 16 bytes.
    init(key: [UInt8]?, iv: [UInt8]) {
        fixed = key
        self.iv = iv
    }

    /// Those that were asked for, by name.
    var keys: [(name: String, key: [UInt8])] {
        used.with { $0.sorted { $0.key < $1.key } }.map { ($0.key, $0.value) }
    }

    func cipher(_ name: String) throws(VTXError) -> AESEncryptor {
        let key = used.with { keys in
            if let key = keys[name] { return key }
            let key = fixed ?? randomBytes()
            keys[name] = key
            return key
        }
        do throws(AVFailure) { return try AESEncryptor(key: key) } catch {
            throw VTXError(.internal, "cannot \(error.operation)", cause: error.words)
        }
    }

    /// The first vector plus 2³² for each rendition and 1 for each message: none is used twice with a key.
    func vector(rendition: Int, message: Int) -> [UInt8] {
        var bytes = iv
        var carry = UInt64(rendition) << 32 + UInt64(message)
        for index in bytes.indices.reversed() where carry > 0 {
            carry += UInt64(bytes[index])
            bytes[index] = UInt8(truncatingIfNeeded: carry)
            carry >>= 8
        }
        return bytes
    }
}

/// 16 bytes from the system's generator (getrandom).
func randomBytes() -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<16).map { _ in generator.next() }
}
