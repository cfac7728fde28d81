// How a process that a batch has forked becomes a worker.

/// Ends the command that forked the process: `Main` runs another one in its place.
struct WorkerStart: Error {
    /// The command line, without the program's name.
    let words: [String]
}
