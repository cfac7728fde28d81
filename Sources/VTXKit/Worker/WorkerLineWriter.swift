// Writes the lines of a worker: one JSON object a line, keys in snake case, `type` among them.

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
package import VTXModel

/// Writes lines. May be used from any thread.
package struct WorkerLineWriter: @unchecked Sendable {
    // @unchecked: the encoder is set up once and only read.
    private let encoder: JSONEncoder

    /// - Parameter render: how the text of decisions is spelt; `nil` writes their cases and parameters, which a reader gets back.
    package init(render: MessageRenderer? = nil) {
        encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if let render { encoder.userInfo[.messageRenderer] = render }
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
