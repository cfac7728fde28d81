// What a worker process is to do: one value, whoever starts the worker.
//
// A worker is `vtx` itself with a command line that the front end makes of the task. Options stay the words they were
// typed as: the command's own parser is the one place that knows and checks them (docs/decisions/0053).

package import VTXModel

/// One task for a process of its own.
package struct WorkerTask: Hashable, Codable, Sendable {
    /// What the worker does.
    package enum Work: String, Hashable, Codable, Sendable {
        /// Describes the inputs: answers with `media` or `error` for each.
        case probe
        /// Converts the input: answers with `plan`, `progress` and `done`.
        case transcode
        /// Makes an adaptive package of the input: answers as `transcode`.
        case ladder
        /// Makes an adaptive package of renditions that exist: answers as `transcode`.
        case package
        /// Writes a part of the input as a file of its own: answers as `transcode`.
        case extract
        /// Joins the inputs: answers as `transcode`.
        case join
        /// Compares the inputs with the first one: answers as `transcode`.
        case compare
        /// Writes a small image of the input, without an answer.
        case thumbnail
    }

    /// What the worker does.
    package var work: Work
    /// The files to read.
    package var inputs: [String]
    /// The file or directory to write; `nil` for work that writes nothing.
    package var output: String?
    /// Options of the command, in order, as they are typed.
    package var options: [String]
    /// Values of settings that whoever starts the worker decides, such as `.threads` and `.sandbox`.
    package var settings: [Setting: String]
    /// Whether the worker only plans.
    package var isDryRun: Bool
    /// Whether an existing output may be replaced.
    package var mayOverwrite: Bool
    /// Whether the worker also says what libav complains of.
    package var isVerbose: Bool

    /// - Parameters:
    ///   - inputs: the files to read.
    ///   - output: the file or directory to write; `nil` for work that writes nothing.
    ///   - options: options of the command as they are typed.
    ///   - settings: values that whoever starts the worker decides.
    package init(
        _ work: Work, inputs: [String], output: String? = nil, options: [String] = [],
        settings: [Setting: String] = [:],
        isDryRun: Bool = false, mayOverwrite: Bool = false, isVerbose: Bool = false
    ) {
        self.work = work
        self.inputs = inputs
        self.output = output
        self.options = options
        self.settings = settings
        self.isDryRun = isDryRun
        self.mayOverwrite = mayOverwrite
        self.isVerbose = isVerbose
    }
}
