// The evaluator of schemas: what it accepts, what it rejects, and that it does not pass over what it does not know.

import Foundation
import Testing

@Suite("JSON schemas", .timeLimit(.minutes(60)))
struct JSONSchemaTests {
    /// A schema, a value, and where something is wrong with it.
    struct Case: CustomTestStringConvertible, Sendable {
        var schema: String
        var value: String
        var wrong: [String]
        var isClosed = true

        init(_ schema: String, _ value: String, _ wrong: String..., isClosed: Bool = true) {
            (self.schema, self.value, self.wrong, self.isClosed) = (schema, value, wrong, isClosed)
        }

        var testDescription: String { "\(schema) on \(value)".split(whereSeparator: \.isNewline).joined() }
    }

    static let pairs = #"{"type": "object", "properties": {"a": {"type": "integer"}, "b": {}}, "required": ["a"]}"#
    static let choice = """
        {"oneOf": [
            {"properties": {"kind": {"const": "x"}, "n": {"type": "number"}}, "required": ["kind", "n"]},
            {"properties": {"kind": {"const": "y"}}, "required": ["kind"]}]}
        """
    static let branch = """
        {"properties": {"kind": {"type": "string"}},
         "allOf": [{"if": {"properties": {"kind": {"const": "x"}}}, "then": {"properties": {"n": {"minimum": 1}}}}]}
        """

