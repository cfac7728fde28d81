// `vtx serve` over loopback: what it serves, to whom, and what it does not.

import Foundation
import Glibc
import Testing

@Suite("Serve")
struct ServeTests {
    /// A directory with a package, other files, and things that must not be served.
    private static func site() throws -> Folder {
        let folder = try Folder()
        let manager = FileManager.default
        for name in ["source/720p", "source/thumbnails", ".hidden", "own"] {
            try manager.createDirectory(atPath: folder.file("site/\(name)"), withIntermediateDirectories: true)
        }
        let master = """
            #EXTM3U
            #EXT-X-STREAM-INF:BANDWIDTH=900000,RESOLUTION=1280x720
            720p/index.m3u8

            """
        _ = try folder.write(master, to: "site/source/master.m3u8")
        _ = try folder.write("#EXTM3U\n#EXTINF:61.5,\nsegment-00001.m4s\n", to: "site/source/720p/index.m3u8")
        _ = try folder.write("0123456789", to: "site/source/720p/segment-00001.m4s")
        _ = try folder.write(master, to: "site/own/master.m3u8")
        _ = try folder.write("<p>mine</p>", to: "site/own/index.html")
        _ = try folder.write("secret", to: "site/.hidden/x")
        _ = try folder.write("secret", to: "site/.\u{308}x")
        _ = try folder.write("secret", to: "outside.txt")
        try manager.createSymbolicLink(atPath: folder.file("site/link"), withDestinationPath: "../outside.txt")
        try manager.createSymbolicLink(atPath: folder.file("site/out"), withDestinationPath: "..")
        return folder
    }

    private static let segment = "/source/720p/segment-00001.m4s"

    @Test("Files have types, validators, parts and conditions")
    func files() throws {
        let folder = try Self.site()
        let server = try RunningServer(folder.file("site"))
        let whole = try server.ask(Self.segment)
        #expect(whole.status == 200 && whole.text == "0123456789")
        #expect(whole.fields["content-type"] == "video/iso.segment" && whole.fields["accept-ranges"] == "bytes")
        let tag = try #require(whole.fields["etag"])
        let time = try #require(whole.fields["last-modified"])
        #expect(try server.ask("/source/master.m3u8").fields["content-type"] == "application/vnd.apple.mpegurl")

        let head = try server.ask(Self.segment, method: "HEAD")
        #expect(head.status == 200 && head.fields["content-length"] == "10" && head.fields["etag"] == tag)

        let part = try server.ask(Self.segment, ["Range": "bytes=2-4"])
        #expect(part.status == 206 && part.text == "234" && part.fields["content-range"] == "bytes 2-4/10")
        let tail = try server.ask(Self.segment, ["Range": "bytes=-3"])
        #expect(tail.status == 206 && tail.text == "789")
        let beyond = try server.ask(Self.segment, ["Range": "bytes=10-"])
        #expect(beyond.status == 416 && beyond.fields["content-range"] == "bytes */10")

        for fields in [["If-None-Match": tag], ["If-Modified-Since": time]] {
            let answer = try server.ask(Self.segment, fields)
            #expect(answer.status == 304 && answer.fields["etag"] == tag && answer.fields["content-length"] == nil)
        }
        #expect(try server.ask(Self.segment, ["If-Match": "\"x\""]).status == 412)
        #expect(try server.ask(Self.segment, ["Range": "bytes=0-0", "If-Range": tag]).status == 206)
        #expect(try server.ask(Self.segment, ["Range": "bytes=0-0", "If-Range": "\"x\""]).text == "0123456789")

        // Replaced under its name: another tag, even of the same size.
        _ = try folder.write("9876543210", to: "site\(Self.segment)")
        #expect(try server.ask(Self.segment, ["If-None-Match": tag]).text == "9876543210")
    }

