// What has to be done about an item, by what the journal says.

import Foundation
import Testing
import VTXModel
import VTXSystem

@testable import VTXBatch

private let source = Candidate(path: "a.mkv", identity: FileIdentity(size: 10, modified: 1, inode: 1))
private let output = FileIdentity(size: 5, modified: 2_000_000_000_000, inode: 7)
private let other = FileIdentity(size: 6, modified: 3_000_000_000_000, inode: 8)

private func record(
    _ event: JournalRecord.Event, plan: String = "p", made: FileIdentity? = nil, previous: FileIdentity? = nil,
    size: Int64 = 10, time: Double = 1000
) -> JournalRecord {
    var record = JournalRecord(
        event, source: "a.mkv", identity: FileIdentity(size: size, modified: 1, inode: 99), time: time)
    record.output = "a.mp4"
    record.plan = plan
    record.made = made
    record.previous = previous
    if event == .done { record.outcome = BatchOutcome(size: 5) }
    if event == .failed { record.failure = BatchFailure(.badMedia, "bad") }
    return record
}

@Suite("journal")
struct JournalTests {
    static let rows: [(String, JournalRecord?, FileIdentity?, ItemStanding)] = [
        ("never seen", nil, nil, .due(mayReplace: false)),
        ("never seen, and something stands there", nil, output, .due(mayReplace: false)),
        ("done", record(.done, made: output), output, .done(BatchOutcome(size: 5))),
        (
            "done, and changed by hand: it is the user's now", record(.done, made: output), other,
            .done(BatchOutcome(size: 5))
        ),
        ("done and lost", record(.done, made: output), nil, .due(mayReplace: false)),
        ("done by another plan", record(.done, plan: "q", made: output), output, .due(mayReplace: true)),
        (
            "done by another plan, changed by hand", record(.done, plan: "q", made: output), other,
            .due(mayReplace: false)
        ),
        ("done of another source", record(.done, made: output, size: 11), output, .due(mayReplace: true)),
        ("started", record(.started), nil, .due(mayReplace: false)),
        ("started and finished unsaid", record(.started), output, .finishedUnsaid),
        (
            "started; what stands there stood there before", record(.started, previous: output), output,
            .due(mayReplace: false)
        ),
        (
            "started over an own output", record(.started, made: output, previous: output), output,
            .due(mayReplace: true)
        ),
        (
            "started over an own output and finished", record(.started, made: output, previous: output), other,
            .finishedUnsaid
        ),
        ("started by another plan and finished", record(.started, plan: "q"), output, .due(mayReplace: true)),
        ("started; an older file was put there", record(.started, time: 2500), output, .due(mayReplace: false)),
        ("failed", record(.failed), nil, .failed(BatchFailure(.badMedia, "bad"))),
        ("failed by another plan", record(.failed, plan: "q"), nil, .due(mayReplace: false)),
        ("failed over an own output", record(.failed, plan: "q", made: output), output, .due(mayReplace: true)),
    ]

    @Test("What is done is left alone, what was interrupted is done again", arguments: rows.indices)
    func standing(index: Int) {
        let (name, last, present, expected) = Self.rows[index]
        var state = JournalState()
        if let last { state.add(last) }
        let found = state.standing(
            output: "a.mp4", source: source, plan: "p", present: present, retriesFailed: false)
        #expect(found == expected, "\(name)")
    }

    @Test("What failed is due again with --retry")
    func retry() {
        var state = JournalState()
        state.add(record(.failed))
        #expect(
            state.standing(output: "a.mp4", source: source, plan: "p", present: nil, retriesFailed: true)
                == .due(mayReplace: false))
    }

    @Test("What failed because something stood there is due again with --overwrite; other failures are not")
    func overwriting() {
        for (kind, expected) in [
            (VTXError.Kind.cannotCreate, ItemStanding.due(mayReplace: false)),
            (.badMedia, .failed(BatchFailure(.badMedia, "bad"))),
        ] {
            var last = record(.failed)
            last.failure = BatchFailure(kind, "bad")
            var state = JournalState()
            state.add(last)
            let found = state.standing(
                output: "a.mp4", source: source, plan: "p", present: other, retriesFailed: false, mayOverwrite: true)
            #expect(found == expected)
        }
    }

    @Test("A journal that was cut off at the end of a line loses nothing of what comes behind it")
    func unterminated() throws {
        let path = FileManager.default.temporaryDirectory.path + "/vtx-journal-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        do { try openJournal(path).append(record(.started)) }
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        try whole.dropLast().write(to: URL(fileURLWithPath: path))
        do { try openJournal(path).append(record(.done, made: output)) }
        let again = try openJournal(path)
        #expect(again.damagedLines == 0)
        #expect(JournalState(again.records).items["a.mp4"]?.event == .done)
    }

    @Test("A journal that was cut off in a line goes on, and says so")
    func torn() throws {
        let path = FileManager.default.temporaryDirectory.path + "/vtx-journal-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        do {
            let journal = try openJournal(path)
            try journal.append(record(.started))
            try journal.append(record(.done, made: output))
        }
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        try (whole + Data(#"{"type":"sta"#.utf8)).write(to: URL(fileURLWithPath: path))
        do {
            let journal = try openJournal(path)
            #expect(journal.damagedLines == 1)
            #expect(JournalState(journal.records).items["a.mp4"]?.event == .done)
            try journal.append(record(.failed))
        }
        let again = try openJournal(path)
        #expect(again.damagedLines == 0)
        #expect(JournalState(again.records).items["a.mp4"]?.event == .failed)
        #expect(again.records.count == 1)
    }

    @Test("A long journal is shortened to what it says")
    func shortened() throws {
        let path = FileManager.default.temporaryDirectory.path + "/vtx-journal-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        do {
            let journal = try openJournal(path)
            for _ in 0..<300 { try journal.append(record(.started), isLasting: false) }
        }
        _ = try openJournal(path)
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 1)
    }

    @Test("The plan's hash changes with target, name, options and the files they name")
    func hashes() throws {
        let preset = FileManager.default.temporaryDirectory.path + "/vtx-preset-\(UUID().uuidString).yaml"
        defer { try? FileManager.default.removeItem(atPath: preset) }
        try "base: low".write(toFile: preset, atomically: true, encoding: .utf8)
        let settings = ItemSettings(target: .mp4, words: ["--preset", preset])
        let first = planHash(settings, output: "a.mp4")
        #expect(first == planHash(settings, output: "a.mp4"))
        #expect(first != planHash(settings, output: "b.mp4"))
        #expect(first != planHash(ItemSettings(target: .file(.mkv), words: settings.words), output: "a.mp4"))
        #expect(first != planHash(ItemSettings(target: .mp4, words: ["--preset"]), output: "a.mp4"))
        try "base: high".write(toFile: preset, atomically: true, encoding: .utf8)
        #expect(first != planHash(settings, output: "a.mp4"))
    }
}
