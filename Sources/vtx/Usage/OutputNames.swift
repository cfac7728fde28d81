// Names of outputs that a command cannot make, or that show another command was meant.

import VTXModel
import VTXSystem

/// What is wrong with the name of an output; `nil`: nothing, as far as the name tells.
///
/// - Parameters:
///   - command: the command that is to make it.
///   - inputs: what it is made of; a package may be called as its source is, which batches can be told to do.
func outputNameError(_ name: String, of command: String, from inputs: [String]) -> VTXError? {
    let makesDirectory = ["ladder", "package", "batch"].contains(command)
    if name == "-", command != "transcode" {
        return VTXError(
            .cannotCreate, "cannot write to standard output",
            cause: makesDirectory ? "a directory is made" : "the output is checked at the end",
            remedy: makesDirectory ? "name a directory with -o" : "name a file with -o")
    }
    guard ["ladder", "package"].contains(command), let dot = name.lastIndex(of: "."),
        FileStatus(name)?.kind != .directory
    else { return nil }
    let suffix = name[name.index(after: dot)...].lowercased()
    let directory = shellWord(String(name[..<dot]))
    if ["m3u8", "m3u", "mpd"].contains(suffix), !directory.isEmpty {
        return VTXError(
            .usage, "the output of vtx \(command) is a directory, not the playlist \(name)",
            remedy: "use -o \(directory); players open \(directory)/master.m3u8")
    }
    let isAsInput = inputs.contains { SplitPath($0).name == SplitPath(name).name }
    if Container(rawValue: suffix) != nil || suffix == "ts", !directory.isEmpty, !isAsInput {
        return VTXError(
            .usage, "the output of vtx \(command) is a directory, not the file \(name)",
            remedy: command == "ladder"
                ? "use -o \(directory), or vtx transcode for one file" : "use -o \(directory)")
    }
    return nil
}

/// A word as it is typed in a shell.
func shellWord(_ word: String) -> String {
    let plain = word.allSatisfy { $0.isLetter || $0.isNumber || "-_./:,+=@%~".contains($0) }
    return plain
        ? word : "'\(word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#))'"
}

/// A file as it is typed.
func fileWord(_ name: String) -> String { shellWord(name.hasPrefix("-") ? "./\(name)" : name) }
