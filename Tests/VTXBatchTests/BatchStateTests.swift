// What a batch does about what happens, as tables: steps, and what the state asks for from the mark on.

import Glibc
import Testing
import VTXModel
import VTXSystem

@testable import VTXBatch

/// One row: a batch, what happens to it, and what it asks for.
struct StateRow: CustomTestStringConvertible {
    var name: String
    var scenario: Scenario
    var steps: [Step]
    var expected: [String]

    init(_ name: String, _ steps: [Step], _ expected: [String]) {
        self.init(name, Scenario(), steps, expected)
    }

    init(_ name: String, _ scenario: Scenario, _ steps: [Step], _ expected: [String]) {
        self.name = name
        self.scenario = scenario
        self.steps = steps
        self.expected = expected
    }

    var testDescription: String { name }

    func check() {
        var scenario = scenario
        scenario.run(steps)
        #expect(scenario.log == expected, "\(name)")
    }
}

/// A journal's record of a.mkv → a.mp4.
private func record(_ event: JournalRecord.Event, made: FileIdentity? = nil, plan: String = "plan") -> JournalRecord {
    var record = JournalRecord(event, source: "a.mkv", identity: Scenario.identity(), time: 1)
    if event == .probed {
        record.facts = Scenario.facts
        return record
    }
    record.output = "a.mp4"
    record.plan = plan
    record.made = made
    if event == .failed { record.failure = BatchFailure(.badMedia, "bad") }
    if event == .done { record.outcome = BatchOutcome(size: 5, elapsed: 1) }
    return record
}

private func changed(_ base: Scenario, _ change: (inout Scenario) -> Void) -> Scenario {
    var scenario = base
    change(&scenario)
    return scenario
}

/// One file, probed and being made by task 2.
private let making: [Step] = [.find(["a.mkv"]), .media(1), .ends(1, 0)]
/// Two files, probed and being made by tasks 2 and 3.
private let makingTwo: [Step] = [.find(["a.mkv", "b.mkv"]), .media(1), .media(1), .ends(1, 0)]
/// A watch over an empty directory.
private let emptyWatch = Scenario { $0.watches = true }

@Suite("batch state")
struct BatchStateTests {
    static let items = [
        StateRow(
            "an item is probed, made and recorded", making + [.done(2)],
            [
                "start 1 probe a.mkv", "record probed a.mkv", "found 1, skipped 0",
                "record started a.mkv, start 2 make a.mp4 with 2", "record done a.mkv", "done a.mkv", "end",
            ]),
        StateRow(
            "a worker that fails says why", making + [.mark, .fails(2)],
            ["record failed a.mkv", "failed a.mkv: bad", "prune ", "end"]),
        StateRow(
            "a worker that is killed leaves nothing behind", making + [.mark, .killed(2, SIGSEGV)],
            [
                "clear a.mp4 of 7", "record failed a.mkv",
                "failed a.mkv: the worker was ended by SIGSEGV: last words", "prune ", "end",
            ]),
        StateRow(
            "a worker that ends without an answer has failed", making + [.mark, .ends(2, 0)],
            ["record failed a.mkv", "failed a.mkv: the worker ended with status 0 and no answer", "prune ", "end"]),
        StateRow(
            "an output whose folder cannot be made has failed", changed(Scenario()) { $0.refusesFolders = true },
            [.find(["a.mkv"]), .media(1), .mark, .ends(1, 0)],
            [
                "found 1, skipped 0", "record failed a.mkv", "failed a.mkv: cannot create /out", "prune ", "end",
            ]),
        StateRow(
            "one failure does not stop the others", makingTwo + [.mark, .fails(2), .done(3)],
            ["record failed a.mkv", "failed a.mkv: bad", "record done b.mkv", "done b.mkv", "prune ", "end"]),
        StateRow("no media at all is an error", [.find([])], ["found 0, skipped 0", "end: no media below src"]),
    ]

