// The form of a worker's lines: one JSON object a line, keys in snake case, `type` among them.

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Writes lines. May be used from any thread.
package struct WorkerLineWriter: @unchecked Sendable {
    // @unchecked: the encoder is set up once and only read.
    private let encoder: JSONEncoder

    /// A writer.
    package init() {
        encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    }

    /// One object, without a line end.
    ///
    /// - Parameters:
    ///   - type: the `type` of the line.
    ///   - value: its other keys.
    /// - Returns: `nil` if the value cannot be written.
    package func line(_ type: String, _ value: some Encodable) -> [UInt8]? {
        (try? encoder.encode(Line(type: type, value: value))).map(Array.init)
    }

    /// One object, without a line end; `nil` if the event cannot be written.
    package func line(_ event: WorkerEvent) -> [UInt8]? { line(event.type, event.value) }

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

/// Reads lines of a worker.
package struct WorkerLineReader {
    private let work: WorkerTask.Work
    private let decoder: JSONDecoder

    /// - Parameter work: what the worker does, which says how its plan and report are to be read.
    package init(_ work: WorkerTask.Work) {
        self.work = work
        decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    }

    /// The event that a line is.
    ///
    /// - Parameter line: one object; may be from another version of vtx, or from something else.
    /// - Returns: `nil` for types that are not known, and for what is not such a line.
    package func event(_ line: [UInt8]) -> WorkerEvent? {
        let data = Data(line)
        guard let type = try? decoder.decode(TypedLine.self, from: data).type else { return nil }
        switch type {
        case "header": return read(data, WorkerEvent.header)
        case "media": return read(data, WorkerEvent.media)
        case "plan": return plan(data).map(WorkerEvent.plan)
        case "resume": return read(data, WorkerEvent.resume)
        case "progress": return read(data, WorkerEvent.progress)
        case "done": return report(data).map(WorkerEvent.done)
        case "error": return read(data, WorkerEvent.error)
        default: return nil
        }
    }

    private struct TypedLine: Decodable { var type: String }

    private func read<Value: Decodable, Result>(_ data: Data, _ make: (Value) -> Result) -> Result? {
        (try? decoder.decode(Value.self, from: data)).map(make)
    }

    private func plan(_ data: Data) -> JobPlan? {
        switch work {
        case .transcode: read(data, JobPlan.transcode)
        case .ladder: read(data, JobPlan.ladder)
        case .package: read(data, JobPlan.package)
        case .probe, .thumbnail: nil
        }
    }

    private func report(_ data: Data) -> JobReport? {
        switch work {
        case .transcode: read(data, JobReport.transcode)
        case .ladder: read(data, JobReport.ladder)
        case .package: read(data, JobReport.package)
        case .probe, .thumbnail: nil
        }
    }
}
