// cbcs (ISO/IEC 23001-7): samples encrypted in fMP4.

import LibAV
import VTXBitstream
import VTXModel
import VTXPackaging

/// cbcs: samples inside segments that stay readable otherwise.
final class SampleSegmentEncryptor: SegmentEncryptor, @unchecked Sendable {
    // @unchecked: used by one stage at a time.
    private let plan: EncryptionPlan
    private let keyName: String
    private let cipher: AESEncryptor
    private let protection: SampleProtection
    private let rendition: EncryptedRendition
    private var samples: SampleEncryptor?
    let keepsStructure = true

    init(plan: EncryptionPlan, ring: KeyRing, rendition: EncryptedRendition) throws(VTXError) {
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
