// `-`: standard input among the inputs of a command.

import VTXKit
import VTXModel

/// The inputs with the path of standard input in place of `-`, which is made ready to be read.
///
/// - Parameter output: the command's output, if it has one; a directory takes its names from the inputs.
/// - Throws: `.usage` where standard input cannot be one of several inputs, or has no name to give; `.noInput` if nothing
///   can come in.
func openingStandardInput(
    in inputs: [String], output: String? = nil
) throws(VTXError) -> (inputs: [String], standardInput: StandardInput?) {
    guard inputs.contains(where: StandardInput.names.contains) else { return (inputs, nil) }
    guard inputs.count == 1 else {
        throw VTXError(
            .usage, "standard input cannot be one of several inputs",
            remedy: "run it once for '-', and once for the files")
    }
    if let output, output.hasSuffix("/") {
        throw VTXError(
            .usage, "standard input has no name for its output in \(output)",
            remedy: "name the output: -o \(output)NAME.mp4")
    }
    return ([StandardInput.path], try StandardInput())
}
