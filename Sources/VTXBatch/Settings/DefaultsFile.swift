// The user's defaults: options by command, in a YAML file. Errors name the file, the line and the column.
//
//     transcode:
//       preset: web
//       crf: 22
//     ladder: {codec: "hevc,h264", thumbnails: false}

package import VTXModel
import Yams

/// A file of defaults, read, with the names of its options checked.
package struct DefaultsFile: Sendable {
    /// One option.
    package struct Entry: Sendable {
        /// With its dashes.
        package var option: String
        /// As it would be typed.
        package var words: [String]
        /// `:3:5`, line and column.
        package var place: String
    }

    /// Where the file is.
    package let path: String
    /// Options by command, in the file's order.
    package let sections: [String: [Entry]]

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - folder: where it lies; files named by options are looked for there.
    ///   - tables: the options of the commands that may have defaults.
    ///   - refused: options that cannot have one.
    ///   - help: what errors point to.
    /// - Throws: `.usage` with the line.
    package init(
        _ text: String, path: String, folder: String, tables: [String: OptionTable], refused: Set<String>,
        help: String
    ) throws(VTXError) {
        self.path = path
        let reader = OptionReader(
            path: path, folder: folder, refused: refused, refusal: "is for a single run, and has no default",
            help: help)
        let root: Node?
        do { root = try Yams.compose(yaml: text) } catch let error as YamlError {
            throw reader.error(error)
        } catch {
            throw reader.error("\(error)", at: nil)
        }
        var sections: [String: [Entry]] = [:]
        // A file of nothing but comments changes nothing.
        if let root, root.null == nil {
            for (key, value) in try reader.mapping(root, "the file") {
                guard let name = key.string, let table = tables[name] else {
                    let known = tables.keys.sorted().joined(separator: ", ")
                    throw reader.error("unknown key '\(key.string ?? "")'; known are \(known)", at: key)
                }
                if value.null != nil { continue }
                sections[name] = try reader.options(value, of: name, table: table).map { found in
                    Entry(option: found.option, words: found.words.flatMap { $0 }, place: reader.place(of: found.key))
                }
            }
        }
        self.sections = sections
    }
}
