// vtx.yaml: what is different for some folders. Errors name the file, the line and the column.

package import VTXModel
import Yams

/// A job file, read and checked.
package struct JobFile: Sendable {
    /// For the folder it lies in.
    package var own: SettingsOverride
    /// For folders below, by pattern, in the file's order.
    package var folders: [(pattern: Glob, change: SettingsOverride)]

    /// Reads and checks a job file.
    ///
    /// - Parameters:
    ///   - path: for errors.
    ///   - folder: where it lies; files named by options are looked for there.
    ///   - target: what is made if the file does not say.
    ///   - table: the options of a target's command.
    ///   - refused: options that the batch sets.
    ///   - check: says what is wrong with an option's value.
    /// - Throws: `.usage` with the line.
    package init(
        _ text: String, path: String, folder: String, target: BatchTarget,
        table: @escaping (BatchTarget) -> OptionTable, refused: Set<String>, check: @escaping OptionCheck
    ) throws(VTXError) {
        let reader = OptionReader(
            path: path, folder: folder, refused: refused, refusal: "is set by the batch",
            help: "see docs/batch.md for job files")
        let file = JobFileReader(reader: reader, table: table, check: check)
        let root: Node?
        do { root = try Yams.compose(yaml: text) } catch let error as YamlError {
            throw reader.error(error)
        } catch {
            throw reader.error("\(error)", at: Node?.none)
        }
        own = SettingsOverride()
        folders = []
        // A file of nothing but comments changes nothing.
        guard let root, root.null == nil else { return }
        own = try file.override(root, target: target, isTop: true)
        guard let list = root.mapping?.first(where: { $0.key.string == "directories" })?.value else { return }
        let ownTarget = own.target ?? target
        folders = try reader.mapping(list, "directories").map { pair throws(VTXError) in
            guard let pattern = pair.key.string, !pattern.isEmpty, !pattern.hasPrefix("/") else {
                throw reader.error("expected a folder pattern", at: pair.key)
            }
            let change = try file.override(pair.value, target: ownTarget, isTop: false)
            return (Glob(pattern), change)
        }
    }
}
