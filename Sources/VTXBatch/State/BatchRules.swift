// What a batch's state knows from the beginning and never changes.

package import VTXModel

/// The constants of one batch.
package struct BatchRules: Sendable {
    /// What was asked for.
    package var options: BatchOptions
    /// Absolute path of the source directory.
    package var source: String
    /// Absolute path of the output directory.
    package var output: String
    /// Whether everything is planned and nothing made.
    package var isDryRun: Bool
    /// What may run at once.
    package var budget: Budget
    /// Spells settings as the user knows them, for failures that are kept as text.
    package var render: @Sendable (Message) -> String

    /// Seconds without a sign of life after which a worker is ended: no step of it is silent for nearly as long.
    static let longestSilence = 900.0
    /// Seconds that workers have to end in order after a signal.
    static let patience = 2.0
    /// Seconds between two events of progress.
    static let progressInterval = 0.2
    /// Files of one probing worker: starting one costs as much as probing a few files.
    static let filesPerProbe = 24
    /// Most thumbnails of a report; a page of ten thousand would not open.
    static let mostThumbnails = 500

    /// The rules of one batch.
    package init(
        options: BatchOptions, source: String, output: String, isDryRun: Bool = false, budget: Budget,
        render: @escaping @Sendable (Message) -> String = { $0.description }
    ) {
        self.options = options
        self.source = source
        self.output = output
        self.isDryRun = isDryRun
        self.budget = budget
        self.render = render
    }

    /// Absolute path of a source.
    func absolute(_ file: Candidate) -> String { "\(source)/\(file.path)" }

    /// The failure with paths as a reader of the table knows them.
    func shortened(_ failure: BatchFailure, _ file: Candidate, output item: String? = nil) -> BatchFailure {
        func short(_ text: String) -> String {
            var result = text.replacing(absolute(file), with: file.path)
            if let item { result = result.replacing("\(output)/\(item)", with: item) }
            // The table has a column for the file.
            return result.hasPrefix("\(file.path): ") ? String(result.dropFirst(file.path.count + 2)) : result
        }
        return BatchFailure(
            failure.kind, short(failure.message), cause: failure.cause.map(short), hint: failure.hint.map(short))
    }

    /// An error as a failure.
    func failure(_ error: VTXError) -> BatchFailure { BatchFailure(error, render: render) }
}
