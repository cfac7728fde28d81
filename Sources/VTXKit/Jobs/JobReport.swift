// The reports of all jobs as one value.

public import VTXModel

/// The report of any job. Encoded as the report itself: the reader knows what it asked for.
public enum JobReport: Hashable, Sendable {
    /// The report of a `TranscodeJob`.
    case transcode(TranscodeReport)
    /// The report of a `LadderJob`.
    case ladder(LadderReport)
    /// The report of a `PackageJob`.
    case package(PackageReport)
    /// The report of an `ExtractJob`.
    case extract(ExtractReport)
    /// The report of a `JoinJob`.
    case join(JoinReport)
    /// The report of a `CompareJob`.
    case compare(CompareReport)

    /// Of the output.
    public var duration: MediaTime {
        switch self {
        case .transcode(let report): report.duration
        case .ladder(let report): report.duration
        case .package(let report): report.duration
        case .extract(let report): report.duration
        case .join(let report): report.duration
        case .compare(let report): report.duration
        }
    }

    /// What was damaged, repaired or missing, and accepted, in words.
    public var warnings: [String] {
        switch self {
        case .transcode(let report): report.warnings
        case .ladder(let report): report.warnings
        case .package(let report): report.warnings
        case .extract(let report): report.warnings
        case .join(let report): report.warnings
        case .compare(let report): report.warnings
        }
    }
}

extension JobReport: Encodable {
    /// Writes the keys of the report itself.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .transcode(let report): try report.encode(to: encoder)
        case .ladder(let report): try report.encode(to: encoder)
        case .package(let report): try report.encode(to: encoder)
        case .extract(let report): try report.encode(to: encoder)
        case .join(let report): try report.encode(to: encoder)
        case .compare(let report): try report.encode(to: encoder)
        }
    }
}
