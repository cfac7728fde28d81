// What is done to segments before they are written, when a package is encrypted.

import VTXModel
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

/// Which rendition of a package it is.
struct EncryptedRendition: Sendable {
    /// From 0.
    var index: Int
    /// Also its directory in the package.
    var name: String
    var isAudio: Bool
}
