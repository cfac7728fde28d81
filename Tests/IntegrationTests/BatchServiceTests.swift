// vtx batch as a service: files that appear, and programs that want to know.

import Foundation
import Glibc
import Testing

@Suite("batch services", .timeLimit(.minutes(60)))
struct BatchServiceTests {
    let folder: Folder
    let sources: String
    let output: String

    init() throws {
        folder = try Folder()
        sources = folder.file("sources")
        output = folder.file("out")
        try FileManager.default.createDirectory(atPath: sources, withIntermediateDirectories: true)
    }

    private func start(_ words: String..., environment: [String: String] = [:]) throws -> Program {
        try startVTX(
            ["batch", sources, "-o", output, "--json", "--speed", "ultrafast", "--height", "60"] + words,
            environment: environment)
    }

    /// Waits for a line of a running batch; the test's time limit is the limit.
    private func waitFor(_ program: Program, _ holds: ([JSONLine]) -> Bool) {
        while !holds(lines(program)) { usleep(20_000) }
    }

    private func lines(_ program: Program) -> [JSONLine] {
        program.output.split(separator: "\n").compactMap {
            (try? JSONSerialization.jsonObject(with: Data($0.utf8))) as? JSONLine
        }
    }

    private func finished(_ lines: [JSONLine]) -> [String] {
        lines.filter { $0.type == "item" && $0["result"] as? String == "done" }.compactMap { $0["source"] as? String }
    }

    @Test("Files that are copied in slowly, at once, by a rename and in a folder are each taken once, whole")
    func watch() throws {
        let clip = try Data(contentsOf: URL(fileURLWithPath: fixture("silent.mp4")))
        let program = try start("--watch", "--settle", "0.3")
        waitFor(program) { $0.contains { $0.type == "idle" } }

        // In five pieces, with pauses longer than --settle, by one writer.
        let slow = try #require(fopen(sources + "/slow.mp4", "w"))
        let piece = clip.count / 5 + 1
        for start in stride(from: 0, to: clip.count, by: piece) {
            let part = [UInt8](clip[start..<min(clip.count, start + piece)])
            fwrite(part, 1, part.count, slow)
            fflush(slow)
            usleep(500_000)
        }
        fclose(slow)
        try clip.write(to: URL(fileURLWithPath: sources + "/once.mp4"))
        try clip.write(to: URL(fileURLWithPath: folder.file("elsewhere.mp4")))
        rename(folder.file("elsewhere.mp4"), sources + "/renamed.mp4")
        // A hidden name until it is whole, as rsync does it.
        try clip.write(to: URL(fileURLWithPath: sources + "/.rsync.mp4.x7"))
        rename(sources + "/.rsync.mp4.x7", sources + "/rsync.mp4")
        try FileManager.default.createDirectory(atPath: sources + "/new/deep", withIntermediateDirectories: true)
        try clip.write(to: URL(fileURLWithPath: sources + "/new/deep/inner.mp4"))
        try Data("a letter".utf8).write(to: URL(fileURLWithPath: sources + "/letter.txt"))

        let expected: Set = ["slow.mp4", "once.mp4", "renamed.mp4", "rsync.mp4", "new/deep/inner.mp4"]
        waitFor(program) { Set(finished($0)).isSuperset(of: expected) }
        program.send(SIGINT)
        let result = try program.wait(within: 20)
        #expect(result.status == 130, "\(result.summary)")
        let done = finished(result.json())
        #expect(done.count == expected.count && Set(done) == expected, "\(done)")
        #expect(!result.json().contains { $0["result"] as? String == "failed" }, "\(result.output)")

        // A restart does nothing again, and takes what has come meanwhile.
        try clip.write(to: URL(fileURLWithPath: sources + "/later.mp4"))
        let again = try start("--watch", "--settle", "0.3")
        waitFor(again) { finished($0).contains("later.mp4") }
        again.send(SIGTERM)
        let second = try again.wait(within: 20)
        #expect(finished(second.json()) == ["later.mp4"])
    }

