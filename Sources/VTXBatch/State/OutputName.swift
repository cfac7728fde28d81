// The name of an item's output.

import VTXModel
import VTXSystem

/// Name of the hidden folder with the batch's own files, in the output directory.
package let batchFolderName = ".vtx-batch"

/// The path of an output, relative to the output directory.
///
/// - Parameters:
///   - plan: what is planned; needed if the name template asks for it.
///   - table: the options of the target's command.
/// - Throws: `.usage` if the template cannot be filled for this file.
func outputName(
    of file: Probed, _ settings: ItemSettings, _ plan: PlanFacts?, _ table: OptionTable
) throws(VTXError) -> String {
    let path = SplitPath(file.source.path)
    var values: [NameTemplate.Field: String] = [
        .stem: path.stem, .ext: path.fileExtension,
        .name: path.fileExtension.isEmpty ? path.stem : "\(path.stem).\(path.fileExtension)",
        .preset: SplitPath(settings.value(of: .preset, in: table) ?? "medium").stem,
    ]
    values[.sourceWidth] = file.facts?.width.map(String.init)
    values[.sourceHeight] = file.facts?.height.map(String.init)
    values[.width] = plan?.width.map(String.init)
    values[.height] = plan?.height.map(String.init)
    values[.codec] = plan?.codec
    let name = try settings.name.name(values) + settings.target.suffix
    let output = path.folder.isEmpty ? name : "\(path.folder)/\(name)"
    if output == batchFolderName || output.hasPrefix(batchFolderName + "/") {
        throw VTXError(.usage, "\(output) is reserved for the batch")
    }
    return output
}