    @Test("Nothing outside of the directory, nothing hidden, and no link is served")
    func escapes() throws {
        let folder = try Self.site()
        let server = try RunningServer(folder.file("site"))
        let refused = [
            ("/../outside.txt", 400), ("/source/../../outside.txt", 400), ("/%2e%2e/outside.txt", 400),
            ("/..%2foutside.txt", 400), ("/%2e%2e%2foutside.txt", 400), ("//etc/passwd", 400),
            ("/source/720p/segment-00001.m4s%00.txt", 400), ("/\\..\\outside.txt", 404), ("*", 400),
            ("/link", 404), ("/out/outside.txt", 404), ("/.%CC%88x", 404), ("/out/", 404), ("/.hidden/x", 404),
            ("/.hidden/", 404),
            ("/source/720p/segment-00001.m4s/", 404), ("/nothing", 404), ("/source/720p/", 404),
        ]
        for (path, status) in refused {
            let answer = try server.ask(path)
            #expect(answer.status == status, "\(path): \(answer.status)")
            #expect(!answer.text.contains("secret"), "\(path)")
        }
        let index = try server.ask("/").text
        #expect(index.contains("source") && !index.contains(".hidden") && !index.contains("out/"))
        #expect(try server.ask("/source").fields["location"] == "source/")
    }

    @Test("Bad requests get their status, and the server goes on")
    func badRequests() throws {
        let folder = try Self.site()
        let server = try RunningServer(folder.file("site"))
        let long = String(repeating: "a", count: 40_000)
        #expect(try server.ask(Self.segment, ["X-Long": long]).status == 431)
        #expect(try server.ask("/" + long).status == 431)
        for method in ["PUT", "DELETE", "PATCH", "POST"] {
            let answer = try server.ask(Self.segment, method: method, body: "x")
            #expect(answer.status == 405 && answer.fields["allow"] == "GET, HEAD, OPTIONS", "\(method)")
        }
        let garbage = try HTTPConnection(port: server.port)
        garbage.send("garbage\r\n\r\n")
        #expect(try garbage.answer().status == 400)
        // A name that was made to point here, from a page elsewhere.
        #expect(try server.ask(Self.segment, ["Host": "evil.example"]).status == 421)
        #expect(try server.ask(Self.segment, ["Host": "localhost:\(server.port)"]).status == 200)
        #expect(try server.ask(Self.segment).status == 200)
    }