    static let standings = [
        StateRow(
            "what is done is left alone",
            changed(Scenario(journal: [record(.probed), record(.done, made: Scenario.identity(5))])) {
                $0.present["a.mp4"] = Scenario.identity(5)
            }, [.find(["a.mkv"])], ["found 1, skipped 0", "unchanged a.mkv", "end"]),
        StateRow(
            "an own output of another plan is replaced",
            changed(Scenario(journal: [record(.probed), record(.done, made: Scenario.identity(5), plan: "old")])) {
                $0.present["a.mp4"] = Scenario.identity(5)
            }, [.find(["a.mkv"])],
            ["found 1, skipped 0", "record started a.mkv, start 1 make a.mp4 with 2 over"]),
        StateRow(
            "what failed before is not tried again", Scenario(journal: [record(.probed), record(.failed)]),
            [.find(["a.mkv"])], ["found 1, skipped 0", "failed_before a.mkv: bad", "end"]),
        StateRow(
            "what failed before is tried again on request",
            Scenario({ $0.retriesFailed = true }, journal: [record(.probed), record(.failed)]), [.find(["a.mkv"])],
            ["found 1, skipped 0", "record started a.mkv, start 1 make a.mp4 with 2"]),
        StateRow(
            "what was started is cleared and done again", Scenario(journal: [record(.probed), record(.started)]),
            [.find(["a.mkv"])],
            ["clear a.mp4 of any", "found 1, skipped 0", "record started a.mkv, start 1 make a.mp4 with 2"]),
        StateRow(
            "what was finished before the batch could say so is recorded",
            changed(Scenario(journal: [record(.probed), record(.started)])) {
                $0.present["a.mp4"] = FileIdentity(size: 5, modified: 2_000_000_000, inode: 3)
            }, [.find(["a.mkv"])],
            ["clear a.mp4 of any", "found 1, skipped 0", "record done a.mkv", "done a.mkv", "end"]),
    ]

    static let probing = [
        StateRow(
            "files that are not media are counted",
            [
                .find(["a.txt", "b.mkv"]), .says(1, .failure(BatchFailure(.badMedia, "no"))), .media(1), .mark,
                .ends(1, 0),
            ],
            ["found 1, skipped 1", "record started b.mkv, start 2 make b.mp4 with 2"]),
        StateRow(
            "a file that begins like media is broken media",
            changed(Scenario()) { $0.mediaHeads = ["a.txt"] },
            [.find(["a.txt"]), .mark, .says(1, .failure(BatchFailure(.badMedia, "no"))), .ends(1, 0)],
            ["record probed a.txt", "found 1, skipped 0", "failed a.txt: no", "end"]),
        StateRow(
            "a file that kills its probe fails, those after it get another",
            [.find(["a.mkv", "b.mkv", "c.mkv"]), .media(1), .mark, .killed(1, SIGSEGV)],
            ["start 2 probe c.mkv"]),
        StateRow(
            "a probe that answers nothing is repeated file by file",
            [.find(["a.mkv", "b.mkv", "c.mkv"]), .mark, .ends(1, 70)], ["start 2 probe a.mkv", "start 3 probe b.mkv"]),
        StateRow(
            "24 files share a probe, and no more probes run than there are cores",
            [.find((0..<60).map { "\($0).mkv" }), .mark, .ends(1, 70)],
            ["start 3 probe 48.mkv" + (49..<60).map { ", \($0).mkv" }.joined()]),
    ]

    static let naming = [
        StateRow(
            "two sources of one output are refused before anything starts",
            [.find(["a.mkv", "a.mov"]), .media(1), .media(1), .mark, .ends(1, 0)],
            [
                "found 2, skipped 0",
                "end: output name collision: a.mkv and a.mov would both be written to a.mp4",
            ]),
        StateRow(
            "a name that depends on the plan asks for it; a file without a plan has none",
            Scenario(settings: ItemSettings(target: .mp4, name: try! NameTemplate("{stem}-{height}"))),
            makingTwo + [.mark, .fails(2), .ends(3, 70)],
            ["failed a.mkv: bad", "failed b.mkv: the worker ended with status 70 and no answer", "end"]),
    ]

    static let scheduling = [
        StateRow(
            "no more items run than there are jobs; threads share the cores", Scenario { $0.jobs = 1 },
            makingTwo + [.mark, .done(2)],
            ["record done a.mkv", "done a.mkv", "record started b.mkv, start 3 make b.mp4 with 2"]),
        StateRow(
            "items wait for memory; alone, any runs", Scenario(memory: 1), makingTwo + [.mark, .wait(1), .done(2)],
            ["record done a.mkv", "done a.mkv", "record started b.mkv, start 3 make b.mp4 with 1"]),
    ]