    static let cases: [Case] = [
        Case("{}", "1"), Case("{}", "[{}]"),
        Case(#"{"type": "string"}"#, #""a""#), Case(#"{"type": "string"}"#, "1", "."),
        Case(#"{"type": "integer"}"#, "1"), Case(#"{"type": "integer"}"#, "1.0"),
        Case(#"{"type": "integer"}"#, "1.5", "."),
        Case(#"{"type": "number"}"#, "1"), Case(#"{"type": "number"}"#, "1.5"),
        Case(#"{"type": "number"}"#, #""inf""#, "."),
        Case(#"{"type": "number"}"#, "true", "."), Case(#"{"type": "boolean"}"#, "true"),
        Case(#"{"type": "boolean"}"#, "1", "."), Case(#"{"type": "object"}"#, "[]", "."),
        Case(#"{"type": "array"}"#, "{}", "."), Case(#"{"type": "string"}"#, "null", "."),
        Case(#"{"const": 1}"#, "1"), Case(#"{"const": 1}"#, "2", "."), Case(#"{"const": 1}"#, "true", "."),
        Case(#"{"enum": ["a", "b"]}"#, #""b""#), Case(#"{"enum": ["a", "b"]}"#, #""c""#, "."),
        Case(#"{"minimum": 0, "maximum": 1}"#, "0.5"), Case(#"{"minimum": 0, "maximum": 1}"#, "-0.1", "."),
        Case(#"{"minimum": 0, "maximum": 1}"#, "1.01", "."), Case(#"{"minimum": 0}"#, #""a""#),
        Case(#"{"pattern": "^[0-9]+$"}"#, #""12""#), Case(#"{"pattern": "^[0-9]+$"}"#, #""12a""#, "."),
        Case(#"{"items": {"type": "integer"}}"#, "[1, 2]"),
        Case(#"{"items": {"type": "integer"}}"#, #"[1, "2"]"#, "[1]"),
        Case(#"{"minItems": 2, "maxItems": 3}"#, "[1, 2]"), Case(#"{"minItems": 2}"#, "[1]", "."),
        Case(#"{"maxItems": 1}"#, "[1, 2]", "."),
        Case(pairs, #"{"a": 1, "b": null}"#), Case(pairs, #"{"b": 1}"#, "."), Case(pairs, #"{"a": "1"}"#, ".a"),
        Case(pairs, #"{"a": 1, "c": 1}"#, ".c"), Case(pairs, #"{"a": 1, "c": 1}"#, isClosed: false),
        Case(pairs, #"{"a": 1, "b": {"c": 1}}"#, ".b.c"),
        Case(#"{"additionalProperties": {"type": "string"}}"#, #"{"a": "b"}"#),
        Case(#"{"additionalProperties": {"type": "string"}}"#, #"{"a": 1}"#, ".a"),
        Case(choice, #"{"kind": "x", "n": 1}"#), Case(choice, #"{"kind": "y"}"#), Case(choice, #"{"kind": "z"}"#, "."),
        Case(choice, #"{"kind": "x"}"#, "."), Case(choice, #"{"kind": "x", "n": "1"}"#, ".n"),
        Case(choice, #"{"kind": "y", "n": 1}"#, ".n"), Case(choice, #"{"kind": "y", "n": 1}"#, isClosed: false),
        Case(#"{"oneOf": [{"type": "number"}, {"type": "integer"}]}"#, "1", "."),
        Case(branch, #"{"kind": "x", "n": 1}"#), Case(branch, #"{"kind": "x", "n": 0}"#, ".n"),
        Case(branch, #"{"kind": "z"}"#), Case(branch, #"{"kind": "z", "n": 0}"#, ".n"),
        Case(branch, #"{"kind": "z", "n": 0}"#, isClosed: false),
        Case(##"{"$ref": "#/$defs/a", "$defs": {"a": {"type": "string"}}}"##, #""a""#),
        Case(##"{"$ref": "#/$defs/a", "$defs": {"a": {"type": "string"}}}"##, "1", "."),
        Case(##"{"properties": {"b": {"$ref": "other.json#/$defs/pair"}}}"##, #"{"b": {"a": 1}}"#),
        Case(##"{"properties": {"b": {"$ref": "other.json#/$defs/pair"}}}"##, #"{"b": {"a": 1, "c": 1}}"#, ".b.c"),
        Case(##"{"properties": {"b": {"$ref": "other.json#/$defs/list"}}}"##, #"{"b": [{"a": 1}, {}]}"#, ".b[1]"),
    ]

    private static let other = ##"{"$defs": {"list": {"items": {"$ref": "#/$defs/pair"}}, "pair": \##(pairs)}}"##

    @Test("A value is accepted, or rejected where it is wrong", arguments: cases)
    func value(_ item: Case) throws {
        let schema = try JSONSchema(
            ["a.json": JSONValue(parsing: item.schema), "other.json": JSONValue(parsing: Self.other)],
            isClosed: item.isClosed)
        let problems = try schema.problems(of: JSONValue(parsing: item.value), against: "a.json")
        #expect(problems.map { $0.path.isEmpty ? "." : $0.path } == item.wrong, "\(problems)")
    }

    @Test(
        "What is not understood is an error",
        arguments: [
            #"{"minLength": 1}"#, #"{"properties": {"a": {"anyOf": []}}}"#, #"{"items": {"items": {"format": "uri"}}}"#,
            ##"{"$ref": "#/$defs/a"}"##, #"{"$ref": "b.json"}"#, #"{"allOf": [{"not": {}}]}"#, "true",
            #"{"additionalProperties": false}"#, #"{"if": {"contains": {}}}"#, #"{"oneOf": {}}"#,
        ])
    func unknown(_ schema: String) throws {
        let value = try JSONValue(parsing: schema)
        #expect(throws: JSONSchema.Invalid.self) { try JSONSchema(["a.json": value], isClosed: true) }
    }

    @Test(
        "A line that is not as documented is found",
        arguments: [
            (#"{"type": "header", "schema": 1, "version": "1", "command": "probe"}"#, true),
            (#"{"type": "header", "schema": 2, "version": "1", "command": "probe"}"#, false),
            (#"{"type": "header", "schema": 1, "version": "1"}"#, false),
            (#"{"type": "header", "schema": 1, "version": "1", "command": "probe", "more": 1}"#, false),
            (#"{"type": "idle"}"#, true), (#"{"type": "idle", "done": 1}"#, false), ("{}", false), ("[]", false),
            (#"{"type": "resume", "bytes": 1, "fraction": 1.5}"#, false), (#"{"type": "resume", "bytes": -1}"#, false),
            ("{\"type\": ", false),
        ])
    func line(_ text: String, _ isRight: Bool) throws {
        #expect(try lineProblems(text).isEmpty == isRight)
    }

    @Test(
        "Output that is not as documented as a whole is found",
        arguments: [
            ([#"{"type": "idle"}"#], "not a header"), ([], "not a header"),
            ([header, #"{"type": "new"}"#], "unknown type"),
            ([header, progress(2), progress(1)], "falls"), ([header, "text"], "not JSON"),
        ])
    func output(_ lines: [String], _ problem: String) throws {
        let result = ProgramResult(
            output: lines.joined(separator: "\n"), errors: "", status: 0, signal: nil, elapsed: 0)
        let problems = try outputProblems(of: result, mayFall: false)
        #expect(problems.contains { $0.contains(problem) }, "\(problems)")
    }

    private static let header = #"{"type": "header", "schema": 1, "version": "1", "command": "probe"}"#

    private static func progress(_ percent: Int) -> String {
        let time = #"{"seconds": 0, "ticks": 0, "time_base": "1/24"}"#
        return """
            {"type": "progress", "phase": "encode", "position": \(time), "begun": \(time), "frames": 0, "bytes": 0, \
            "fps": 0, "speed": 0, "elapsed": 1, "percent": \(percent)}
            """
    }

    /// Blocks of JSON in the page; what is shortened with dots cannot be checked.
    static let examples: [String] = {
        let page = (try? String(contentsOfFile: fixture("../docs/json-output.md"), encoding: .utf8)) ?? ""
        return page.components(separatedBy: "```json\n").dropFirst()
            .map { $0.components(separatedBy: "```")[0] }
            .filter { !$0.contains("...") && $0.contains(#""type""#) }
            .flatMap {
                $0.contains("\n  ")
                    ? [$0.replacingOccurrences(of: "\n", with: " ")] : $0.split(separator: "\n").map(String.init)
            }
    }()

    @Test("Examples in the page are valid", arguments: examples)
    func example(_ line: String) throws {
        #expect(try lineProblems(line) == [])
    }

    @Test("There are examples")
    func found() { #expect(Self.examples.count >= 10) }
}
