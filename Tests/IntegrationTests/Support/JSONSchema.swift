// Checks values against the schemas of docs/schema: the part of JSON Schema 2020-12 that they use, and nothing else.

import Foundation

/// A folder of schemas that refer to each other by the names of their files.
struct JSONSchema: Sendable {
    /// What is wrong with a schema.
    struct Invalid: Error, CustomStringConvertible {
        var description: String
    }

    /// One thing that is wrong with a value.
    struct Problem: Hashable, CustomStringConvertible {
        /// Where: `.media.streams[0].codec`.
        var path: String
        var message: String
        /// Whether a constant differs: the schema is meant for another kind of value.
        var isOtherKind = false

        var description: String { "\(path.isEmpty ? "." : path): \(message)" }
    }

    /// A schema and the document that it is in.
    private struct Place {
        var document: String
        var schema: JSONValue
    }

    /// What one schema says about a value, and which keys of an object it knows.
    private struct Outcome {
        var problems: [Problem] = []
        var known: Set<String> = []

        mutating func add(_ other: Outcome) {
            problems += other.problems
            known.formUnion(other.known)
        }
    }

    private let documents: [String: JSONValue]
    /// Whether a key that no schema knows is a problem. Readers are told to ignore them; a test is not to.
    private let isClosed: Bool

    private static let annotations: Set = ["$schema", "$defs", "title", "description"]
    private static let keywords: Set = [
        "$ref", "type", "const", "enum", "minimum", "maximum", "pattern", "items", "minItems", "maxItems", "properties",
        "required", "additionalProperties", "allOf", "oneOf", "if", "then",
    ]

    /// - Throws: `Invalid` for a keyword that is not understood, or a reference to nothing.
    init(_ documents: [String: JSONValue], isClosed: Bool) throws {
        (self.documents, self.isClosed) = (documents, isClosed)
        for (name, schema) in documents { try validate(Place(document: name, schema: schema), "\(name)#") }
    }

