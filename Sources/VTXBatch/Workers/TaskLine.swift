// Reads the lines that workers write (docs/json-output.md), as far as a batch needs them.

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import VTXModel

extension TaskAnswer {
    /// The answer that a line is.
    ///
    /// - Parameter target: what a plan in the line is for.
    init(line: [UInt8], target: BatchTarget?) {
        let data = Data(line)
        self = .other
        guard let line = try? decoder.decode(TaskLine.self, from: data) else { return }
        switch line.type {
        case "media": if let media = line.media { self = .media(media.facts) }
        case "progress": self = .progress(fraction: line.fraction, speed: line.speed)
        case "done":
            let warnings = (try? decoder.decode(DoneLine.self, from: data).warnings) ?? []
            self = .done(duration: line.duration?.seconds, warnings: warnings)
        case "error": if let failure = line.failure { self = .failure(failure) }
        case "plan":
            if target == .hls {
                if let plan = try? decoder.decode(LadderPlan.self, from: data) { self = .plan(.ladder(plan)) }
            } else if let plan = try? decoder.decode(TranscodePlan.self, from: data) {
                self = .plan(.transcode(plan))
            }
        default: break
        }
    }
}

/// A line of any type; what it lacks is `nil`.
private struct TaskLine: Decodable {
    struct Time: Decodable { var seconds: Double }
    var type: String
    // media
    var media: ProbedMedia?
    // progress
    var phase: String?
    var percent: Double?
    var position: Time?
    var expected: Time?
    var speed: Double?
    // done
    var duration: Time?
    // error
    var kind: VTXError.Kind?
    var message: String?
    var cause: String?
    var hint: String?

    /// How much of the output is made, 0 to 1; `nil` while something else is done, or if it is not known.
    var fraction: Double? {
        if let phase, phase != "encode", phase != "finish" { return nil }
        if let percent { return percent / 100 }
        guard let position, let expected, expected.seconds > 0 else { return nil }
        return min(1, max(0, position.seconds / expected.seconds))
    }

    var failure: BatchFailure? {
        guard let kind, let message else { return nil }
        return BatchFailure(kind, message, cause: cause, hint: hint)
    }
}

/// What only `done` has in this form: the warnings of `media` are objects.
private struct DoneLine: Decodable {
    var warnings: [String]
}

private let decoder: JSONDecoder = {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
}()