    static let endings = [
        StateRow(
            "a signal ends workers, and the rest is not started", Scenario { $0.jobs = 1 },
            makingTwo + [.mark, .signal(SIGINT), .ends(2, 130)],
            ["send SIGINT to 2", "prune ", "end: interrupted; 0 files finished, the rest not started"]),
        StateRow(
            "SIGHUP is SIGTERM to workers; one that has finished meanwhile counts",
            making + [.mark, .signal(SIGHUP), .done(2)],
            [
                "send SIGTERM to 2", "record done a.mkv", "done a.mkv",
                "end: terminated; 1 file finished, the rest not started",
            ]),
        StateRow(
            "a second signal kills", makingTwo + [.mark, .signal(SIGTERM), .signal(SIGTERM)],
            ["send SIGTERM to 2 3", "send SIGKILL to 2 3"]),
        StateRow(
            "workers that do not end are killed after two seconds",
            making + [.mark, .signal(SIGTERM), .wait(1.9), .wait(0.2)], ["send SIGTERM to 2", "send SIGKILL to 2"]),
        StateRow(
            "a worker that is silent for a quarter of an hour is killed; one that speaks is not",
            makingTwo + [
                .mark, .wait(800), .says(3, .progress(fraction: 0.1, speed: 1)), .wait(101),
            ], ["send SIGKILL to 2"]),
        StateRow(
            "the first failure cuts a batch short",
            Scenario {
                $0.failsFast = true; $0.jobs = 1
            },
            makingTwo + [.mark, .fails(2)], ["record failed a.mkv", "failed a.mkv: bad", "prune ", "end"]),
        StateRow(
            "a cut ends workers, which are due again",
            Scenario { $0.failsFast = true }, makingTwo + [.mark, .fails(2), .killed(3, SIGTERM)],
            [
                "record failed a.mkv", "failed a.mkv: bad", "send SIGTERM to 3", "clear b.mp4 of 7", "prune ", "end",
            ]),
        StateRow(
            "a journal that cannot be written ends the batch",
            makingTwo + [.mark, .journalFails, .killed(2, SIGTERM), .done(3)],
            [
                "send SIGTERM to 2 3", "clear a.mp4 of 7", "record done b.mkv", "done b.mkv", "prune ",
                "end: disk full",
            ]),
        StateRow(
            "nothing is asked for after the end", making + [.done(2), .mark, .signal(SIGINT), .wait(1)], []),
    ]

    static let hooks = [
        StateRow(
            "the user's command runs for each result, and its failure is told", Scenario { $0.hook = "true" },
            making + [.mark, .done(2), .ends(3, 4)],
            [
                "record done a.mkv", "done a.mkv", "start 3 hook a.mkv",
                "warn finished command ended with status 4 for a.mkv", "end",
            ]),
        StateRow(
            "a cut waits for the user's command, and does not end it",
            Scenario {
                $0.hook = "true"; $0.failsFast = true
            }, making + [.mark, .fails(2), .wait(1000), .ends(3, 0)],
            ["record failed a.mkv", "failed a.mkv: bad", "start 3 hook a.mkv", "prune ", "end"]),
        StateRow(
            "a signal ends the user's command, and those that wait are not run",
            Scenario {
                $0.hook = "true"; $0.cores = 1; $0.jobs = 2
            },
            makingTwo + [.done(2), .done(3), .mark, .signal(SIGTERM), .killed(4, SIGTERM)],
            [
                "send SIGTERM to 4", "warn finished command ended with SIGTERM for a.mkv: last words",
                "warn finished command was not run for the last file",
                "end: terminated; 2 files finished, the rest not started",
            ]),
        StateRow(
            "thumbnails are made at the end", Scenario { $0.wantsThumbnails = true },
            making + [.mark, .done(2), .ends(3, 0)],
            ["record done a.mkv", "done a.mkv", "start 3 thumbnail /out/a.mp4", "end"]),
    ]

