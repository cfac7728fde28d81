// What a batch is asked to do.

/// The request for one batch.
package struct BatchOptions: Sendable {
    /// The source directory as it was given.
    package var source: String
    /// The output directory as it was given.
    package var output: String
    /// What the command line says of all items.
    package var commandLine: SettingsOverride
    /// Only files that match any of these; none: all.
    package var include: [Glob] = []
    /// No files or folders that match any of these.
    package var exclude: [Glob] = []
    /// Levels of folders to look into, 1 is the source directory itself; `nil`: all.
    package var maximumDepth: Int?
    /// Items at a time; `nil`: as many as there are cores.
    package var jobs: Int?
    /// Bytes for all workers together; `nil`: three quarters of what is free.
    package var memory: Int64?
    /// Added to the niceness of workers, 0 to 19.
    package var niceness = 0
    /// Tries again what failed before.
    package var retriesFailed = false
    /// Replaces outputs that no batch has made.
    package var mayOverwrite = false
    /// Ends at the first failure.
    package var failsFast = false
    /// Keeps running and takes files that appear.
    package var watches = false
    /// Seconds for which a file that has appeared must not change.
    package var settling = 2.0
    /// Shell command for each finished item.
    package var hook: String?
    /// The sandbox of workers: `auto`, `on` or `off`.
    package var sandbox = "auto"
    /// Shows what workers say on standard error.
    package var isVerbose = false
    /// Makes thumbnails of the outputs, for the report.
    package var wantsThumbnails = false
    /// The vtx that workers run.
    package var executable: String
    /// CPU cores.
    package var cores: Int

    /// A batch with everything else at its default.
    package init(source: String, output: String, commandLine: SettingsOverride, executable: String, cores: Int) {
        self.source = source
        self.output = output
        self.commandLine = commandLine
        self.executable = executable
        self.cores = cores
    }
}
