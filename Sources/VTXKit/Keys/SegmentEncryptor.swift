// What is done to segments before they are written, when a package is encrypted.

import LibAV
import VTXModel
import VTXBitstream
import VTXPackaging

/// One rendition's encryption: keys by segment, and the bytes. Used by one stage at a time.
protocol SegmentEncryptor: Sendable {
    /// Whether encrypted bytes can still be read as what they are: boxes and timestamps, not samples.
    var keepsStructure: Bool { get }
    /// What is in force for the initialization segment.
    var initializationKeys: [EncryptionKey] { get }
    /// What is in force for a segment, counted from 0.
    func keys(forSegment number: Int) -> [EncryptionKey]
    /// Called before the first segment of fMP4.
    func initialization(_ bytes: [UInt8]) throws(VTXError) -> [UInt8]
    func segment(_ bytes: [UInt8], number: Int) throws(VTXError) -> [UInt8]
    /// What is in force for a key frame, counted through the rendition from 0, and its segment.
    func keys(forKeyFrame number: Int, segment: Int) -> [EncryptionKey]
}

/// AES-128: every file or byte range is one message, with a vector of its own.
///
/// A part of a message cannot be decrypted alone, so key frames are written once more, as messages.
final class WholeSegmentEncryptor: SegmentEncryptor {
    private let plan: EncryptionPlan
    private let ring: KeyRing
    private let rendition: Rendition
    let keepsStructure = false

    init(plan: EncryptionPlan, ring: KeyRing, rendition: Rendition) {
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

/// cbcs: samples inside segments that stay readable otherwise.
final class SampleSegmentEncryptor: SegmentEncryptor, @unchecked Sendable {
    // @unchecked: used by one stage at a time.
    private let plan: EncryptionPlan
    private let keyName: String
    private let cipher: AESEncryptor
    private let protection: SampleProtection
    private let rendition: Rendition
    private var samples: SampleEncryptor?
    let keepsStructure = true

    init(plan: EncryptionPlan, ring: KeyRing, rendition: Rendition) throws(VTXError) {
        self.plan = plan
        self.rendition = rendition
        keyName = plan.keyName(ofSegment: 0, isAudio: rendition.isAudio)
        cipher = try ring.cipher(keyName)
        let derived = cipher.encrypt(Array("vtx key identity".utf8), iv: [UInt8](repeating: 0, count: 16))
        protection = SampleProtection(
            keyID: plan.keyID.flatMap { EncryptionPlan.bytes(ofHex: $0) } ?? derived,
            iv: ring.vector(rendition: rendition.index, message: 0))
    }

    /// Key servers of other formats bring the vector; the boxes have it in any case.
    var initializationKeys: [EncryptionKey] {
        [
            EncryptionKey(
                method: .cbcs, uri: plan.uri(ofKey: keyName),
                iv: plan.keyFormat == nil ? protection.iv : nil, keyFormat: plan.keyFormat,
                keyFormatVersions: plan.keyFormatVersions)
        ]
    }

    func keys(forSegment number: Int) -> [EncryptionKey] { initializationKeys }

    func keys(forKeyFrame number: Int, segment: Int) -> [EncryptionKey] { initializationKeys }

    func initialization(_ bytes: [UInt8]) throws(VTXError) -> [UInt8] {
        let encryptor = try SampleEncryptor(initialization: bytes, protection: protection)
        samples = encryptor
        return encryptor.initialization
    }

    func segment(_ bytes: [UInt8], number: Int) throws(VTXError) -> [UInt8] {
        guard samples != nil else { throw VTXError(.internal, "a segment before its initialization segment") }
        return try samples!.segment(bytes) { [cipher, protection] blocks throws(VTXError) in
            cipher.encrypt(blocks, iv: protection.iv)
        }
    }
}

/// Which rendition of a package it is.
struct Rendition: Sendable {
    /// From 0.
    var index: Int
    /// Also its folder in the package.
    var name: String
    var isAudio: Bool
}
