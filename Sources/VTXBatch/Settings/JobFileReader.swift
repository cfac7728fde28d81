// Turns the YAML of a job file into settings, with errors that name the line and the column.

import VTXKit
import VTXModel
import Yams

/// Reads one job file; parameters as of `JobFile`.
struct JobFileReader {
    let path: String
    let folder: String
    let table: (BatchTarget) -> OptionTable
    let refused: Set<String>
    let check: OptionCheck

    func error(_ text: String, at node: Node?) -> VTXError {
        let place = node?.mark.map { ":\($0.line):\($0.column)" } ?? ""
        return VTXError(.usage, "\(path)\(place): \(text)", remedy: "see docs/batch.md for job files")
    }

    func error(_ failure: YamlError) -> VTXError {
        let fault = YAMLFault(failure)
        return VTXError(
            .usage, "\(path)\(fault.place): invalid YAML", cause: fault.text, remedy: "see docs/batch.md for job files")
    }

    func mapping(_ node: Node, _ what: String) throws(VTXError) -> [(key: Node, value: Node)] {
        guard let mapping = node.mapping else { throw error("\(what) must be a mapping, `key: value`", at: node) }
        if let other = mapping.first(where: { $0.key.string == nil }) {
            throw error("a key must be text", at: other.key)
        }
        return mapping.map { ($0.key, $0.value) }
    }

    /// - Parameter isTop: whether this is the whole file, which has `directories` too.
    func override(_ node: Node, target: BatchTarget, isTop: Bool) throws(VTXError) -> SettingsOverride {
        var result = SettingsOverride()
        let pairs = try mapping(node, isTop ? "a job file" : "a folder's entry")
        if let value = pairs.first(where: { $0.key.string == "to" })?.value {
            guard let found = value.string.flatMap(BatchTarget.init(rawValue:)) else {
                let names = BatchTarget.allCases.map(\.rawValue).joined(separator: ", ")
                throw error("'to' must be one of \(names)", at: value)
            }
            result.target = found
        }
        for (key, value) in pairs {
            switch key.string ?? "" {
            case "to": break
            case "skip":
                guard let flag = value.bool else { throw error("'skip' must be true or false", at: value) }
                result.isSkipped = flag
            case "name":
                guard let text = value.string else { throw error("'name' must be text", at: value) }
                do throws(VTXError) { result.name = try NameTemplate(text) } catch {
                    throw self.error(
                        [error.message, error.cause].compactMap { $0?.description }.joined(separator: ": "), at: value)
                }
            case "options": result.options = try options(value, target: result.target ?? target)
            case "directories" where isTop: break
            case let name: throw error("unknown key '\(name)'", at: key)
            }
        }
        return result
    }

    private func options(_ node: Node, target: BatchTarget) throws(VTXError) -> [String: [String]] {
        var result: [String: [String]] = [:]
        for (key, value) in try mapping(node, "options") {
            let name = "--" + (key.string ?? "")
            guard let takesValue = table(target).takesValue[name] else {
                throw error("vtx \(target.command) has no option \(name)", at: key)
            }
            guard !refused.contains(name) else { throw error("\(name) is set by the batch", at: key) }
            var words: [String] = []
            for item in value.sequence.map(Array.init) ?? [value] {
                let given = try self.words(name, item, takesValue: takesValue, table(target))
                if !given.isEmpty, let wrong = check(target, given) { throw error(wrong, at: item) }
                words += given
            }
            result[name] = words
        }
        return result
    }

    private func words(
        _ name: String, _ value: Node, takesValue: Bool, _ table: OptionTable
    ) throws(VTXError) -> [String] {
        if value.null != nil { return [] }
        guard takesValue else {
            guard let flag = value.bool else { throw error("\(name) must be true or false", at: value) }
            return flag ? [name] : []
        }
        guard let text = value.scalar?.string else {
            throw error("\(name) takes one value or a list", at: value)
        }
        let setting = Self.fileSettings.first { table.option(for: $0) == name }
        return [name, setting.map { beside(text, $0) } ?? text]
    }

    /// Settings that name files; relative names are looked for beside the job file.
    private static let fileSettings: [Setting] = [.preset, .subtitleFile, .keyFile]

    /// A relative file name becomes one in the job file's folder.
    private func beside(_ text: String, _ setting: Setting) -> String {
        if setting == .preset, !text.hasSuffix(".yaml"), !text.hasSuffix(".yml") { return text }
        let file = setting == .subtitleFile ? LanguageTag.prefix(of: text).rest : text
        return file.hasPrefix("/") ? text : "\(text.dropLast(file.count))\(folder)/\(file)"
    }
}
