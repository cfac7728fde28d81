// Lines of a worker keep their values, in both forms: with decisions as values, and as `--json` writes them.

import Foundation
import Testing
import VTXModel
import VTXPlanning

@testable import VTXKit

private let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Fixtures").path

/// The writer of `--json`, but for the spelling of settings.
private let textWriter = WorkerLineWriter { $0.description }

private func packagePlan(_ decisions: [Decision]) -> JobPlan {
    var plan = PackagePlan(inputs: [], output: "out", segments: .fmp4, isSingleFile: false)
    plan.decisions = decisions
    return .package(plan)
}

@Suite("worker lines", .timeLimit(.minutes(60)))
struct WorkerLineTests {
    @Test("Each decision is read as the value that was written", arguments: allDecisions)
    func decision(_ decision: Decision) throws {
        let plan = packagePlan([decision])
        let line = try #require(WorkerLineWriter().line(.plan(plan)))
        #expect(WorkerLineReader(.package).event(line) == .plan(plan), "\(String(decoding: line, as: UTF8.self))")
    }

    @Test("A decision that was written as text is read as that text", arguments: allDecisions)
    func text(_ decision: Decision) throws {
        let line = try #require(textWriter.line(.plan(packagePlan([decision]))))
        guard case .plan(let plan) = WorkerLineReader(.package).event(line) else {
            Issue.record("not a plan: \(String(decoding: line, as: UTF8.self))")
            return
        }
        #expect(plan.decisions.map(\.description) == [decision.description])
        guard case .reported = plan.decisions.first else {
            Issue.record("read as a value: \(plan.decisions)")
            return
        }
    }

    @Test("The examples have each kind of decision, and no two are the same")
    func examples() {
        #expect(Set(allDecisions).count > 70)
        #expect(Set(allDecisions.map { "\(Mirror(reflecting: $0).children.first?.label ?? "")" }).count == 13)
    }

    @Test("What a probe finds in any file is read as the same value, whoever the writer is")
    func media() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: fixtures).sorted()
        var count = 0
        for isDeep in [false, true] {
            ProbeJob(names.map { "\(fixtures)/\($0)" }, isDeep: isDeep).run { path, result in
                guard case .success(let found) = result else { return }
                count += 1
                for writer in [WorkerLineWriter(), textWriter] {
                    let line = writer.line(.media(found)) ?? []
                    #expect(WorkerLineReader(.probe).event(line) == .media(found), "\(path)")
                }
            }
        }
        #expect(count > 40)
    }

    @Test(
        "Plans as --json writes them are read with all but the values of their decisions",
        arguments: [
            "clip.mkv", "hdr.mp4", "surround.mkv", "interlaced.mpg", "vfr.mp4", "bitmap_subtitle.mkv",
        ])
    func plans(name: String) throws {
        func withoutDecisions(_ plan: JobPlan?) -> JobPlan? {
            switch plan {
            case .transcode(var plan):
                plan.decisions = []
                return .transcode(plan)
            case .ladder(var plan):
                plan.decisions = []
                return .ladder(plan)
            case .package, .extract, .join, .compare, nil: return plan
            }
        }
        let transcode = try TranscodeJob(
            input: "\(fixtures)/\(name)", options: TranscodeOptions(output: "out.mp4")
        ).plan().plan
        let ladder = try LadderJob(
            input: "\(fixtures)/\(name)", options: LadderOptions(output: "out", preset: .medium)
        ).plan()
        for (plan, work) in [(JobPlan.transcode(transcode), WorkerTask.Work.transcode), (.ladder(ladder), .ladder)] {
            let line = try #require(textWriter.line(.plan(plan)))
            guard case .plan(let read) = WorkerLineReader(work).event(line) else {
                Issue.record("not a plan of \(work)")
                continue
            }
            #expect(withoutDecisions(read) == withoutDecisions(plan))
            #expect(read.decisions.map(\.description) == plan.decisions.map(\.description))
        }
    }
}
