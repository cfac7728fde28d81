// A JSON value as it was written: true is not 1.

import Foundation

/// Any JSON value.
enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    /// - Throws: if `text` is not one JSON value.
    init(parsing text: some StringProtocol) throws {
        self = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    }

    /// JSON Schema's name of what it is; whole numbers are numbers too.
    var type: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .number(let number): number == number.rounded() ? "integer" : "number"
        case .text: "string"
        case .list: "array"
        case .object: "object"
        }
    }

    subscript(key: String) -> JSONValue? {
        guard case .object(let values) = self else { return nil }
        return values[key]
    }

    var text: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    var number: Double? {
        guard case .number(let number) = self else { return nil }
        return number
    }
}

extension JSONValue: Decodable {
    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let object = try? value.decode([String: JSONValue].self) {
            self = .object(object)
        } else if let list = try? value.decode([JSONValue].self) {
            self = .list(list)
        } else if let flag = try? value.decode(Bool.self) {
            self = .bool(flag)
        } else {
            guard value.decodeNil() else {
                throw DecodingError.dataCorruptedError(in: value, debugDescription: "not JSON")
            }
            self = .null
        }
    }
}

extension JSONValue: CustomStringConvertible {
    /// Short, for messages.
    var description: String {
        switch self {
        case .null: "null"
        case .bool(let flag): "\(flag)"
        case .number(let number): number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
        case .text(let text): "\"\(text.prefix(80))\""
        case .list(let list): "a list of \(list.count)"
        case .object(let values): "{\(values.keys.sorted().joined(separator: ", "))}"
        }
    }
}
