// Options in YAML as they would be typed: those of job files and of the user's defaults.

import VTXKit
import VTXModel
import Yams

/// Reads mappings of options.
struct OptionReader {
    /// An option of the file.
    struct Found {
        var key: Node
        /// With its dashes.
        var option: String
        /// Each value of it, as it would be typed; none if it is to be taken back.
        var words: [[String]]
        var values: [Node]
    }

    /// For errors.
    let path: String
    /// Where the file lies; files named by options are looked for there.
    let folder: String
    /// Options that the file must not set, with their dashes.
    let refused: Set<String>
    /// Why it must not set them: `is set by the batch`.
    let refusal: String
    /// What errors point to.
    let help: String

    /// `:3:5`, line and column; empty if they are not known.
    func place(of node: Node?) -> String { node?.mark.map { ":\($0.line):\($0.column)" } ?? "" }

    func error(_ text: String, at node: Node?) -> VTXError {
        VTXError(.usage, "\(path)\(place(of: node)): \(text)", remedy: .advice(Message(help)))
    }

    func error(_ failure: YamlError) -> VTXError {
        let fault = YAMLFault(failure)
        return VTXError(
            .usage, "\(path)\(fault.place): invalid YAML", cause: Message(fault.text), remedy: .advice(Message(help)))
    }

    func mapping(_ node: Node, _ what: String) throws(VTXError) -> [(key: Node, value: Node)] {
        guard let mapping = node.mapping else { throw error("\(what) must be a mapping, `key: value`", at: node) }
        if let other = mapping.first(where: { $0.key.string == nil }) {
            throw error("a key must be text", at: other.key)
        }
        return mapping.map { ($0.key, $0.value) }
    }

    /// The options of a command, without their dashes in the file.
    func options(_ node: Node, of command: String, table: OptionTable) throws(VTXError) -> [Found] {
        try mapping(node, "options").map { (key, value) throws(VTXError) in
            let name = "--" + (key.string ?? "")
            guard let takesValue = table.takesValue[name] else {
                throw error("vtx \(command) has no option \(name)", at: key)
            }
            guard !refused.contains(name) else { throw error("\(name) \(refusal)", at: key) }
            let values = value.sequence.map(Array.init) ?? [value]
            let words = try values.map { (item) throws(VTXError) in
                try self.words(name, item, takesValue: takesValue, table)
            }
            return Found(key: key, option: name, words: words, values: values)
        }
    }

    private func words(
        _ name: String, _ value: Node, takesValue: Bool, _ table: OptionTable
    ) throws(VTXError) -> [String] {
        if value.null != nil { return [] }
        guard takesValue else {
            guard let flag = value.bool else { throw error("\(name) must be true or false", at: value) }
            let opposite = "--" + "no-\(name.dropFirst(2))"
            return flag ? [name] : table.holds(opposite) ? [opposite] : []
        }
        guard let text = value.scalar?.string else {
            throw error("\(name) takes one value or a list", at: value)
        }
        let setting = Self.fileSettings.first { table.option(for: $0) == name }
        return [name, setting.map { beside(text, $0) } ?? text]
    }

    /// Settings that name files; relative names are looked for beside the file.
    private static let fileSettings: [Setting] = [.preset, .subtitleFile, .keyFile, .overlay, .chapters, .cover]

    /// A relative file name becomes one in the file's folder.
    private func beside(_ text: String, _ setting: Setting) -> String {
        if [.chapters, .cover].contains(setting), text == "none" { return text }
        if setting == .preset, !text.hasSuffix(".yaml"), !text.hasSuffix(".yml") { return text }
        let file = setting == .subtitleFile ? LanguageTag.prefix(of: text).rest : text
        return file.hasPrefix("/") ? text : "\(text.dropLast(file.count))\(folder)/\(file)"
    }
}
