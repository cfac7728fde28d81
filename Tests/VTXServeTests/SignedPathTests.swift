// Signed links: what they open, and that nothing in them can be changed.

import Testing

@testable import VTXServe

@Suite("Signed links")
struct SignedPathTests {
    private let signer = PathSigner(secret: "0123456789abcdef".utf8)

    /// Computed with `printf '2000000000\n/film/' | openssl dgst -sha256 -hmac 0123456789abcdef`.
    private let known = "4b10360974a368c9f88a008097860bb5a96ecbd85b69f8df4ae72510ac72d17a"

    @Test("The signature is the HMAC that openssl computes")
    func signature() {
        #expect(signer.sign("/film/", expires: 2_000_000_000) == "/film/~2000000000.\(known)/")
    }

    @Test("A link opens everything below its directory until it expires")
    func opening() throws {
        let link = signer.sign("/a%20b/film/", expires: 1000)
        for rest in ["", "master.m3u8", "720p/segment-00001.m4s"] {
            let opened = try signer.open(link + rest, now: 999)
            #expect(opened == .init(path: "/a%20b/film/" + rest, expires: 1000))
        }
        #expect(throws: PathSigner.Refusal.expired) { try signer.open(link, now: 1000) }
        #expect(try signer.open(signer.sign("/", expires: 5), now: 1).path == "/")
        // A name may begin as a token does.
        #expect(try signer.open(signer.sign("/~me/", expires: 5) + "x", now: 1).path == "/~me/x")
    }

    @Test("A link with one byte changed opens nothing")
    func changes() {
        let link = Array(signer.sign("/film/", expires: 2_000_000_000).utf8)
        // The last slash is not signed: it divides the token from the rest.
        for place in link.indices.dropLast() {
            for flip: UInt8 in [1, 2, 4, 8, 16, 32, 64] {
                var bytes = link
                bytes[place] ^= flip
                let changed = String(decoding: bytes, as: UTF8.self)
                #expect(throws: PathSigner.Refusal.invalid, "\(changed)") { try signer.open(changed + "x", now: 1) }
            }
        }
    }

    @Test(
        "Other spellings and other directories open nothing",
        arguments: [
            "/film/master.m3u8", "/", "", "/~1./",
            "/film/~2000000000.4b10360974a368c9f88a008097860bb5a96ecbd85b69f8df4ae72510ac72d17a",
            "/other/~2000000000.4b10360974a368c9f88a008097860bb5a96ecbd85b69f8df4ae72510ac72d17a/x",
            "/film/sub/~2000000000.4b10360974a368c9f88a008097860bb5a96ecbd85b69f8df4ae72510ac72d17a/x",
            "/%66ilm/~2000000000.4b10360974a368c9f88a008097860bb5a96ecbd85b69f8df4ae72510ac72d17a/x",
            "/film/~02000000000.4b10360974a368c9f88a008097860bb5a96ecbd85b69f8df4ae72510ac72d17a/x",
            "/film/~+2000000000.4b10360974a368c9f88a008097860bb5a96ecbd85b69f8df4ae72510ac72d17a/x",
            "/~2000000000.4b10360974a368c9f88a008097860bb5a96ecbd85b69f8df4ae72510ac72d17a/film/x",
            "/film/~99999999999999999999999.4b10360974a368c9f88a008097860bb5a96ecbd85b69f8df4ae72510ac72d17a/x",
        ])
    func refusals(path: String) {
        #expect(throws: PathSigner.Refusal.invalid) { try signer.open(path, now: 1) }
        #expect(throws: PathSigner.Refusal.invalid) {
            try PathSigner(secret: "another secret!!".utf8).open("/film/~2000000000.\(known)/x", now: 1)
        }
    }
}
