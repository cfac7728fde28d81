// What a running transcode tells about itself, and what it says when it is done.

public import VTXModel

/// A moment of a running job; sent about five times a second.
public struct TranscodeProgress: Hashable, Codable, Sendable {
    public enum Phase: String, Hashable, Codable, Sendable {
        /// Reading the audio once to measure its loudness.
        case loudness
        /// First of two encoding passes; nothing is written.
        case firstPass = "first_pass"
        case encode
        /// Writing the index and moving it to the front.
        case finish
    }

    public var phase: Phase
    /// How far the output reaches.
    public var position: MediaTime
    /// Where it was when this run began: an earlier one may have done that much.
    public var begun: MediaTime
    /// What it should reach; `nil` if the source does not say how long it is.
    public var expected: MediaTime?
    /// Video frames done in this phase of this run.
    public var frames: Int
    /// Bytes of the output so far.
    public var bytes: Int64
    /// Seconds since the phase began.
    public var elapsed: Double

    public init(
        phase: Phase, position: MediaTime, begun: MediaTime = .zero, expected: MediaTime?, frames: Int, bytes: Int64,
        elapsed: Double
    ) {
        self.phase = phase
        self.position = position
        self.begun = begun
        self.expected = expected
        self.frames = frames
        self.bytes = bytes
        self.elapsed = elapsed
    }

    /// From 0 to 1; `nil` if the length is not known.
    public var fraction: Double? {
        guard let expected, expected.ticks > 0 else { return nil }
        return min(1, max(0, position.seconds / expected.seconds))
    }

    /// Media seconds per second.
    public var speed: Double { elapsed > 0 ? max(0, position.seconds - begun.seconds) / elapsed : 0 }

    /// Video frames per second.
    public var framesPerSecond: Double { elapsed > 0 ? Double(frames) / elapsed : 0 }

    /// Seconds until this phase is done, at the mean speed so far.
    public var remaining: Double? {
        guard let expected, speed > 0 else { return nil }
        return max(0, (expected.seconds - position.seconds) / speed)
    }
}

/// What a finished transcode made.
public struct TranscodeReport: Hashable, Codable, Sendable {
    public var input: String
    public var output: String
    public var duration: MediaTime
    /// Bytes of the output.
    public var size: Int64
    /// Video frames written.
    public var frames: Int
    /// Seconds that all phases took.
    public var elapsed: Double
    /// What was found out on the way, for people.
    public var notes: [String]
    /// What was repaired, for people.
    public var warnings: [String]

    public init(
        input: String, output: String, duration: MediaTime, size: Int64, frames: Int, elapsed: Double,
        notes: [String], warnings: [String]
    ) {
        self.input = input
        self.output = output
        self.duration = duration
        self.size = size
        self.frames = frames
        self.elapsed = elapsed
        self.notes = notes
        self.warnings = warnings
    }
}
