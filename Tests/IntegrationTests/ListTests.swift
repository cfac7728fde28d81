// vtx presets, codecs and filters: what is listed is what there is.

import Foundation
import Testing

@Suite("lists", .timeLimit(.minutes(60)))
struct ListTests {
    @Test(
        "A list is a table or JSON lines, with the same entries",
        arguments: [("presets", "preset", "telegram"), ("codecs", "codec", "libx264"), ("filters", "filter", "bwdif")])
    func lists(command: String, type: String, word: String) throws {
        let text = try vtx(command)
        #expect(text.status == 0 && text.output.contains(word), "\(text.summary)")
        let lines = try vtx(command, "--json").json()
        #expect(lines.first?.value("command") == command && Set(lines.dropFirst().map(\.type)) == [type])
        for line in lines.dropFirst() {
            let name: String = try #require(line.value("name"))
            #expect(text.output.contains(name), "\(name)")
        }
    }

    @Test("Encoders and filters are those of libav", .needsOracle)
    func same() throws {
        let encoders = try Oracle.ffmpeg(["-encoders"]).output
        for line in try vtx("codecs", "--json").json().dropFirst() {
            let (encoder, isAvailable): (String?, Bool?) = (line.value("encoder"), line.value("is_available"))
            #expect(encoders.contains(" \(try #require(encoder)) ") == isAvailable, "\(encoder ?? "")")
        }
        let filters = try Oracle.ffmpeg(["-filters"]).output
        let rows = filters.split(separator: "\n").map { $0.split(separator: " ", omittingEmptySubsequences: true) }
            .filter { $0.count > 3 && $0[2].contains("->") }
        let names = try vtx("filters", "--json").json().dropFirst().compactMap { $0["name"] as? String }
        #expect(Set(names) == Set(rows.map { String($0[1]) }))
    }

    @Test("Filters are found by words of their description")
    func search() throws {
        let found = try vtx("filters", "BLACK")
        #expect(found.status == 0 && found.output.contains("blackdetect") && !found.output.contains("setsar"))
        let none = try vtx("filters", "no such thing")
        #expect(none.status == 64 && none.output.isEmpty && none.errors.contains("hint: "))
    }
}
