// Links that expire: /source/~EXPIRES.SIGNATURE/master.m3u8
//
// The signature stands in the path, not in the query, because players resolve the names in playlists against the
// path and drop the query: one signed link opens a package with everything in it.

import VTXKit

/// Signs directories, and checks links to what is in them.
struct PathSigner: Sendable {
    private let key: [UInt8]

    init(secret: some Sequence<UInt8>) { key = Array(secret) }

    /// The path of a directory with the token behind it.
    ///
    /// - Parameters:
    ///   - directory: percent-encoded, with a slash in front and behind.
    ///   - expires: seconds since 1970.
    func sign(_ directory: String, expires: Int) -> String {
        "\(directory)~\(expires).\(signature(of: directory, expires: expires))/"
    }

    /// HMAC-SHA256 over `EXPIRES`, a line feed and the directory; 64 small hexadecimal digits.
    private func signature(of directory: String, expires: Int) -> String {
        Digest.hmacSHA256(Array("\(expires)\n\(directory)".utf8), key: key)
    }

    /// A link that was checked.
    struct Link: Hashable, Sendable {
        /// The path without the token, percent-encoded.
        var path: String
        /// Seconds since 1970.
        var expires: Int
    }

    enum Refusal: Hashable, Error {
        /// No token, or not one of ours for this directory.
        case invalid
        /// Ours, but its time is over.
        case expired
    }

    /// - Parameters:
    ///   - path: percent-encoded, without a query.
    ///   - now: seconds since 1970.
    func open(_ path: String, now: Int) throws(Refusal) -> Link {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard let place = parts.firstIndex(where: Self.looksLikeToken), place + 1 < parts.count else {
            throw .invalid
        }
        let directory = parts[..<place].joined(separator: "/") + "/"
        let fields = parts[place].dropFirst().split(separator: ".")
        // Compared as written: no other spelling of the same numbers is accepted.
        guard let expires = Int(fields[0]), String(expires) == fields[0],
            isSame(signature(of: directory, expires: expires), String(fields[1]))
        else { throw .invalid }
        guard now < expires else { throw .expired }
        return Link(path: directory + parts[(place + 1)...].joined(separator: "/"), expires: expires)
    }

    /// `~`, digits, a dot, 64 characters: directories may begin with `~` too.
    private static func looksLikeToken(_ name: Substring) -> Bool {
        guard name.first == "~" else { return false }
        let fields = name.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
        return fields.count == 2 && fields[1].utf8.count == 64 && !fields[0].isEmpty
            && fields[0].utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// In a time that does not tell where they differ.
    private func isSame(_ one: String, _ other: String) -> Bool {
        let (one, other) = (Array(one.utf8), Array(other.utf8))
        guard one.count == other.count else { return false }
        return zip(one, other).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