    @Test("A file that changes after it was done is done again")
    func changed() throws {
        let path = URL(fileURLWithPath: sources + "/a.mp4")
        try Data(contentsOf: URL(fileURLWithPath: fixture("silent.mp4"))).write(to: path)
        let program = try start("--watch", "--settle", "0.2")
        waitFor(program) { finished($0) == ["a.mp4"] }
        try Data(contentsOf: URL(fileURLWithPath: fixture("clip.mkv"))).write(to: path)
        waitFor(program) { finished($0) == ["a.mp4", "a.mp4"] }
        program.send(SIGTERM)
        _ = try program.wait(within: 20)
        #expect((try FileManager.default.attributesOfItem(atPath: output + "/a.mp4")[.size] as? Int ?? 0) > 0)
    }

    @Test("--exec learns of each finished item by its environment")
    func hook() throws {
        let files = [
            ("it's a \"source\".mp4", "silent.mp4"), ("bad.mp4", "truncated.mp4"), ("worse.mp4", "nomoov.mp4"),
        ]
        for (name, source) in files {
            try FileManager.default.copyItem(atPath: fixture(source), toPath: "\(sources)/\(name)")
        }
        let log = folder.file("log")
        let program = try start("--exec", "echo \"$VTX_RESULT|$VTX_SOURCE|$VTX_OUTPUT|$VTX_REASON\" >> \(log)")
        #expect(try program.wait(within: 60).status == 1)
        let lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").sorted()
        #expect(lines.count == 3)
        #expect(lines.first == "done|\(sources)/it's a \"source\".mp4|\(output)/it's a \"source\".mp4|", "\(lines)")
        #expect(lines[1].hasPrefix("failed|\(sources)/bad.mp4|") && lines[1].contains("truncated"), "\(lines)")
        // Known from the first look already.
        #expect(lines.last?.hasPrefix("failed|\(sources)/worse.mp4||") == true, "\(lines)")
    }

    @Test("--exec learns of the failure that ends a batch with --fail-fast, and its own failure is said")
    func hookAtTheEnd() throws {
        try FileManager.default.copyItem(atPath: fixture("truncated.mp4"), toPath: sources + "/bad.mp4")
        let log = folder.file("log")
        let program = try start("--fail-fast", "--exec", "sleep 3; echo $VTX_RESULT > \(log); echo woe >&2; exit 4")
        let result = try program.wait(within: 60)
        #expect(result.status == 1)
        #expect(try String(contentsOfFile: log, encoding: .utf8) == "failed\n")
        #expect(result.errors.contains("--exec ended with status 4 for bad.mp4: woe"), "\(result.errors)")
    }

    @Test("A file that is replaced while it is encoded is done again, after that")
    func replaced() throws {
        let path = sources + "/a.mkv"
        try FileManager.default.copyItem(atPath: fixture("clip.mkv"), toPath: path)
        let program = try start("--watch", "--settle", "0.2", "--", "--speed", "veryslow", "--height", "240")
        waitFor(program) { $0.contains { $0.type == "started" } }
        try FileManager.default.copyItem(atPath: fixture("surround.mkv"), toPath: folder.file("b.mkv"))
        rename(folder.file("b.mkv"), path)
        waitFor(program) { $0.last?.type == "idle" }
        program.send(SIGTERM)
        let result = try program.wait(within: 100)
        #expect(finished(result.json()) == ["a.mkv", "a.mkv"], "\(result.output)")
        // One after the other, and nothing else to do but at the end.
        let order = result.json().compactMap(\.type).filter { $0 == "started" || $0 == "item" || $0 == "idle" }
        #expect(order == ["started", "item", "started", "item", "idle"], "\(result.output)")
    }

