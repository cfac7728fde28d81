// What `vtx batch` is asked for, what it tells while it runs, and what it answers.

/// One batch.
package struct BatchOptions: Sendable {
    /// Directories as they were given.
    package var source: String
    package var output: String
    /// What the command line says of all items.
    package var commandLine: SettingsOverride
    package var include: [Glob] = []
    package var exclude: [Glob] = []
    package var maximumDepth: Int?
    /// Items at a time; `nil`: as many as there are cores.
    package var jobs: Int?
    /// Bytes for all workers together; `nil`: three quarters of what is free.
    package var memory: Int64?
    package var niceness = 0
    /// Tries again what failed before.
    package var retriesFailed = false
    package var mayOverwrite = false
    package var failsFast = false
    /// Keeps running and takes files that appear.
    package var watches = false
    /// Seconds for which a file that has appeared must not change.
    package var settling = 2.0
    /// Shell command for each finished item.
    package var hook: String?
    /// The value of `--sandbox` for workers.
    package var sandbox = "auto"
    /// Shows what workers say on standard error.
    package var isVerbose = false
    /// Makes small pictures of the outputs, for the report.
    package var wantsThumbnails = false
    /// The vtx that workers run.
    package var executable: String
    package var cores: Int

    package init(source: String, output: String, commandLine: SettingsOverride, executable: String, cores: Int) {
        self.source = source
        self.output = output
        self.commandLine = commandLine
        self.executable = executable
        self.cores = cores
    }
}

/// What came of one file.
package struct BatchRow: Hashable, Codable, Sendable {
    package enum Result: String, Hashable, Codable, Sendable, CaseIterable {
        /// Made by this run.
        case done
        /// Made before; source and plan are the same.
        case unchanged
        case failed
        /// Failed before and was not tried again.
        case failedBefore = "failed_before"

        package var isFailure: Bool { self == .failed || self == .failedBefore }
    }

    /// Relative to the source directory.
    package var source: String
    /// Relative to the output directory; `nil` if it came to no name.
    package var output: String?
    package var result: Result
    package var failure: BatchFailure?
    /// Bytes.
    package var sourceSize: Int64
    package var outcome: BatchOutcome?
    /// Seconds of the source.
    package var duration: Double?
}

/// An item of a dry run.
package struct PlannedItem: Hashable, Codable, Sendable {
    package var source: String
    package var output: String
    package var target: BatchTarget
    package var sourceSize: Int64
    /// Seconds of the source.
    package var duration: Double?
    /// `due`, `unchanged`, `failed_before`, or `failed`: it cannot be planned.
    package var standing: Standing
    package var plan: PlanFacts?
    package var failure: BatchFailure?

    package enum Standing: String, Hashable, Codable, Sendable {
        case due, unchanged, failed
        case failedBefore = "failed_before"
    }
}

/// All of a dry run.
package struct BatchEstimate: Hashable, Codable, Sendable {
    /// Items to run.
    package var items: Int
    /// Items that cannot be made, or failed before.
    package var failures: Int
    package var sourceBytes: Int64
    /// A guess for pictures whose bit rate was not asked for.
    package var outputBytes: Int64
    /// Seconds of media.
    package var duration: Double
    /// Seconds that it will take at the speed of this directory's earlier items; `nil` if there are none.
    package var elapsed: Double?
}

/// A running item.
package struct RunningItem: Hashable, Codable, Sendable {
    package var source: String
    /// 0 to 1; `nil` if not known.
    package var fraction: Double?
    /// Seconds of media per second.
    package var speed: Double?
    /// Seconds since it was started.
    package var elapsed: Double
}

/// A moment of a batch.
package struct BatchProgress: Hashable, Codable, Sendable {
    package var running: [RunningItem]
    package var waiting: Int
    package var done: Int
    package var unchanged: Int
    package var failed: Int
    /// Seconds since the first item was started.
    package var elapsed: Double
    /// Part of the work of this run, 0 to 1.
    package var fraction: Double
    /// Seconds; `nil` until an item is finished.
    package var eta: Double?
}

/// What a batch tells while it runs.
package enum BatchEvent: Sendable {
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
package struct BatchReport: Sendable {
    package var rows: [BatchRow]
    package var skipped: SkipCounts
    /// Seconds.
    package var elapsed: Double
    /// Small pictures by output, as JPEG files.
    package var thumbnails: [String: String] = [:]
    /// Whether `--fail-fast` ended it early.
    package var wasCutShort = false

    package func count(_ result: BatchRow.Result) -> Int { rows.count { $0.result == result } }
    package var hasFailures: Bool { rows.contains { $0.result.isFailure } }
}
