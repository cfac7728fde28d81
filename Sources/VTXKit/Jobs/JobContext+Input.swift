// When jobs read standard input.

public import VTXModel

extension JobContext {
    /// Reads standard input to its end, if there is one to read; jobs do so themselves.
    ///
    /// - Throws: `.badMedia` if nothing comes, `.inputOutput` if the disk is full, `.interrupted`.
    public func readStandardInput() throws(VTXError) {
        try standardInput?.read(every: JobRun.interval, interrupt: interrupt) { bytes, elapsed in
            events(
                .progress(
                    JobProgress(
                        phase: .read, position: .zero, expected: nil, frames: 0, bytes: bytes, elapsed: elapsed)))
        }
    }

    /// Reads standard input to its end, if the job reads it, and looks whether the source is there.
    ///
    /// - Throws: as `readStandardInput`, or `SourceFile.check`.
    func receive(_ input: String) throws(VTXError) {
        try readStandardInput()
        try SourceFile.check(input)
    }

    /// Looks whether a source is there, unless it comes in at standard input later.
    func checkExisting(_ input: String) throws(VTXError) {
        if standardInput == nil { try SourceFile.check(input) }
    }
}