    /// A server that takes each message at the second try, and writes a line about it.
    ///
    /// - Returns: `nil` without Python.
    private func startReceiver() throws -> (program: Program, port: Int)? {
        guard let python = program("python3") else { return nil }
        let script = try folder.write(
            """
            import hashlib, hmac, http.server, json, sys
            seen = []
            class Handler(http.server.BaseHTTPRequestHandler):
                def do_POST(self):
                    body = self.rfile.read(int(self.headers["Content-Length"]))
                    stamp = self.headers["X-Vtx-Timestamp"]
                    right = hmac.new(b"key of the test", stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
                    seen.append(self.headers["X-Vtx-Delivery"])
                    # The first try of each message is refused.
                    again = seen.count(seen[-1]) > 1
                    self.send_response(204 if again else 503)
                    self.end_headers()
                    if again:
                        good = self.headers["X-Vtx-Signature"] == "sha256=" + right
                        print(json.dumps({"signed": good, "body": json.loads(body)}), flush=True)
                def log_message(self, *_): pass
            server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
            print(json.dumps({"port": server.server_port}), flush=True)
            server.serve_forever()
            """, to: "server.py")
        let server = try Program(python, [script])
        while !server.output.contains("port") { usleep(10_000) }
        return (server, try #require(lines(server).first?["port"] as? Int))
    }

    @Test("Messages are signed and sent again until they are taken")
    func notify() throws {
        guard let (server, port) = try startReceiver() else { return }
        defer {
            server.send(SIGKILL)
            _ = try? server.wait(within: 5)
        }
        try FileManager.default.copyItem(atPath: fixture("silent.mp4"), toPath: sources + "/a.mp4")
        let batch = try start(
            "--notify", "http://127.0.0.1:\(port)/hook", environment: ["VTX_NOTIFY_SECRET": "key of the test"])
        let result = try batch.wait(within: 60)
        #expect(result.status == 0, "\(result.summary)")
        let messages = lines(server).dropFirst()
        #expect(messages.count == 2 && messages.allSatisfy { $0["signed"] as? Bool == true }, "\(messages)")
        #expect(messages.first?.value("body.source") == "a.mp4")
        #expect(messages.last?.value("body.type") == "summary")
        for message in messages {
            let body = try JSONSerialization.data(withJSONObject: try #require(message["body"]))
            #expect(try lineProblems(String(decoding: body, as: UTF8.self)) == [])
        }
    }

    @Test("A signal does not take the message about what was done before it")
    func notifyAtTheEnd() throws {
        guard let (server, port) = try startReceiver() else { return }
        defer {
            server.send(SIGKILL)
            _ = try? server.wait(within: 5)
        }
        try FileManager.default.copyItem(atPath: fixture("silent.mp4"), toPath: sources + "/a.mp4")
        let batch = try start(
            "--watch", "--notify", "http://127.0.0.1:\(port)/hook",
            environment: ["VTX_NOTIFY_SECRET": "key of the test"])
        waitFor(batch) { finished($0) == ["a.mp4"] }
        batch.send(SIGTERM)
        #expect(try batch.wait(within: 60).status == 143)
        #expect(lines(server).last?.value("body.source") == "a.mp4", "\(server.output)")
    }

    @Test("Metrics are there while a batch runs, for this machine only, and promtool accepts them")
    func metrics() throws {
        try FileManager.default.copyItem(atPath: fixture("silent.mp4"), toPath: sources + "/a.mp4")
        try FileManager.default.copyItem(atPath: fixture("truncated.mp4"), toPath: sources + "/b.mp4")
        let port = try freePort()
        let batch = try start("--metrics", "\(port)", "--watch")
        waitFor(batch) { finished($0) == ["a.mp4"] && $0.contains { $0["result"] as? String == "failed" } }
        let page = try fetch(port: port)
        let taken = try start("--metrics", "\(port)").wait(within: 20)
        batch.send(SIGTERM)
        _ = try batch.wait(within: 20)
        #expect(taken.status == 73, "\(taken.summary)")
        #expect(page.contains("vtx_batch_items{state=\"done\"} 1"), "\(page)")
        #expect(page.contains("vtx_batch_errors_total{kind=\"bad_media\"} 1"))
        #expect(page.contains("vtx_batch_item_seconds_count 1"))
        guard let promtool = program("promtool") else { return }
        let file = try folder.write(page, to: "metrics.txt")
        let check = try Program.run("/bin/sh", ["-c", "\(promtool) check metrics < \(file)"])
        #expect(check.status == 0 && check.errors.isEmpty, "\(check.summary)")
    }

    private func program(_ name: String) -> String? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    private func address(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        return address
    }

    private func freePort() throws -> Int {
        let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(file) }
        var address = address(0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(file, $0, size)
                _ = getsockname(file, $0, &size)
            }
        }
        return Int(in_port_t(bigEndian: address.sin_port))
    }

    private func fetch(port: Int) throws -> String {
        let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(file) }
        var address = address(port)
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { throw ProgramFailure(description: "no connection to port \(port)") }
        let request = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        _ = request.withCString { write(file, $0, strlen($0)) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = read(file, &buffer, buffer.count), count > 0 { bytes += buffer[..<count] }
        let answer = String(decoding: bytes, as: UTF8.self)
        guard let head = answer.range(of: "\r\n\r\n") else { throw ProgramFailure(description: answer) }
        return String(answer[head.upperBound...])
    }
}
