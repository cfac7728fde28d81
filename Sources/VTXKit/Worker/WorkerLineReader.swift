// Reads the lines of a worker: what `WorkerLineWriter` writes, and the lines of `--json`.

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import VTXModel

/// Reads lines of a worker.
package struct WorkerLineReader {
    private let decoder: JSONDecoder

    /// - Parameter work: what the worker does, which says how its plan and report are to be read.
    package init(_ work: WorkerTask.Work) {
        decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        decoder.userInfo[.work] = work
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    }

    /// The event that a line is.
    ///
    /// - Parameter line: one object; may be from another version of vtx, or from something else. Decisions that were
    ///   written as text are `.reported`.
    /// - Returns: `nil` for types that are not known, and for what is not such a line.
    package func event(_ line: [UInt8]) -> WorkerEvent? {
        (try? decoder.decode(Line.self, from: Data(line)))?.event
    }

    /// A line, read in one pass: a batch of thousands of files reads as many descriptions on one thread.
    private struct Line: Decodable {
        let event: WorkerEvent?
        enum Key: CodingKey { case type }

        init(from decoder: any Decoder) throws {
            switch try decoder.container(keyedBy: Key.self).decode(String.self, forKey: .type) {
            case "header": event = .header(try WorkerHeader(from: decoder))
            case "media": event = .media(try ProbeJob.Result(from: decoder))
            case "plan": event = try Self.plan(decoder).map(WorkerEvent.plan)
            case "resume": event = .resume(try Resumption(from: decoder))
            case "progress": event = .progress(try JobProgress(from: decoder))
            case "done": event = try Self.report(decoder).map(WorkerEvent.done)
            case "error": event = .error(try WorkerFailure(from: decoder))
            default: event = nil
            }
        }

        private static func plan(_ decoder: any Decoder) throws -> JobPlan? {
            switch decoder.userInfo[.work] as? WorkerTask.Work {
            case .transcode: .transcode(try TranscodePlan(from: decoder))
            case .ladder: .ladder(try LadderPlan(from: decoder))
            case .package: .package(try PackagePlan(from: decoder))
            case .extract: .extract(try ExtractPlan(from: decoder))
            case .join: .join(try JoinPlan(from: decoder))
            case .compare: .compare(try ComparePlan(from: decoder))
            case .probe, .thumbnail, nil: nil
            }
        }

        private static func report(_ decoder: any Decoder) throws -> JobReport? {
            switch decoder.userInfo[.work] as? WorkerTask.Work {
            case .transcode: .transcode(try TranscodeReport(from: decoder))
            case .ladder: .ladder(try LadderReport(from: decoder))
            case .package: .package(try PackageReport(from: decoder))
            case .extract: .extract(try ExtractReport(from: decoder))
            case .join: .join(try JoinReport(from: decoder))
            case .compare: .compare(try CompareReport(from: decoder))
            case .probe, .thumbnail, nil: nil
            }
        }
    }
}

extension CodingUserInfoKey {
    /// What the worker does: a `WorkerTask.Work`.
    fileprivate static let work = CodingUserInfoKey(rawValue: "work")!
}
