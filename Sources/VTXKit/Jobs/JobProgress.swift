// How far a job is: one model for all jobs.

public import VTXModel

/// A moment of a running job.
public struct JobProgress: Hashable, Sendable {
    /// What a job is busy with.
    public enum Phase: String, Hashable, Codable, Sendable {
        /// Reading the audio once to measure its loudness.
        case loudness
        /// First of two encoding passes; nothing is written.
        case firstPass = "first_pass"
        /// Reading files that are to be packaged, to find common key frames.
        case read
        /// Encoding and writing.
        case encode
        /// Encoding and writing once more, with other bit rates, for the sake of the output's size.
        case correct
        /// Copying packets of files that are packaged.
        case copy
        /// Comparing frames.
        case compare
        /// Writing the index and moving it to the front.
        case finish
    }

    /// How far one rendition of a package is.
    public struct Rendition: Hashable, Codable, Sendable {
        /// Name of the rendition, or `reading` and the name of a file.
        public var name: String
        /// Video frames or packets of audio that are done, those of an interrupted run among them.
        public var done: Int
        /// Bytes that are done.
        public var bytes: Int64
        /// From 0 to 1, in hundred-thousandths; `nil` if the duration is not known.
        public var fraction: Double?

        /// A rendition of which `done` frames or packets are done.
        public init(name: String, done: Int, bytes: Int64, fraction: Double?) {
            self.name = name
            self.done = done
            self.bytes = bytes
            self.fraction = fraction?.rounded(places: 5)
        }
    }

    /// Work, in any unit.
    struct Effort: Hashable, Sendable {
        /// What is done; never falls.
        var done: Double
        /// All there is, as far as it is known.
        var due: Double
    }

    /// What the job is busy with.
    public var phase: Phase
    /// How far the output reaches; of several renditions, the slowest.
    public var position: MediaTime
    /// Where `position` was when this run began: above zero if an interrupted run is resumed.
    public var begun: MediaTime
    /// Where `position` should end; `nil` if the duration of the source is not known.
    public var expected: MediaTime?
    /// Video frames done in this phase of this run; of several renditions, the one with the most.
    public var frames: Int
    /// Bytes of the output so far.
    public var bytes: Int64
    /// Seconds since the phase began.
    public var elapsed: Double
    /// How much of the phase's work is done, from 0 to 1, where `position` does not tell; what has to be done again is
    /// part of the work.
    public var work: Double?
    /// Work where what has to be done again makes it more; `nil` where `phaseFraction` tells all.
    var effort: Effort?
    /// The part of the job that this phase is, of jobs whose phases count together; `nil`: a phase counts alone.
    public var span: ClosedRange<Double>?
    /// Seconds until the phase is done, and those that count together with it, as estimated from its course; `nil` if
    /// there is no estimate yet.
    public var estimate: Double?
    /// How far each rendition is; empty for a single file.
    public var renditions: [Rendition]

    /// - Parameters:
    ///   - phase: what the job is doing.
    ///   - position: how far the output is.
    ///   - begun: where this run began; above zero if an interrupted run is resumed.
    ///   - expected: end of the output; `nil` if the duration of the source is not known.
    ///   - frames: video frames done in this phase of this run.
    ///   - bytes: of the output so far.
    ///   - elapsed: seconds since the phase began.
    ///   - work: how much of the work is done, where `position` does not tell.
    ///   - renditions: how far each one is; empty for a single file.
    public init(
        phase: Phase, position: MediaTime, begun: MediaTime = .zero, expected: MediaTime?, frames: Int, bytes: Int64,
        elapsed: Double, work: Double? = nil, renditions: [Rendition] = []
    ) {
        self.phase = phase
        self.position = position
        self.begun = begun
        self.expected = expected
        self.frames = frames
        self.bytes = bytes
        self.elapsed = elapsed
        self.work = work
        self.renditions = renditions
    }

    /// How much of the phase, or of all phases that count together, is done, from 0 to 1; `nil` if the duration is not
    /// known.
    public var fraction: Double? {
        guard let part = phaseFraction else { return nil }
        return span.map { $0.lowerBound + part * ($0.upperBound - $0.lowerBound) } ?? part
    }

    /// How much of the phase alone is done.
    var phaseFraction: Double? {
        if let work { return work }
        guard let expected, expected.ticks > 0 else { return nil }
        return min(1, max(0, position.seconds / expected.seconds))
    }

