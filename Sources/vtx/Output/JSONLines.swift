// --json: one object a line on standard output, each with a "type" (docs/json-output.md).

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import Glibc
import VTXKit
import VTXModel

/// Lines are written whole, from any thread.
struct JSONLines: @unchecked Sendable {
    // @unchecked: the encoder is set up once and only read; write(2) takes a line at a time.
    private let encoder: JSONEncoder

    init() {
        encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    }

    /// The first line: which schema the others follow.
    func writeHeader(command: String) throws {
        write("header", Header(schema: BuildInfo.schema, version: BuildInfo.version, command: command))
    }

    /// One object, without a line end; `nil` if the value cannot be written.
    func line(_ type: String, _ value: some Encodable) -> Data? { try? encoder.encode(Line(type: type, value: value)) }

    func write(_ type: String, _ value: some Encodable) {
        guard let data = line(type, value) else {
            Terminal.warn("a JSON line of type \(type) could not be written")
            return
        }
        var bytes = Array(data)
        bytes.append(UInt8(ascii: "\n"))
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress! + sent, $0.count - sent) }
            if count < 0 && errno == EINTR { continue }
            if count <= 0 { return }
            sent += count
        }
    }

    private struct Header: Encodable {
        let schema: Int
        let version: String
        let command: String
    }

    /// The value's own keys with "type" beside them.
    private struct Line<Value: Encodable>: Encodable {
        let type: String
        let value: Value
        enum Key: CodingKey { case type }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(type, forKey: .type)
            try value.encode(to: encoder)
        }
    }
}

struct ErrorLine: Encodable {
    let path: String
    let kind: VTXError.Kind
    let exitStatus: Int32
    let message: String
    let cause: String?
    let hint: String?

    init(_ error: VTXError, path: String) {
        self.path = path
        kind = error.kind
        exitStatus = error.kind.exitStatus
        message = error.message.commandLineText
        cause = error.cause?.commandLineText
        hint = error.hint
    }
}

struct ProgressLine: Encodable {
    let phase: TranscodeProgress.Phase
    let position: MediaTime
    let percent: Double?
    let frames: Int
    let bytes: Int64
    let fps: Double
    let speed: Double
    let elapsed: Double
    let eta: Double?

    init(_ state: TranscodeProgress) {
        func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
        phase = state.phase
        position = state.position
        percent = state.fraction.map { rounded($0 * 100) }
        frames = state.frames
        bytes = state.bytes
        fps = rounded(state.framesPerSecond)
        speed = rounded(state.speed)
        elapsed = rounded(state.elapsed)
        eta = state.remaining.map(rounded)
    }
}
