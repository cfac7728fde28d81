// The outputs of several inputs, and of one that is written to a directory.

import Glibc
import VTXModel
import VTXPlanning
import VTXSystem

/// The output of each input.
///
/// - Parameters:
///   - output: a file; or a directory, where each output is named after its input. A name with a slash at its end is a
///     directory; for several inputs so is that of one that exists.
///   - container: of outputs in a directory; `nil`: the usual one of the preset.
/// - Throws: `.usage` if several inputs would become one file, `.cannotCreate` if the output is a directory and its name
///   does not say so.
func transcodeOutputs(
    of inputs: [String], in output: String, container: Container?, preset: Preset
) throws(VTXError) -> [String] {
    let isDirectory = output.hasSuffix("/") || (inputs.count > 1 && FileStatus(output)?.kind == .directory)
    guard isDirectory else {
        if inputs.count == 1, container == nil, SplitPath(output).fileExtension.isEmpty,
            FileStatus(output)?.kind == .directory
        {
            throw VTXError(
                .cannotCreate, "the output '\(output)' is a directory",
                remedy: "use -o \(fileWord(output + "/")) to write a file of the input's name into it")
        }
        return inputs.map { _ in output }
    }
    for (index, input) in inputs.enumerated() {
        guard let identity = FileIdentity(input) else { continue }
        if let other = inputs[..<index].first(where: { FileIdentity($0) == identity }) {
            let what: Message =
                other == input ? "'\(input)' is given twice" : "'\(other)' and '\(input)' are the same file"
            throw VTXError(.usage, what, remedy: "give each file once")
        }
    }
    let container = container ?? preset.purpose?.containers.first ?? .mp4
    let folder = output.hasSuffix("/") ? output : output + "/"
    let outputs = inputs.map { "\(folder)\(SplitPath($0).stem).\(container.rawValue)" }
    var first: [String: String] = [:]
    for (input, output) in zip(inputs, outputs) {
        if let other = first.updateValue(input, forKey: output) {
            throw VTXError(
                .usage, "'\(other)' and '\(input)' would both be written to \(output)",
                remedy: "write them to different directories")
        }
    }
    return outputs
}

/// The directory of several outputs.
struct OutputDirectory {
    private let path: String
    private let isNew: Bool

    /// Creates the directory, if the name is one of a directory that does not exist.
    ///
    /// - Throws: `.cannotCreate` if that fails.
    init(_ output: String) throws(VTXError) {
        path = output
        isNew = output.hasSuffix("/") && FileStatus(output) == nil
        if isNew { try makeDirectories(String(output.dropLast())) }
    }

    /// The directory, if it was created.
    var made: [String] { isNew ? [String(path.dropLast())] : [] }

    /// Removes the directory again if nothing was written.
    func removeIfUnused() {
        if isNew { rmdir(path) }
    }
}
