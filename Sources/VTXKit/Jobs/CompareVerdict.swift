// Whether what was compared fits together.

import LibAV
import VTXModel
import VTXPipeline

/// Finds what makes scores worthless: frames that have no counterpart, or the wrong one.
struct CompareVerdict {
    let plan: ComparePlan
    let allowsTruncated: Bool
    var warnings: [String] = []

    init(plan: ComparePlan, allowsTruncated: Bool) {
        self.plan = plan
        self.allowsTruncated = allowsTruncated
    }

    /// - Throws: `.badMedia` for a file that cannot be read to its end, and for one without frames.
    mutating func check(_ reference: CompareReading, _ others: [CompareOutcome]) throws(VTXError) {
        try checkReading(reference, of: plan.reference)
        for (other, side) in zip(others, plan.distorted) {
            try checkReading(other.reading, of: side)
            guard other.compared > 0 else {
                throw VTXError(
                    .usage, "no frames to compare", cause: "\(.shift) \(plan.shift) passes over all of them",
                    remedy: "use a smaller \(.shift)")
            }
            checkCount(other, reference.frames, side)
            checkTime(other, side)
        }
    }

    private mutating func checkReading(_ reading: CompareReading, of side: CompareSide) throws(VTXError) {
        if let failure = reading.readFailure {
            guard allowsTruncated else {
                throw VTXError(
                    .badMedia, "reading \(side.input) stopped at frame \(reading.frames)", cause: failure.words,
                    remedy: "get a whole copy, or pass \(.allowTruncated) to compare what is there")
            }
            warnings.append("reading \(side.name) stopped at frame \(reading.frames): \(failure.words)")
        }
        guard reading.frames > 0 else {
            throw VTXError(
                .badMedia, "no frame of \(side.input) can be decoded", cause: reading.lastFailure?.words)
        }
        if reading.failures > 0 {
            warnings.append(
                "\(side.name): \(reading.failures) of \(counted(reading.packets, "packet")) damaged"
                    + (reading.lastFailure.map { " (\($0.words))" } ?? ""))
        }
        if reading.changes > 0 {
            warnings.append("\(side.name): the size or format of frames changes \(counted(reading.changes, "time"))")
        }
    }

    /// Frames at the end may be missing after a shift.
    private mutating func checkCount(_ other: CompareOutcome, _ due: Int, _ side: CompareSide) {
        let difference = other.reading.frames - due
        guard difference != 0, difference != plan.shift else { return }
        warnings.append(
            "\(side.name) has \(counted(other.reading.frames, "frame")), the reference \(due): "
                + "\(other.compared) were compared")
    }

    private mutating func checkTime(_ other: CompareOutcome, _ side: CompareSide) {
        if let shift = other.shift {
            warnings.append(
                "\(side.name) is \(counted(abs(shift), "frame")) \(shift > 0 ? "late" : "early"): "
                    + "its scores are those of wrong pairs; compare with a shift of \(plan.shift + shift)")
        } else if let frame = other.firstApart, !plan.decisions.contains(where: \.isAboutRate) {
            warnings.append(
                "\(side.name): from frame \(frame) on timestamps differ by more than half a frame: "
                    + "frames may be missing or repeated")
        }
    }
}

extension Decision {
    /// Whether timestamps are known to differ.
    fileprivate var isAboutRate: Bool {
        switch self {
        case .compare(.rate), .compare(.variableRate): true
        default: false
        }
    }
}
