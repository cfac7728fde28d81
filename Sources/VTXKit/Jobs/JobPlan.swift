// The plans of all jobs as one value.

public import VTXModel

/// The plan of any job. Encoded as the plan itself: the reader knows what it asked for.
public enum JobPlan: Hashable, Sendable {
    /// The plan of a `TranscodeJob`.
    case transcode(TranscodePlan)
    /// The plan of a `LadderJob`.
    case ladder(LadderPlan)
    /// The plan of a `PackageJob`.
    case package(PackagePlan)
    /// The plan of an `ExtractJob`.
    case extract(ExtractPlan)
    /// The plan of a `JoinJob`.
    case join(JoinPlan)
    /// The plan of a `CompareJob`.
    case compare(ComparePlan)

    /// Automatic decisions, in the order in which they were made.
    public var decisions: [Decision] {
        switch self {
        case .transcode(let plan): plan.decisions
        case .ladder(let plan): plan.decisions
        case .package(let plan): plan.decisions
        case .extract(let plan): plan.decisions
        case .join(let plan): plan.decisions
        case .compare(let plan): plan.decisions
        }
    }
}

extension JobPlan: Encodable {
    /// Writes the keys of the plan itself.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .transcode(let plan): try plan.encode(to: encoder)
        case .ladder(let plan): try plan.encode(to: encoder)
        case .package(let plan): try plan.encode(to: encoder)
        case .extract(let plan): try plan.encode(to: encoder)
        case .join(let plan): try plan.encode(to: encoder)
        case .compare(let plan): try plan.encode(to: encoder)
        }
    }
}