    /// A frame that an encoder has received and not returned yet is this part of its work: it was decoded, filtered and
    /// analyzed. At the end of the source those frames take less time than as many in the middle.
    static let receivedShare = 0.5

    /// Counts the work that is done by how far the output is.
    ///
    /// - Parameters:
    ///   - received: time of the latest frame that the encoder has received, which counts in part; `nil` without one.
    ///   - curve: where the work of the source is; `nil`: the same everywhere.
    mutating func count(received: MediaTime?, _ curve: WorkCurve? = nil) {
        guard let expected, expected.ticks > 0 else { return }
        func work(at time: MediaTime) -> Double {
            let fraction = min(1, max(0, time.seconds / expected.seconds))
            return curve?.work(at: fraction) ?? fraction
        }
        let written = work(at: position)
        self.work = written + Self.receivedShare * max(0, (received.map(work) ?? 0) - written)
    }

    /// How much of the output is made, from 0 to 1; `nil` in phases before, or if the duration is not known.
    public var outputFraction: Double? { writes ? phaseFraction : nil }

    /// How much of the whole job is done, from 0 to 1; `nil` in phases that count alone and come before the output, or if
    /// the duration is not known.
    public var jobFraction: Double? { span != nil || writes ? fraction : nil }

    private var writes: Bool { [.encode, .correct, .copy, .finish].contains(phase) }

    /// Seconds of media per second, in this run.
    public var speed: Double { elapsed > 0 ? max(0, position.seconds - begun.seconds) / elapsed : 0 }

    /// Video frames per second, in this phase of this run.
    public var framesPerSecond: Double { elapsed > 0 ? Double(frames) / elapsed : 0 }

    /// Seconds until the phase, or all phases that count together, are done: as estimated, or else at the mean speed so
    /// far; `nil` if it is not known.
    public var remaining: Double? {
        if let estimate { return estimate }
        guard span == nil, let expected, speed > 0 else { return nil }
        return max(0, (expected.seconds - position.seconds) / speed)
    }
}

extension JobProgress: Codable {
    private enum Key: String, CodingKey {
        case phase, position, begun, expected, percent, frames, bytes, fps, speed, elapsed, eta, renditions
    }

    /// Reads what `encode(to:)` writes.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        self.init(
            phase: try values.decode(Phase.self, forKey: .phase),
            position: try values.decode(MediaTime.self, forKey: .position),
            begun: try values.decode(MediaTime.self, forKey: .begun),
            expected: try values.decodeIfPresent(MediaTime.self, forKey: .expected),
            frames: try values.decode(Int.self, forKey: .frames),
            bytes: try values.decode(Int64.self, forKey: .bytes),
            elapsed: try values.decode(Double.self, forKey: .elapsed),
            renditions: try values.decodeIfPresent([Rendition].self, forKey: .renditions) ?? [])
        // What follows from the other values is not kept beside them.
        let percent = try values.decodeIfPresent(Double.self, forKey: .percent)
        if let percent, fraction.map({ abs($0 * 100 - percent) > 0.002 }) ?? true { work = percent / 100 }
        let eta = try values.decodeIfPresent(Double.self, forKey: .eta)
        if let eta, remaining.map({ abs($0 - eta) > 0.002 }) ?? true { estimate = eta }
    }

    /// Writes the values and what follows from them: `percent`, `fps`, `speed` and `eta`, in thousandths.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(phase, forKey: .phase)
        try values.encode(position, forKey: .position)
        try values.encode(begun, forKey: .begun)
        try values.encodeIfPresent(expected, forKey: .expected)
        try values.encodeIfPresent(fraction.map { ($0 * 100).rounded(places: 3) }, forKey: .percent)
        try values.encode(frames, forKey: .frames)
        try values.encode(bytes, forKey: .bytes)
        try values.encode(framesPerSecond.rounded(places: 3), forKey: .fps)
        try values.encode(speed.rounded(places: 3), forKey: .speed)
        try values.encode(elapsed.rounded(places: 3), forKey: .elapsed)
        try values.encodeIfPresent(remaining?.rounded(places: 3), forKey: .eta)
        if !renditions.isEmpty { try values.encode(renditions, forKey: .renditions) }
    }
}
