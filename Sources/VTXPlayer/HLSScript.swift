// A copy of hls.js that somebody gives: checked, so that the page does not end up with something else.

import Glibc
package import VTXModel

/// hls.js as a file of a package.
package struct HLSScript: Hashable, Sendable {
    /// Where it stands in a package: `.mjs` for a module, else `.js`.
    package var name: String
    package var bytes: [UInt8]

    /// Bytes of a file at most; the largest build of hls.js has two million.
    private static let limit = 8 << 20

    /// - Throws: `.noInput` if it cannot be read, `.usage` if it is no built hls.js.
    package init(reading path: String) throws(VTXError) {
        guard let file = fopen(path, "re") else {
            throw VTXError(.noInput, "cannot read \(path)", cause: String(cString: strerror(errno)))
        }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: Self.limit + 1)
        let count = fread(&bytes, 1, bytes.count, file)
        guard ferror(file) == 0 else {
            throw VTXError(.noInput, "cannot read \(path)", cause: String(cString: strerror(errno)))
        }
        bytes.removeSubrange(count...)
        // What every build since 0.6 has, however it is minified.
        guard count <= Self.limit, ["isSupported", "MANIFEST_PARSED"].allSatisfy({ contains(bytes, $0) }) else {
            throw VTXError(
                .usage, "\(path) is no built hls.js", remedy: "use dist/hls.min.js or dist/hls.min.mjs of a release")
        }
        let tail = Array(bytes.suffix(2000))
        let isModule = path.hasSuffix(".mjs") || contains(tail, "export{") || contains(tail, "export {")
        self.bytes = bytes
        name = PlayerPage.scriptNames[isModule ? 1 : 0]
    }
}

/// Up to the first zero byte, which text has none of.
private func contains(_ bytes: [UInt8], _ text: String) -> Bool {
    (bytes + [0]).withUnsafeBytes { strstr($0.assumingMemoryBound(to: CChar.self).baseAddress!, text) != nil }
}
