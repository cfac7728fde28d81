// What `vtx batch` is asked for, what it tells while it runs, and what it answers.

/// One batch.
public struct BatchOptions: Sendable {
    /// Directories as they were given.
    public var source: String
    public var output: String
    /// What the command line says of all items.
    public var commandLine: SettingsOverride
    public var include: [Glob] = []
    public var exclude: [Glob] = []
    public var maximumDepth: Int?
    /// Items at a time; `nil`: as many as there are cores.
    public var jobs: Int?
    /// Bytes for all workers together; `nil`: three quarters of what is free.
    public var memory: Int64?
    public var niceness = 0
    /// Tries again what failed before.
    public var retriesFailed = false
    public var mayOverwrite = false
    public var failsFast = false
    /// Keeps running and takes files that appear.
    public var watches = false
    /// Seconds for which a file that has appeared must not change.
    public var settling = 2.0
    /// Shell command for each finished item.
    public var hook: String?
    /// The value of `--sandbox` for workers.
    public var sandbox = "auto"
    /// Shows what workers say on standard error.
    public var isVerbose = false
    /// Makes small pictures of the outputs, for the report.
    public var wantsThumbnails = false
    /// The vtx that workers run.
    public var executable: String
    public var cores: Int

    public init(source: String, output: String, commandLine: SettingsOverride, executable: String, cores: Int) {
        self.source = source
        self.output = output
        self.commandLine = commandLine
        self.executable = executable
        self.cores = cores
    }
}

/// What came of one file.
public struct BatchRow: Hashable, Codable, Sendable {
    public enum Result: String, Hashable, Codable, Sendable, CaseIterable {
        /// Made by this run.
        case done
        /// Made before; source and plan are the same.
        case unchanged
        case failed
        /// Failed before and was not tried again.
        case failedBefore = "failed_before"

        public var isFailure: Bool { self == .failed || self == .failedBefore }
    }

    /// Relative to the source directory.
    public var source: String
    /// Relative to the output directory; `nil` if it came to no name.
    public var output: String?
    public var result: Result
    public var failure: BatchFailure?
    /// Bytes.
    public var sourceSize: Int64
    public var outcome: BatchOutcome?
    /// Seconds of the source.
    public var duration: Double?
}

/// An item of a dry run.
public struct PlannedItem: Hashable, Codable, Sendable {
    public var source: String
    public var output: String
    public var target: BatchTarget
    public var sourceSize: Int64
    /// Seconds of the source.
    public var duration: Double?
    /// `due`, `unchanged`, `failed_before`, or `failed`: it cannot be planned.
    public var standing: Standing
    public var plan: PlanFacts?
    public var failure: BatchFailure?

    public enum Standing: String, Hashable, Codable, Sendable {
        case due, unchanged, failed
        case failedBefore = "failed_before"
    }
}

/// All of a dry run.
public struct BatchEstimate: Hashable, Codable, Sendable {
    /// Items to run.
    public var items: Int
    /// Items that cannot be made, or failed before.
    public var failures: Int
    public var sourceBytes: Int64
    /// A guess for pictures whose bit rate was not asked for.
    public var outputBytes: Int64
    /// Seconds of media.
    public var duration: Double
    /// Seconds that it will take at the speed of this directory's earlier items; `nil` if there are none.
    public var elapsed: Double?
}

/// A running item.
public struct RunningItem: Hashable, Codable, Sendable {
    public var source: String
    /// 0 to 1; `nil` if not known.
    public var fraction: Double?
    /// Seconds of media per second.
    public var speed: Double?
    /// Seconds since it was started.
    public var elapsed: Double
}

/// A moment of a batch.
public struct BatchProgress: Hashable, Codable, Sendable {
    public var running: [RunningItem]
    public var waiting: Int
    public var done: Int
    public var unchanged: Int
    public var failed: Int
    /// Seconds since the first item was started.
    public var elapsed: Double
    /// Part of the work of this run, 0 to 1.
    public var fraction: Double
    /// Seconds; `nil` until an item is finished.
    public var eta: Double?
}

/// What a batch tells while it runs.
public enum BatchEvent: Sendable {
    /// The tree was walked: files to look at, what was left out, and folders that cannot be read.
    case found(items: Int, skipped: SkipCounts, unreadable: [String])
    case planned(PlannedItem)
    case started(source: String, output: String)
    case progress(BatchProgress)
    case finished(BatchRow)
    /// Something a person should know.
    case warning(String)
    /// With `--watch`: nothing is left to do for now.
    case idle
}

/// What came of a batch.
public struct BatchReport: Sendable {
    public var rows: [BatchRow]
    public var skipped: SkipCounts
    /// Seconds.
    public var elapsed: Double
    /// Small pictures by output, as JPEG files.
    public var thumbnails: [String: String] = [:]
    /// Whether `--fail-fast` ended it early.
    public var wasCutShort = false

    public func count(_ result: BatchRow.Result) -> Int { rows.count { $0.result == result } }
    public var hasFailures: Bool { rows.contains { $0.result.isFailure } }
}
