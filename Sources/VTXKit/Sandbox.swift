// What a job gives up before it reads a file that nobody vouches for.

import CSandbox
import Glibc
import LibAV
public import VTXModel
import VTXPlanning
import VTXSystem

/// Whether a job may open other files than its own.
public enum SandboxChoice: String, Hashable, Sendable, CaseIterable {
    /// Confined where the kernel can do it.
    case automatic = "auto"
    /// Confined, or an error.
    case on
    case off
}

/// Confines the process to a job's own files: no other file, no network, no other program.
///
/// By Landlock (Linux 5.13; TCP from 6.7) and a seccomp filter. It holds for this thread and those it starts
/// later, so it comes before any other thread; seccomp holds for all.
public enum Sandbox {
    /// - Parameters:
    ///   - choice: whether it is wanted.
    ///   - inputs: files that are read.
    ///   - outputs: files or directories that are made; what is in the folder around each can be changed too,
    ///     for that is where an unfinished output stands.
    /// - Throws: `.unavailable` if it was asked for and the kernel cannot do it.
    public static func enter(_ choice: SandboxChoice, inputs: [String], outputs: [String]) throws(VTXError) {
        guard choice != .off else { return }
        if choice == .automatic, vtx_sandbox_version() == 0 { return }
        let code = withCStrings(inputs + system) { readable in
            withCStrings(outputs.flatMap(folders)) { vtx_sandbox_enter(readable, $0) }
        }
        guard code != 0 else { return }
        throw VTXError(
            .unavailable, "the sandbox cannot be entered", cause: SystemFailure("", errno: code).words,
            remedy: "it needs Landlock, which Linux has since 5.13; \(.sandbox) off goes without")
    }

    /// Whether the kernel can do it.
    static var finding: Finding {
        let version = vtx_sandbox_version()
        return Finding(
            kind: .protection, name: "Landlock", purpose: "jobs are confined to their own files",
            isAvailable: version > 0, detail: version > 0 ? "version \(version)" : "it needs Linux 5.13")
    }

    /// What libraries read while they work: fonts to burn subtitles with, character sets, the number of cores.
    private static var system: [String] {
        let home = getenv("HOME").map { String(cString: $0) }
        return [
            "/usr", "/lib", "/lib64", "/etc/fonts", "/etc/ld.so.cache", "/var/cache/fontconfig",
            "/sys/devices/system", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/self", "/dev/null",
            "/dev/urandom",
        ] + (home.map { ["\($0)/.fonts", "\($0)/.local/share/fonts", "\($0)/.cache/fontconfig"] } ?? [])
    }

    /// The folder around an output, and the one around what it stands for: `.`, or a link.
    private static func folders(_ path: String) -> [String] {
        [path, realPath(path)].compactMap { $0.map(folder) }
    }

    private static func folder(_ path: String) -> String {
        var end = path[...]
        while end.count > 1, end.last == "/" { end.removeLast() }
        return SplitPath(String(end)).directory
    }

    private static func withCStrings<Result>(
        _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
    ) -> Result {
        let copies = texts.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return (copies.map { UnsafePointer($0) } + [nil]).withUnsafeBufferPointer { body($0.baseAddress!) }
    }
}
