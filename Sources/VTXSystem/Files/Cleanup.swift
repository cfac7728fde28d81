// What has to be removed if the process ends before its time.

/// Unfinished files of a process or of a job. May be used from any thread.
package final class Cleanup: Sendable {
    /// Whether each stays, by path.
    private let files = Guarded<[String: @Sendable () -> Bool]>([:])
    private let keptPath = Guarded<String?>(nil)
    private let streaming = Guarded<@Sendable () -> Bool>({ false })

    /// A registry without files.
    package init() {}

    /// Where an unfinished job's work stays for a later run.
    package var kept: String? {
        get { keptPath.with { $0 } }
        set { keptPath.with { $0 = newValue } }
    }

    /// Whether something has been written that cannot be taken back, as into a pipe.
    package var hasStreamed: Bool { streaming.with { $0 }() }

    /// Notes a pipe that is written to.
    ///
    /// - Parameter hasBegun: asked when the process ends; whether something was written.
    package func noteStream(_ hasBegun: @escaping @Sendable () -> Bool) { streaming.with { $0 = hasBegun } }

    /// Notes a file or directory.
    ///
    /// - Parameter stays: asked when the process ends; what is of use to a later run is left.
    package func add(_ path: String, unless stays: @escaping @Sendable () -> Bool = { false }) {
        files.with { $0[path] = stays }
    }

    /// Forgets a file or directory, which is done with.
    package func remove(_ path: String) { files.with { $0[path] = nil } }

    /// Removes them all from the disk, but for those that stay.
    package func run() {
        for (path, stays) in files.with({ $0 }) {
            if stays() { kept = path } else { removeTree(path) }
        }
    }
}
