// What is done to segments before they are written, when a package is encrypted.

import VTXModel
import VTXPackaging

/// One rendition's encryption: keys by segment, and the bytes.
protocol SegmentEncryptor: Sendable {
    /// What is in force for the initialization section.
    var headerKeys: [EncryptionKey] { get }
    /// What is in force for a segment, counted from 0.
    func keys(forSegment number: Int) -> [EncryptionKey]
    func header(_ bytes: [UInt8]) throws(VTXError) -> [UInt8]
    func segment(_ bytes: [UInt8], number: Int) throws(VTXError) -> [UInt8]
}
