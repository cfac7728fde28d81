// EXT-X-KEY and EXT-X-SESSION-KEY (RFC 8216, 4.3.2.4).

import VTXModel

extension EncryptionKey {
    func attributes() throws(VTXError) -> String {
        guard iv.map({ $0.count == 16 }) ?? true else {
            throw unwritable("an initialization vector", "\(iv?.count ?? 0) bytes")
        }
        var list = AttributeList()
        list.add("METHOD", .enumerated(methodName))
        list.add("URI", .quoted(try checkedURI(uri)))
        list.add("IV", iv.map { .hexadecimal($0) })
        list.add("KEYFORMAT", keyFormat.map { .quoted($0) })
        list.add("KEYFORMATVERSIONS", keyFormatVersions.map { .quoted($0) })
        return try list.render()
    }

    private var methodName: String {
        switch method {
        case .aes128: "AES-128"
        case .cbcs: "SAMPLE-AES"
        case .cenc: "SAMPLE-AES-CTR"
        }
    }

    /// The protocol version that the key needs.
    var version: Int {
        if keyFormat != nil || keyFormatVersions != nil || method != .aes128 { return 5 }
        return iv != nil ? 2 : 1
    }

    /// The key with its URI, which counts from the top of the package, as a playlist names it.
    ///
    /// - Parameter directory: of the playlist, from the top of the package.
    func relative(to directory: String) -> EncryptionKey {
        let head = uri.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        if uri.hasPrefix("/") || head.contains(":") { return self }
        var key = self
        key.uri = String(repeating: "../", count: directory.count { $0 == "/" } + 1) + uri
        return key
    }
}
