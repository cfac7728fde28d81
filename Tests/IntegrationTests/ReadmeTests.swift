// The README shows what is printed: every example with output is run and compared.

import Foundation
import Testing

@Suite("README", .timeLimit(.minutes(60)))
struct ReadmeTests {
    struct Example: CustomTestStringConvertible, Sendable {
        /// The command line without `vtx`, as words.
        var words: [String]
        /// What the README shows below it.
        var shown: String
        var testDescription: String { words.joined(separator: " ") }
    }

    static let examples: [Example] = {
        let text = (try? String(contentsOfFile: fixture("../README.md"), encoding: .utf8)) ?? ""
        var examples: [Example] = []
        var command: String?
        var shown: [String] = []
        func finish() {
            if let command, !shown.isEmpty {
                examples.append(Example(words: words(of: command), shown: shown.joined(separator: "\n")))
            }
            (command, shown) = (nil, [])
        }
        for line in text.components(separatedBy: "\n") {
            guard line.hasPrefix("    ") else {
                finish()
                continue
            }
            let line = String(line.dropFirst(4))
            if line.hasPrefix("$ vtx ") {
                finish()
                command = String(line.dropFirst("$ vtx ".count))
            } else if let open = command, open.hasSuffix("\\") {
                command = open.dropLast() + line.trimmingCharacters(in: .whitespaces)
            } else {
                shown.append(line)
            }
        }
        finish()
        // A server's output has the port that was free, and does not end.
        return examples.filter { $0.words.first != "serve" }
    }()

    private static func words(of command: String) -> [String] {
        command.replacingOccurrences(of: "'", with: "").split(separator: " ").map(String.init)
    }

    @Test("There are examples")
    func found() { #expect(Self.examples.count >= 6) }

    @Test("An example prints what the README shows", arguments: examples)
    func output(example: Example) throws {
        let folder = try Folder()
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("Fixtures"), withDestinationPath: fixture(""))
        let result = try Program.run(vtxBinary(), example.words, in: folder.path)
        let printed = (result.output + result.errors).components(separatedBy: "\n")
            .map { line in String(line.reversed().drop { $0 == " " }.reversed()) }
            .joined(separator: "\n").trimmingCharacters(in: .newlines)
        #expect(printed == example.shown)
    }
}