    /// All schemas of a folder.
    init(folder: String, isClosed: Bool) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".json") }
        let documents = try names.map {
            ($0, try JSONValue(parsing: String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8)))
        }
        try self.init(Dictionary(uniqueKeysWithValues: documents), isClosed: isClosed)
    }

    /// What is wrong with `value`; nothing if it is valid.
    ///
    /// - Parameter reference: a document, or a place in it: `media.json#/$defs/stream`.
    func problems(of value: JSONValue, against reference: String) throws -> [Problem] {
        check(value, try place(reference, from: ""), at: "")
    }

    // MARK: Schemas

    private func place(_ reference: String, from document: String) throws -> Place {
        let parts = reference.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let name = parts[0].isEmpty ? document : parts[0]
        guard var schema = documents[name] else { throw Invalid(description: "no schema '\(reference)'") }
        for key in (parts.count > 1 ? parts[1] : "").split(separator: "/") {
            guard let next = schema[String(key)] else { throw Invalid(description: "no schema '\(reference)'") }
            schema = next
        }
        return Place(document: name, schema: schema)
    }

    private func validate(_ place: Place, _ path: String) throws {
        guard case .object(let schema) = place.schema else { throw Invalid(description: "\(path): not an object") }
        for (keyword, value) in schema {
            guard Self.annotations.union(Self.keywords).contains(keyword) else {
                throw Invalid(description: "\(path): unknown keyword '\(keyword)'")
            }
            func child(_ schema: JSONValue, _ name: String) throws {
                try validate(Place(document: place.document, schema: schema), "\(path)/\(keyword)\(name)")
            }
            switch (keyword, value) {
            case ("$defs", .object(let children)), ("properties", .object(let children)):
                for (name, schema) in children { try child(schema, "/\(name)") }
            case ("items", _), ("additionalProperties", _), ("if", _), ("then", _): try child(value, "")
            case ("allOf", .list(let children)), ("oneOf", .list(let children)):
                for (index, schema) in children.enumerated() { try child(schema, "/\(index)") }
            case ("$ref", .text(let reference)): _ = try self.place(reference, from: place.document)
            case ("$ref", _), ("$defs", _), ("properties", _), ("allOf", _), ("oneOf", _):
                throw Invalid(description: "\(path)/\(keyword): \(value) is not allowed")
            default: break
            }
        }
    }

    // MARK: Values

    /// A value as a whole, against all that is said about it.
    private func check(_ value: JSONValue, _ place: Place, at path: String) -> [Problem] {
        let outcome = apply(place, to: value, at: path)
        guard isClosed, outcome.problems.isEmpty, case .object(let values) = value else { return outcome.problems }
        return values.keys.filter { !outcome.known.contains($0) }.sorted().map {
            Problem(path: "\(path).\($0)", message: "unknown key")
        }
    }

    private func apply(_ place: Place, to value: JSONValue, at path: String) -> Outcome {
        guard case .object(let schema) = place.schema else { return Outcome() }
        var outcome = Outcome(problems: simpleProblems(schema, value, path))
        func inPlace(_ schema: JSONValue) -> Outcome {
            apply(Place(document: place.document, schema: schema), to: value, at: path)
        }
        if let reference = schema["$ref"]?.text, let target = try? self.place(reference, from: place.document) {
            outcome.add(apply(target, to: value, at: path))
        }
        if case .list(let parts)? = schema["allOf"] { parts.forEach { outcome.add(inPlace($0)) } }
        if case .list(let choices)? = schema["oneOf"] { outcome.add(oneOf(choices.map(inPlace), value, path)) }
        if let condition = schema["if"], let then = schema["then"], inPlace(condition).problems.isEmpty {
            outcome.add(inPlace(then))
        }
        switch value {
        case .object(let values): outcome.add(members(of: values, schema, place, path))
        case .list(let list):
            guard let items = schema["items"] else { break }
            for (index, item) in list.enumerated() {
                let place = Place(document: place.document, schema: items)
                outcome.problems += check(item, place, at: "\(path)[\(index)]")
            }
        default: break
        }
        return outcome
    }

    private func oneOf(_ choices: [Outcome], _ value: JSONValue, _ path: String) -> Outcome {
        let fitting = choices.filter(\.problems.isEmpty)
        if fitting.count == 1 { return fitting[0] }
        if fitting.count > 1 {
            return Outcome(problems: [Problem(path: path, message: "\(value) fits \(fitting.count) of the choices")])
        }
        // What is wrong with the choice that was meant.
        let meant = choices.filter { !$0.problems.contains(where: \.isOtherKind) }
        guard let best = meant.min(by: { $0.problems.count < $1.problems.count }) else {
            return Outcome(problems: [
                Problem(path: path, message: "\(value) is none of the choices", isOtherKind: true)
            ])
        }
        return Outcome(problems: best.problems)
    }

    private func members(
        of values: [String: JSONValue], _ schema: [String: JSONValue], _ place: Place, _ path: String
    ) -> Outcome {
        var outcome = Outcome()
        if case .list(let names)? = schema["required"] {
            for name in names.compactMap(\.text) where values[name] == nil {
                outcome.problems.append(Problem(path: path, message: "'\(name)' is missing"))
            }
        }
        for (key, value) in values {
            guard let member = schema["properties"]?[key] ?? schema["additionalProperties"] else { continue }
            outcome.known.insert(key)
            outcome.problems += check(value, Place(document: place.document, schema: member), at: "\(path).\(key)")
        }
        return outcome
    }

    /// What needs no other schema.
    private func simpleProblems(_ schema: [String: JSONValue], _ value: JSONValue, _ path: String) -> [Problem] {
        var problems: [Problem] = []
        func expect(_ isRight: Bool, _ message: String, isOtherKind: Bool = false) {
            if !isRight { problems.append(Problem(path: path, message: message, isOtherKind: isOtherKind)) }
        }
        if let type = schema["type"]?.text {
            expect(
                value.type == type || (type == "number" && value.type == "integer"), "\(value) is not of type \(type)")
        }
        if let constant = schema["const"] {
            expect(value == constant, "\(value) is not \(constant)", isOtherKind: true)
        }
        if case .list(let choices)? = schema["enum"] {
            expect(choices.contains(value), "\(value) is none of the choices")
        }
        switch value {
        case .number(let number):
            if let least = schema["minimum"]?.number { expect(number >= least, "\(value) is less than \(least)") }
            if let most = schema["maximum"]?.number { expect(number <= most, "\(value) is more than \(most)") }
        case .text(let text):
            if let pattern = schema["pattern"]?.text {
                expect(
                    text.range(of: pattern, options: .regularExpression) != nil, "\(value) does not match \(pattern)")
            }
        case .list(let list):
            if let least = schema["minItems"]?.number { expect(Double(list.count) >= least, "too few items") }
            if let most = schema["maxItems"]?.number { expect(Double(list.count) <= most, "too many items") }
        default: break
        }
        return problems
    }
}