    static let watching = [
        StateRow(
            "a file that appears is taken; idle is told once", emptyWatch,
            [.find([]), .wait(1), .wait(1), .complete("a.mkv", 10), .media(1), .ends(1, 0), .done(2), .wait(1)],
            [
                "found 0, skipped 0", "idle", "start 1 probe a.mkv", "record probed a.mkv",
                "record started a.mkv, start 2 make a.mp4 with 2", "record done a.mkv", "done a.mkv", "idle",
            ]),
        StateRow(
            "a file that has not changed is not taken again", emptyWatch,
            making + [.done(2), .mark, .complete("a.mkv", 10)], []),
        StateRow(
            "a file that changes while it is made is done again after that", emptyWatch,
            making + [
                .mark, .complete("a.mkv", 20), .wait(1), .done(2), .wait(1), .complete("a.mkv", 20), .media(3),
                .ends(3, 0),
            ],
            [
                "expect a.mkv", "record done a.mkv", "done a.mkv", "start 3 probe a.mkv", "record probed a.mkv",
                "record started a.mkv, start 4 make a.mp4 with 2 over",
            ]),
        StateRow(
            "a file that changes while it is probed is taken as it is then", emptyWatch,
            [
                .find([]), .complete("a.mkv", 10), .complete("a.mkv", 20), .mark, .media(2), .ends(2, 0), .media(1),
                .ends(1, 0),
            ],
            [
                "record probed a.mkv", "record started a.mkv, start 3 make a.mp4 with 2", "record probed a.mkv",
                "expect a.mkv",
            ]),
        StateRow(
            "an item whose file changes leaves the queue",
            Scenario {
                $0.watches = true; $0.jobs = 1
            },
            makingTwo + [.mark, .changing(["b.mkv"]), .done(2), .complete("b.mkv", 20)],
            ["record done a.mkv", "done a.mkv", "start 3 probe b.mkv"]),
        StateRow(
            "after lost events, news are expected", emptyWatch,
            making + [.done(2), .mark, .walked(["a.mkv", "b.mkv"])], ["expect b.mkv"]),
        StateRow(
            "a file with the output of another fails", emptyWatch,
            making + [.done(2), .mark, .complete("a.mov", 10), .media(3), .ends(3, 0)],
            [
                "start 3 probe a.mov", "record probed a.mov",
                "failed a.mov: output name collision: a.mp4 is already the output of a.mkv", "idle",
            ]),
        StateRow(
            "a signal ends a watch", emptyWatch, making + [.done(2), .mark, .signal(SIGTERM)],
            ["end: terminated; 1 file finished, the rest not started"]),
    ]

    static let dryRuns = [
        StateRow(
            "a dry run plans everything and starts nothing", Scenario(isDryRun: true),
            makingTwo + [
                .mark, .says(2, .plan(.ladder(plan))), .ends(2, 0), .fails(3),
            ],
            [
                "planned a.mkv → a.mp4: due", "planned b.mkv → b.mp4: failed", "end: 1 to do, 1 failures",
            ]),
        StateRow(
            "a dry run tells what is done",
            changed(
                Scenario(isDryRun: true, journal: [record(.probed), record(.done, made: Scenario.identity(5))])
            ) {
                $0.present["a.mp4"] = Scenario.identity(5)
            }, [.find(["a.mkv"]), .mark, .says(1, .plan(.ladder(plan))), .ends(1, 0)],
            ["planned a.mkv → a.mp4: unchanged", "end: 0 to do, 0 failures"]),
    ]

    private static let plan = LadderPlan(
        input: "", output: "", segments: .fmp4,
        grid: SegmentGrid(frameRate: Rational(25, 1), gopFrames: 50, segmentFrames: 150),
        origin: .zero, expectedDuration: nil)

    @Test("Items are made and recorded", arguments: items + standings)
    func item(row: StateRow) { row.check() }

    @Test("Files are probed and named", arguments: probing + naming)
    func discovery(row: StateRow) { row.check() }

    @Test("Items share the budget", arguments: scheduling)
    func budget(row: StateRow) { row.check() }

    @Test("A batch ends in order", arguments: endings)
    func ending(row: StateRow) { row.check() }

    @Test("Results are followed by the user's command and thumbnails", arguments: hooks)
    func following(row: StateRow) { row.check() }

    @Test("A watch takes what appears and changes", arguments: watching)
    func watch(row: StateRow) { row.check() }

    @Test("A dry run makes nothing", arguments: dryRuns)
    func dryRun(row: StateRow) { row.check() }

    @Test("Progress is that of all items: it never falls, and its speed counts what runs and what is done")
    func progress() {
        // Two items of 10 s of media.
        let half = TaskAnswer.progress(fraction: 0.5, speed: 1)
        let steps: [(steps: [Step], fraction: Double, speed: Double?)] = [
            ([], 0, nil), ([.wait(5)], 0, nil), ([.says(2, half)], 0.25, 1), ([.says(3, half)], 0.5, 2),
            ([.wait(5)], 0.5, 1), ([.done(2)], 0.75, 1.5), ([.fails(3)], 1, 1),
        ]
        for count in 1...steps.count {
            var scenario = Scenario()
            scenario.run(makingTwo + steps[..<count].flatMap(\.steps))
            let progress = scenario.state.progress
            #expect(progress.fraction == steps[count - 1].fraction, "\(count)")
            #expect(progress.speed == steps[count - 1].speed, "\(count)")
        }
    }
}
