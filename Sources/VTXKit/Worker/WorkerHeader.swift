// The first line of a worker's answer.

/// Which schema the lines that follow are in.
package struct WorkerHeader: Hashable, Codable, Sendable {
    /// Version of the JSON.
    package var schema: Int
    /// Version of vtx.
    package var version: String
    /// The command that answers.
    package var command: String

    /// The header of this build.
    ///
    /// - Parameter command: the command that answers.
    package init(command: String) {
        schema = BuildInfo.schema
        version = BuildInfo.version
        self.command = command
    }
}
