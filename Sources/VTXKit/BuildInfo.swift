// What this program is and what it runs on.

import Glibc
import LibAV
import VTXSystem

/// Version of vtx, and of the libraries it runs on.
public enum BuildInfo {
    /// Semantic version. `schema` counts changes of the JSON.
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
}
