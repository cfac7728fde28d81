// Requests over a plain socket, byte for byte as written: no client tidies up paths or headers on the way.

import Foundation
import Glibc

struct HTTPAnswer {
    var status: Int
    /// Names in small letters.
    var fields: [String: String]
    var body: Data

    var text: String { String(decoding: body, as: UTF8.self) }
}

/// One connection to a server on this machine.
final class HTTPConnection {
    private let socket: Int32
    private var rest = Data()

    init(port: Int) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, size) }
        }
        var limit = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        guard code == 0 else { throw ProgramFailure(description: "cannot connect to port \(port)") }
    }

    deinit { close(socket) }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    private func receive() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(socket, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        rest.append(contentsOf: buffer[..<count])
        return true
    }

    /// - Parameter hasBody: false for the answer to HEAD.
    func answer(hasBody: Bool = true) throws -> HTTPAnswer {
        let mark = Data("\r\n\r\n".utf8)
        while rest.range(of: mark) == nil {
            guard receive() else { throw ProgramFailure(description: "no answer, \(rest.count) bytes") }
        }
        let end = rest.range(of: mark)!
        let lines = String(decoding: rest[rest.startIndex..<end.lowerBound], as: UTF8.self)
            .components(separatedBy: "\r\n")
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            fields[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        rest = Data(rest[end.upperBound...])
        let status = Int(lines[0].split(separator: " ")[1]) ?? 0
        let length = hasBody && status != 304 && status != 204 ? Int(fields["content-length"] ?? "0") ?? 0 : 0
        while rest.count < length {
            guard receive() else { throw ProgramFailure(description: "\(rest.count) bytes of \(length)") }
        }
        let body = Data(rest.prefix(length))
        rest = Data(rest.dropFirst(length))
        return HTTPAnswer(status: status, fields: fields, body: body)
    }
}

/// `vtx serve` on a free port, ended with the test.
final class RunningServer {
    let program: Program
    let port: Int
    /// The page to open first.
    let url: String
    private var hasEnded = false

    init(_ arguments: String...) throws {
        program = try startVTX(["serve", "--port", "0", "--json"] + arguments)
        let limit = Date().addingTimeInterval(30)
        while true {
            let lines = program.output.split(separator: "\n")
            if let line = lines.last(where: { $0.contains(#""type":"serving""#) }),
                let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? JSONLine,
                let port = object["port"] as? Int, let url = object["url"] as? String
            {
                self.port = port
                self.url = url
                return
            }
            guard Date() < limit else {
                program.send(SIGKILL)
                _ = try? program.wait(within: 1)
                throw ProgramFailure(description: "it does not serve: \(program.errors)")
            }
            usleep(5000)
        }
    }

    deinit {
        if !hasEnded {
            program.send(SIGKILL)
            _ = try? program.wait(within: 1)
        }
    }

    func stop(_ signal: Int32 = SIGTERM) throws -> ProgramResult {
        hasEnded = true
        program.send(signal)
        return try program.wait(within: 100)
    }

    /// One request on a connection of its own.
    func ask(
        _ path: String, _ fields: [String: String] = [:], method: String = "GET", body: String = ""
    ) throws -> HTTPAnswer {
        let connection = try HTTPConnection(port: port)
        var head = "\(method) \(path) HTTP/1.1\r\n"
        for (name, value) in ["Host": "127.0.0.1:\(port)"].merging(fields, uniquingKeysWith: { $1 }) {
            head += "\(name): \(value)\r\n"
        }
        if !body.isEmpty { head += "Content-Length: \(body.utf8.count)\r\n" }
        connection.send(head + "\r\n" + body)
        return try connection.answer(hasBody: method != "HEAD")
    }
}
