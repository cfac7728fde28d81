import Testing
import VTXModel
import VTXSystem

@Suite("record log")
struct RecordLogTests {
    struct Note: Codable, Equatable {
        var key: String
        var value: Int
    }

    /// The last note of each key.
    static func shorten(_ notes: [Note]) -> [Note] {
        var last: [String: Note] = [:]
        for note in notes { last[note.key] = note }
        return last.values.sorted { $0.key < $1.key }
    }

    @Test("Records come back in order; a line has sorted keys and plain slashes")
    func roundTrip() throws {
        try withDirectory { directory in
            let path = "\(directory)/log"
            let notes = [Note(key: "a/b", value: 1), Note(key: "c", value: 2)]
            do {
                let log = try RecordLog<Note>(path)
                #expect(log.records == [])
                for note in notes { try log.append(note) }
            }
            #expect(readText(path) == "{\"key\":\"a/b\",\"value\":1}\n{\"key\":\"c\",\"value\":2}\n")
            let again = try RecordLog<Note>(path)
            #expect(again.records == notes)
            #expect(again.damagedLines == 0)
        }
    }

    @Test(
        "A line that is cut anywhere costs no other one",
        arguments: ["{\"key\":\"c\",\"value\":3}", "{\"key\":\"c\",\"val", "{", "\u{0}\u{0}"])
    func cut(rest: String) throws {
        try withDirectory { directory in
            let path = "\(directory)/log"
            do { try RecordLog<Note>(path).append(Note(key: "a", value: 1)) }
            try writeFile(Array(rest.utf8), to: path, appending: true)
            let isWhole = rest.hasSuffix("}")
            do {
                let log = try RecordLog<Note>(path)
                #expect(log.damagedLines == (isWhole ? 0 : 1))
                #expect(log.records.count == (isWhole ? 2 : 1))
                try log.append(Note(key: "d", value: 4))
            }
            let again = try RecordLog<Note>(path)
            #expect(again.damagedLines == 0)
            #expect(again.records.last == Note(key: "d", value: 4))
            #expect(again.records.count == (isWhole ? 3 : 2))
            #expect(names(in: directory) == ["log"])
        }
    }

    @Test("A long log is shortened to what it says, once it is worth it")
    func shortened() throws {
        try withDirectory { directory in
            let path = "\(directory)/log"
            for (count, lines) in [(50, 50), (100, 1)] {
                do {
                    let log = try RecordLog<Note>(path, shorten: Self.shorten)
                    for value in 0..<count { try log.append(Note(key: "a", value: value), isLasting: false) }
                }
                #expect(try RecordLog<Note>(path, shorten: Self.shorten).records.count == 1)
                #expect(readText(path)?.split(separator: "\n").count == lines)
            }
        }
    }

    @Test("A log that is only read is not written")
    func readOnly() throws {
        try withDirectory { directory in
            let path = "\(directory)/log"
            #expect(try RecordLog<Note>(path, isReadOnly: true).records == [])
            #expect(names(in: directory) == [])
            try writeFile(Array("{\"key\":\"a\",\"value\":1}\n{".utf8), to: path)
            let log = try RecordLog<Note>(path, isReadOnly: true)
            #expect(log.records.count == 1)
            #expect(log.damagedLines == 1)
            try log.append(Note(key: "b", value: 2))
            #expect(readText(path) == "{\"key\":\"a\",\"value\":1}\n{")
        }
    }
}
