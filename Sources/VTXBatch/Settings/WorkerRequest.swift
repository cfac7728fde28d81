// What a worker is asked to do; the command line spells it.

package import VTXModel

/// A task of a vtx process; all paths are absolute.
package struct WorkerRequest: Hashable, Sendable {
    /// What has to be done.
    package enum Task: Hashable, Sendable {
        /// Describe files.
        case probe([String])
        /// Say what would be made.
        case plan(source: String, output: String, ItemSettings)
        /// Make an output, with these settings besides the item's own.
        case make(source: String, output: String, ItemSettings, limits: [Setting: Int], mayReplace: Bool)
        /// Make a thumbnail.
        case thumbnail(source: String, picture: String)
    }

    /// What has to be done.
    package var task: Task
    /// Whether the worker says everything on standard error, or errors only.
    package var isVerbose: Bool
    /// The sandbox: `auto`, `on` or `off`.
    package var sandbox: String
}
