// EXT-X-MAP: what players read before a segment (RFC 8216, 4.3.2.5).

import VTXModel

/// Where the initialization segment, or the tables of a transport stream, are.
package struct InitializationMap: Hashable, Sendable {
    /// Relative to the playlist, percent-encoded.
    package var uri: String
    /// `nil`: the whole file.
    package var bytes: ByteRange?
    /// What encrypts it: with AES-128 it is encrypted like a segment, or not at all.
    package var keys: [EncryptionKey]

    /// - Parameters: as the properties.
    package init(uri: String, bytes: ByteRange? = nil, keys: [EncryptionKey] = []) {
        self.uri = uri
        self.bytes = bytes
        self.keys = keys
    }

    /// - Parameter rendition: directory of the playlist.
    init(_ file: PackagedRendition.InitializationFile, rendition: String) {
        self.init(
            uri: relativeURI(forPath: file.name), bytes: file.bytes,
            keys: file.keys.map { $0.relative(to: rendition) })
    }

    func attributes() throws(VTXError) -> String {
        if keys.contains(where: { $0.method == .aes128 && $0.iv == nil }) {
            throw unwritable("the key of an encrypted map", "no IV")
        }
        var list = AttributeList()
        list.add("URI", .quoted(try checkedURI(uri)))
        list.add("BYTERANGE", bytes.map { .quoted($0.text) })
        return try list.render()
    }
}

extension ByteRange {
    /// `COUNT@OFFSET`.
    var text: String { "\(count)@\(offset)" }
}
