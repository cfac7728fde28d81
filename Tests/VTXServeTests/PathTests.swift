// Paths of requests: what becomes a file name, and what never does.

import Testing
import VTXModel

@testable import VTXServe

@Suite("Request paths")
struct PathTests {
    @Test(
        "Names are decoded",
        arguments: [
            ("/", [], true),
            ("/a", ["a"], false),
            ("/a/b.m3u8", ["a", "b.m3u8"], false),
            ("/a/", ["a"], true),
            ("/My%20film/%C3%A4", ["My film", "ä"], false),
            ("/~x/a..b", ["~x", "a..b"], false),
            ("/100%25", ["100%"], false),
            // Names on disk may have these; nothing is a separator but the slash.
            ("/a%0Ab", ["a\nb"], false), ("/a%5Cb", ["a\\b"], false), ("/a%0D%0Ab", ["a\r\nb"], false),
        ] as [(String, [String], Bool)])
    func decoding(raw: String, names: [String], isDirectory: Bool) throws {
        let path = try RequestPath(parsing: raw)
        #expect(path == RequestPath(names: names, isDirectory: isDirectory))
        #expect(try RequestPath(parsing: path.encoded) == path)
    }

    @Test(
        "Names that are not UTF-8 keep their bytes", arguments: [("/a%ff", [0x61, 0xFF]), ("/%C0%AE", [0xC0, 0xAE])])
    func bytes(raw: String, name: [UInt8]) throws {
        let path = try RequestPath(parsing: raw)
        #expect(path.names.map(\.nameBytes) == [name])
        #expect(path.encoded.uppercased() == raw.uppercased())
    }

    @Test(
        "What leads elsewhere is malformed, what is hidden stays hidden",
        arguments: [
            ("", RequestPath.Refusal.malformed), ("a", .malformed), ("*", .malformed), ("//a", .malformed),
            ("/a//b", .malformed), ("/..", .malformed), ("/../a", .malformed), ("/a/../../b", .malformed),
            ("/%2e%2e/a", .malformed), ("/.%2E/a", .malformed), ("/a/.", .malformed), ("/%2e", .malformed),
            ("/..%2fa", .malformed), ("/a%2fb", .malformed), ("/a%00", .malformed), ("/%", .malformed),
            ("/%4", .malformed), ("/%zz", .malformed),
            ("/.git/config", .hidden), ("/a/.film.12.vtx-partial", .hidden), ("/%2ehidden", .hidden),
            // A dot and a combining mark are one character of Swift's, and two of a file name.
            ("/.%CC%88x", .hidden), ("/a/.%CC%88x/b", .hidden),
        ])
    func refusals(raw: String, expected: RequestPath.Refusal) {
        #expect(throws: expected) { try RequestPath(parsing: raw) }
    }

    @Test(
        "Players get the types they expect",
        arguments: [
            ("master.m3u8", "application/vnd.apple.mpegurl"), ("segment-00001.m4s", "video/iso.segment"),
            ("init.mp4", "video/mp4"), ("a.TS", "video/mp2t"), ("a.vtt", "text/vtt; charset=utf-8"),
            ("manifest.mpd", "application/dash+xml"), ("x.jpg", "image/jpeg"),
            ("hls.mjs", "text/javascript; charset=utf-8"),
            ("README", "application/octet-stream"), ("key", "application/octet-stream"),
        ])
    func types(name: String, type: String) {
        #expect(mediaType(ofFile: name) == type)
    }

    @Test("Only this machine's own names are loopback")
    func loopback() {
        for host in ["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1", "a.localhost"] {
            #expect(isLoopback(host))
        }
        for host in [
            "example.org", "127.0.0.1.example.org", "0.0.0.0", "10.0.0.1", "localhost.example.org", "127.1", "",
        ] {
            #expect(!isLoopback(host))
        }
        #expect(hostName(ofAuthority: "localhost:80") == "localhost")
        #expect(hostName(ofAuthority: "[::1]:80") == "::1")
    }
}
