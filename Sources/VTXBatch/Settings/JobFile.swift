// vtx.yaml: what is different for some folders. Errors name the file, the line and the column.

package import VTXModel
import Yams

/// A job file, read and checked.
package struct JobFile: Sendable {
    /// For the folder it lies in.
    package var own: SettingsOverride
    /// For folders below, by pattern, in the file's order.
    package var folders: [(pattern: Glob, change: SettingsOverride)]

    /// Checks the options of a target. The second is what is wrong with them, if anything is.
    package typealias Check = (BatchTarget, [String]) -> String?

    /// - Parameters:
    ///   - path: for errors.
    ///   - folder: where it lies; files named by options are looked for there.
    ///   - target: what is made if the file does not say.
    ///   - table: the options of a target's command.
    ///   - refused: options that a batch sets itself.
    ///   - check: says what is wrong with an option's value.
    /// - Throws: `.usage` with the line.
    package init(
        _ text: String, path: String, folder: String, target: BatchTarget,
        table: @escaping (BatchTarget) -> OptionTable, refused: Set<String>, check: @escaping Check
    ) throws(VTXError) {
        let reader = Reader(path: path, folder: folder, table: table, refused: refused, check: check)
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
        own = try reader.override(root, target: target, isTop: true)
        guard let list = root.mapping?.first(where: { $0.key.string == "directories" })?.value else { return }
        let ownTarget = own.target ?? target
        folders = try reader.mapping(list, "directories").map { pair throws(VTXError) in
            guard let pattern = pair.key.string, !pattern.isEmpty, !pattern.hasPrefix("/") else {
                throw reader.error("a pattern of folders is expected", at: pair.key)
            }
            let change = try reader.override(pair.value, target: ownTarget, isTop: false)
            return (Glob(pattern), change)
        }
    }
}

/// Options that name files; relative names are looked for beside the job file.
private let fileOptions: Set<String> = ["--preset", "--subtitle-file", "--key-file"]

private struct Reader {
    let path: String
    let folder: String
    let table: (BatchTarget) -> OptionTable
    let refused: Set<String>
    let check: JobFile.Check

    func error(_ text: String, at node: Node?) -> VTXError {
        let place = node?.mark.map { ":\($0.line):\($0.column)" } ?? ""
        return VTXError(
            .usage, "\(path)\(place): \(text)", remedy: "docs/batch.md describes job files")
    }

    func error(_ failure: YamlError) -> VTXError {
        let place: String
        let text: String
        switch failure {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            place = ":\(mark.line):\(mark.column)"
            text = problem
        case .duplicatedKeysInMapping(let keys, let context):
            place = ":\(context.mark.line):\(context.mark.column)"
            text = "\(keys.sorted().joined(separator: ", ")) stands there twice"
        default:
            place = ""
            text = "\(failure)"
        }
        return VTXError(
            .usage, "\(path)\(place): this is no YAML", cause: text, remedy: "docs/batch.md describes job files")
    }

    func mapping(_ node: Node, _ what: String) throws(VTXError) -> [(key: Node, value: Node)] {
        guard let mapping = node.mapping else { throw error("\(what) has to be a mapping, `key: value`", at: node) }
        if let other = mapping.first(where: { $0.key.string == nil }) {
            throw error("a key has to be text", at: other.key)
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
                throw error("'to' is one of \(names)", at: value)
            }
            result.target = found
        }
        for (key, value) in pairs {
            switch key.string ?? "" {
            case "to": break
            case "skip":
                guard let flag = value.bool else { throw error("'skip' is true or false", at: value) }
                result.isSkipped = flag
            case "name":
                guard let text = value.string else { throw error("'name' is text", at: value) }
                do throws(VTXError) { result.name = try NameTemplate(text) } catch {
                    throw self.error(
                        [error.message, error.cause].compactMap { $0?.description }.joined(separator: ": "), at: value)
                }
            case "options": result.options = try options(value, target: result.target ?? target)
            case "directories" where isTop: break
            case let name: throw error("there is no key '\(name)' here", at: key)
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
            guard !refused.contains(name) else { throw error("a batch sets \(name) itself", at: key) }
            var words: [String] = []
            for item in value.sequence.map(Array.init) ?? [value] {
                let given = try self.words(name, item, takesValue: takesValue)
                if !given.isEmpty, let wrong = check(target, given) { throw error(wrong, at: item) }
                words += given
            }
            result[name] = words
        }
        return result
    }

    private func words(_ name: String, _ value: Node, takesValue: Bool) throws(VTXError) -> [String] {
        if value.null != nil { return [] }
        guard takesValue else {
            guard let flag = value.bool else { throw error("\(name) is true or false", at: value) }
            return flag ? [name] : []
        }
        guard let text = value.scalar?.string else {
            throw error("\(name) has one value, or a list of them", at: value)
        }
        return [name, fileOptions.contains(name) ? beside(text, name) : text]
    }

    /// A relative file name becomes one in the job file's folder.
    private func beside(_ text: String, _ option: String) -> String {
        if option == "--preset", !text.hasSuffix(".yaml"), !text.hasSuffix(".yml") { return text }
        let colon = option == "--subtitle-file" ? text.firstIndex(of: ":") : nil
        let isLanguage = colon.map { (2...3).contains(text.distance(from: text.startIndex, to: $0)) } ?? false
        let start = isLanguage ? text.index(after: colon!) : text.startIndex
        let file = text[start...]
        return file.hasPrefix("/") ? text : "\(text[..<start])\(folder)/\(file)"
    }
}