    @Test("Clients that send or read nothing keep nobody waiting")
    func slowClients() throws {
        let folder = try Self.site()
        let size = 32 << 20
        try Data(count: size).write(to: URL(fileURLWithPath: folder.file("site/large.bin")))
        let server = try RunningServer(folder.file("site"))
        var idle: [HTTPConnection] = []
        for number in 0..<100 {
            let connection = try HTTPConnection(port: server.port)
            // Half of them never finish their header, the others never read.
            connection.send(
                "GET /large.bin HTTP/1.1\r\nHost: localhost\r\n" + (number.isMultiple(of: 2) ? "X-" : "\r\n"))
            idle.append(connection)
        }
        #expect(try server.ask("/large.bin").body.count == size)
        // For those who do not read, little more is read than the kernel takes, however large the file is.
        sleep(1)
        let taken = try (bytesRead(by: server.program.pid) - size) / 50
        let room = try #require(
            Int(String(contentsOfFile: "/proc/sys/net/ipv4/tcp_wmem", encoding: .utf8).split { $0.isWhitespace }[2]))
        #expect(taken < room + (2 << 20), "\(taken) bytes a connection, \(room) of them in the kernel")
        // They do not keep it from ending either.
        #expect(try server.stop().status == 0)
        #expect(idle.count == 100)
    }

    @Test("A package that is made anew is served at once")
    func replaced() throws {
        let folder = try Self.site()
        let server = try RunningServer(folder.file("site/source"))
        #expect(try server.ask("/720p/segment-00001.m4s").text == "0123456789")
        try FileManager.default.moveItem(atPath: folder.file("site/source"), toPath: folder.file("site/old"))
        #expect(try server.ask("/720p/segment-00001.m4s").status == 404)
        try FileManager.default.createDirectory(
            atPath: folder.file("site/source/720p"), withIntermediateDirectories: true)
        _ = try folder.write("new", to: "site/source/720p/segment-00001.m4s")
        #expect(try server.ask("/720p/segment-00001.m4s").text == "new")
    }

    @Test("A connection serves many requests")
    func keepAlive() throws {
        let folder = try Self.site()
        let server = try RunningServer(folder.file("site"))
        let connection = try HTTPConnection(port: server.port)
        for _ in 0..<20 {
            connection.send("GET \(Self.segment) HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(try connection.answer().text == "0123456789")
        }
    }

    @Test("Other origins read when they were asked for")
    func origins() throws {
        let folder = try Self.site()
        let plain = try RunningServer(folder.file("site"))
        #expect(
            try plain.ask(Self.segment, ["Origin": "https://a.example"]).fields["access-control-allow-origin"] == nil)
        let server = try RunningServer(folder.file("site"), "--cors", "https://a.example")
        let answer = try server.ask(Self.segment, ["Origin": "https://a.example"])
        #expect(
            answer.fields["access-control-allow-origin"] == "https://a.example" && answer.fields["vary"] == "Origin")
        let other = try server.ask(Self.segment, ["Origin": "https://b.example"])
        #expect(other.fields["access-control-allow-origin"] == nil && other.fields["vary"] == "Origin")
        let preflight = try server.ask(
            Self.segment,
            [
                "Origin": "https://a.example", "Access-Control-Request-Method": "GET",
                "Access-Control-Request-Headers": "range",
            ],
            method: "OPTIONS")
        #expect(preflight.status == 204)
        #expect(preflight.fields["access-control-allow-headers"]?.contains("Range") == true)
    }

    @Test("A package gets the player page, unless it brings one that is not ours")
    func pages() throws {
        let folder = try Self.site()
        let script = try folder.write("isSupported MANIFEST_PARSED", to: "hls.js")
        let server = try RunningServer(folder.file("site"), "--hls-js", script)
        let page = try server.ask("/source/")
        #expect(page.fields["content-type"] == "text/html; charset=utf-8")
        #expect(page.text.contains(#"<meta name="vtx-hls" content="player/hls.js">"#))
        #expect(!page.text.contains("vtx-poster") && !page.text.contains("vtx-report"))
        #expect(try server.ask("/source/player/hls.js").text == "isSupported MANIFEST_PARSED")
        #expect(try server.ask("/source/player/player.js").fields["content-type"] == "text/javascript; charset=utf-8")
        #expect(try server.ask("/source/player/player.js", ["If-None-Match": "*"]).status == 304)
        #expect(try server.ask("/own/").text == "<p>mine</p>")
        #expect(try server.ask("/own/player/player.js").status == 404)
        let index = try server.ask("/").text
        #expect(index.contains(#"href="source/""#) && index.contains("720p") && index.contains("1:02"))
        // Served alone, a package is the first page.
        let alone = try RunningServer(folder.file("site/source"))
        #expect(try alone.ask("/").text.contains("hls.js@1.6"))
    }

    @Test("A signed link opens its package until it expires, and not with one byte changed")
    func signedLinks() throws {
        let folder = try Self.site()
        let secret = "0123456789abcdef"
        let server = try RunningServer(folder.file("site"), "--token", secret, "--expires", "1h")
        #expect(try server.ask(Self.segment).status == 403)
        let start = try #require(URL(string: server.url)).path + "/"
        // The list has links to single packages.
        let index = try server.ask(start).text
        let link = try #require(index.split(separator: "\"").first { $0.hasPrefix("/source/~") })
        for name in ["", "master.m3u8", "720p/segment-00001.m4s", "player/player.js"] {
            #expect(try server.ask(link + name).status == 200, "\(name)")
        }
        #expect(try server.ask(start + "source/master.m3u8").status == 200)
        let bytes = Array((link + "master.m3u8").utf8)
        for place in bytes.indices.prefix(link.utf8.count - 1) {
            var changed = bytes
            changed[place] = changed[place] == UInt8(ascii: "1") ? UInt8(ascii: "2") : UInt8(ascii: "1")
            let path = String(decoding: changed, as: UTF8.self)
            #expect(try server.ask(path.hasPrefix("/") ? path : "/" + path).status == 403, "\(path)")
        }
        // One made elsewhere, as docs/hosting.md says, that lasts two seconds.
        let expires = Int(Date().timeIntervalSince1970) + 2
        let made = try Program.run(
            "/bin/sh",
            ["-c", "printf '%s\\n%s' \(expires) /source/ | openssl dgst -sha256 -hmac \(secret) | sed 's/.*= //'"])
        let signature = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
        let path = "/source/~\(expires).\(signature)/master.m3u8"
        #expect(try server.ask(path).status == 200)
        while Int(Date().timeIntervalSince1970) < expires { usleep(50_000) }
        #expect(try server.ask(path).status == 403)
    }

    @Test("A throttled client gets its bytes, and not sooner than its rate allows")
    func throttle() throws {
        let folder = try Self.site()
        try Data(count: 100_000).write(to: URL(fileURLWithPath: folder.file("site/some.bin")))
        let server = try RunningServer(folder.file("site"), "--throttle", "1600k")
        let began = Date()
        #expect(try server.ask("/some.bin").body.count == 100_000)
        #expect(Date().timeIntervalSince(began) >= 0.5)
    }

    @Test("Reports of pages end in a log, and the log in a table")
    func sessions() throws {
        let folder = try Self.site()
        let log = folder.file("log.ndjson")
        let server = try RunningServer(folder.file("site"), "--analytics", log)
        #expect(try server.ask("/source/").text.contains(#"content="player/events""#))
        let body = """
            {"session":"0123abcd","events":[{"type":"startup","milliseconds":250},{"type":"switch","from":"720p","to":"360p",\
            "from_bandwidth":3000000,"to_bandwidth":900000,"is_manual":false},{"type":"stall","position":2.5,"seconds":1},\
            {"type":"end","watched":9,"stalled":1,"stalls":1,"dropped":0,"average_bit_rate":1000000}]}
            """
        #expect(try server.ask("/source/player/events", method: "POST", body: body).status == 204)
        #expect(try server.ask("/source/player/events", method: "POST", body: "{}").status == 400)
        #expect(
            try server.ask("/source/player/events", method: "POST", body: String(repeating: " ", count: 70_000)).status
                == 413)
        #expect(
            try server.ask("/source/player/events", ["Origin": "https://evil.example"], method: "POST", body: body)
                .status
                == 403)
        #expect(try server.ask("/nothing/player/events", method: "POST", body: body).status == 405)
        #expect(try lineProblems(String(contentsOfFile: log, encoding: .utf8), against: "session-log.json") == [])
        let report = try vtx("serve", "--report", log, "--json")
        let session = try #require(report.json().first { $0.type == "session" })
        #expect(session["package"] as? String == "/source/" && session["startup"] as? Double == 250)
        #expect(session["switches"] as? Int == 1 && session["rebuffering_ratio"] as? Double == 0.1)
        #expect(try vtx("serve", "--report", log).output.contains("10.0 %"))
        #expect(try vtx("serve", "--report", folder.file("site/source/master.m3u8")).status == 65)
        #expect(try vtx("serve", "--report", folder.file("none")).status == 66)
    }

    @Test("Stopping a server is no failure", arguments: [SIGINT, SIGTERM, SIGHUP])
    func endings(signal: Int32) throws {
        let folder = try Self.site()
        let result = try RunningServer(folder.file("site")).stop(signal)
        #expect(result.status == 0)
        #expect(result.json().last?.type == "stopped")
    }

    @Test("What cannot be served is said")
    func errors() throws {
        let folder = try Self.site()
        let server = try RunningServer(folder.file("site"))
        let taken = try vtx("serve", folder.file("site"), "--port", "\(server.port)")
        #expect(taken.status == 69 && taken.errors.contains("in use"), "\(taken.summary)")
        #expect(try vtx("serve", folder.file("none")).status == 66)
        #expect(try vtx("serve", folder.file("outside.txt")).status == 66)
        #expect(try vtx("serve", folder.path, "--analytics", folder.file("none/log")).status == 73)
        #expect(try vtx("serve", folder.path, "--hls-js", folder.file("outside.txt")).status == 64)
        for arguments in [
            [], ["--report", "x", folder.path], [folder.path, "--throttle", "fast"], [folder.path, "--port", "70000"],
            [folder.path, "--token", "short"], [folder.path, "--expires", "1h"], [folder.path, "--cors", "a.example"],
        ] {
            let result = try startVTX(["serve"] + arguments).wait(within: 100)
            #expect(result.status == 64, "\(arguments): \(result.summary)")
        }
    }
}

