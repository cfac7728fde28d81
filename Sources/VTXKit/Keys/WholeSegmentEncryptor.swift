// AES-128 (RFC 8216, 4.3.2.4): segments encrypted as a whole.

import LibAV
import VTXModel
import VTXPackaging

/// AES-128: every file or byte range is one message, with its own vector.
///
/// A part of a message cannot be decrypted alone, so key frames are written once more, as messages.
final class WholeSegmentEncryptor: SegmentEncryptor {
    private let plan: EncryptionPlan
    private let ring: KeyRing
    private let rendition: EncryptedRendition
    let keepsStructure = false

    init(plan: EncryptionPlan, ring: KeyRing, rendition: EncryptedRendition) {
        self.plan = plan
        self.ring = ring
        self.rendition = rendition
    }

    private func key(_ name: String, message: Int) -> [EncryptionKey] {
        [
            EncryptionKey(
                method: .aes128, uri: plan.uri(ofKey: name),
                iv: ring.vector(rendition: rendition.index, message: message))
        ]
    }

    private func keyName(_ segment: Int) -> String {
        plan.keyName(ofSegment: segment, isAudio: rendition.isAudio)
    }

    var initializationKeys: [EncryptionKey] { key(keyName(0), message: 0) }

    func keys(forSegment number: Int) -> [EncryptionKey] { key(keyName(number), message: number + 1) }

    func initialization(_ bytes: [UInt8]) throws(VTXError) -> [UInt8] {
        try encrypt(bytes, key: keyName(0), message: 0)
    }

    func segment(_ bytes: [UInt8], number: Int) throws(VTXError) -> [UInt8] {
        try encrypt(bytes, key: keyName(number), message: number + 1)
    }

    /// Of the 2³² messages that a rendition has vectors for, the upper half is for what I-frame playlists point
    /// to: the tables of a transport stream, then the key frames.
    private let tablesMessage = 1 << 31

    var tablesKeys: [EncryptionKey] { key(keyName(0), message: tablesMessage) }

    func tables(_ bytes: [UInt8]) throws(VTXError) -> [UInt8] {
        try encrypt(bytes, key: keyName(0), message: tablesMessage)
    }

    func keys(forKeyFrame number: Int, segment: Int) -> [EncryptionKey] {
        key(keyName(segment), message: tablesMessage + 1 + number)
    }

    func keyFrame(_ bytes: [UInt8], number: Int, segment: Int) throws(VTXError) -> [UInt8] {
        try encrypt(bytes, key: keyName(segment), message: tablesMessage + 1 + number)
    }

    private func encrypt(_ bytes: [UInt8], key: String, message: Int) throws(VTXError) -> [UInt8] {
        try ring.cipher(key).encryptPadded(bytes, iv: ring.vector(rendition: rendition.index, message: message))
    }
}
