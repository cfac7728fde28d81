// What this program is and what it runs on.

import Glibc
import LibAV
import VTXSystem

public enum BuildInfo {
    /// Semantic version; changes of the JSON schema are told by `schema`.
    public static let version = "0.1.0"
    /// Version of the JSON that all commands write; goes up when a key changes or goes away.
    public static let schema = 1

    /// `vtx 0.1.0 (libavformat 59.27.100, ...)`
    public static var banner: String {
        let libraries = BuildCapabilities.versions().map { "\($0.library) \($0.version)" }
        return "vtx \(version) (\(libraries.joined(separator: ", ")))"
    }

    /// Takes over libav's logging; call once, before any job.
    ///
    /// - Parameter verbose: whether libav's own warnings are shown on standard error.
    public static func start(verbose: Bool) {
        Log.install(showing: verbose)
        shareMemoryBetweenThreads()
        avoidSlowGathers()
        // SVT-AV1 writes to standard error by itself, past libav's log: 1 is "errors only".
        if !verbose { setenv("SVT_LOG", "1", 0) }
    }

    /// Where an unfinished job's work stays for a later run of the same command, if it does.
    public static var keptWork: String? { Cleanup.shared.kept }

    /// Removes the unfinished files of this process; for a process that has to end at once.
    public static func removeUnfinished() { Cleanup.shared.run() }
}