/// Bytes that a process has read since it began, from caches too.
private func bytesRead(by pid: pid_t) throws -> Int {
    let line = try String(contentsOfFile: "/proc/\(pid)/io", encoding: .utf8).split(separator: "\n").first
    return try #require(Int(line?.split(separator: " ").last ?? ""))
}

@Suite("Player page in a package", .enabled(if: Oracle.isInstalled))
struct PlayerPageTests {
    @Test("The page stands in the package, and the package is the same each time")
    func page() throws {
        let folder = try Folder()
        let script = try folder.write("isSupported MANIFEST_PARSED export{", to: "hls.js")
        for name in ["one", "two"] {
            let result = try vtx(
                "ladder", fixture("clip.mkv"), "-o", folder.file(name), "--speed", "ultrafast", "--player", "--hls-js",
                script)
            #expect(result.status == 0, "\(result.summary)")
        }
        let files = try HLSPackage.contents(folder.file("one"))
        #expect(files == (try HLSPackage.contents(folder.file("two"))))
        let page = String(decoding: try #require(files["index.html"]), as: UTF8.self)
        // It is a module, and named so.
        for name in ["player/hls.mjs", "poster.jpg", "thumbnails/thumbnails.vtt"] {
            #expect(page.contains(#"content="\#(name)""#) && files[name] != nil, "\(name)")
        }
        for name in ["player.css", "player.js", "engine.js"] { #expect(files["player/\(name)"]?.isEmpty == false) }
        if let hlsCheck {
            let check = try Program.run(hlsCheck, [folder.file("one/master.m3u8")])
            #expect(check.status == 0, "\(check.summary)")
        }
    }

    @Test("Without pictures and hls.js the page names neither; what is no hls.js is refused before the work")
    func bare() throws {
        let folder = try Folder()
        let result = try vtx(
            "ladder", fixture("clip.mkv"), "-o", folder.file("bare"), "--speed", "ultrafast", "--player",
            "--no-thumbnails")
        #expect(result.status == 0, "\(result.summary)")
        let page = try String(contentsOfFile: folder.file("bare/index.html"), encoding: .utf8)
        #expect(page.contains("integrity") && !page.contains("poster.jpg") && !page.contains("thumbnails.vtt"))
        let wrong = try folder.write("no player", to: "wrong.js")
        let refused = try vtx(
            "ladder", fixture("clip.mkv"), "-o", folder.file("no"), "--player", "--hls-js", wrong)
        #expect(refused.status == 64 && !folder.names.contains("no"))
        #expect(try vtx("ladder", fixture("clip.mkv"), "-o", folder.file("no"), "--hls-js", wrong).status == 64)
    }
}
