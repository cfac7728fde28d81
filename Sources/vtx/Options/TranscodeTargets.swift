// The outputs of several inputs, and of one that is written to a directory.

import VTXModel
import VTXPlanning
import VTXSystem

/// The output of each input.
///
/// - Parameters:
///   - output: a file; or a directory, where each output is named after its input. A name with a slash at its end is a
///     directory; for several inputs so is that of one that exists.
///   - container: of outputs in a directory; `nil`: the usual one of the preset.
/// - Throws: `.usage` if several inputs would become one file.
func transcodeOutputs(
    of inputs: [String], in output: String, container: Container?, preset: Preset
) throws(VTXError) -> [String] {
    let isDirectory = output.hasSuffix("/") || (inputs.count > 1 && FileStatus(output)?.kind == .directory)
    guard isDirectory else { return inputs.map { _ in output } }
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
