// Turns the YAML of a job file into settings, with errors that name the line and the column.

import VTXKit
import VTXModel
import Yams

/// Reads one job file; parameters as of `JobFile`.
struct JobFileReader {
    let reader: OptionReader
    let table: (BatchTarget) -> OptionTable
    let check: OptionCheck

    /// - Parameter isTop: whether this is the whole file, which has `directories` too.
    func override(_ node: Node, target: BatchTarget, isTop: Bool) throws(VTXError) -> SettingsOverride {
        var result = SettingsOverride()
        let pairs = try reader.mapping(node, isTop ? "a job file" : "a folder's entry")
        if let value = pairs.first(where: { $0.key.string == "to" })?.value {
            guard let found = value.string.flatMap(BatchTarget.init(rawValue:)) else {
                let names = BatchTarget.allCases.map(\.rawValue).joined(separator: ", ")
                throw reader.error("'to' must be one of \(names)", at: value)
            }
            result.target = found
        }
        for (key, value) in pairs {
            switch key.string ?? "" {
            case "to": break
            case "skip":
                guard let flag = value.bool else { throw reader.error("'skip' must be true or false", at: value) }
                result.isSkipped = flag
            case "name":
                guard let text = value.string else { throw reader.error("'name' must be text", at: value) }
                do throws(VTXError) { result.name = try NameTemplate(text) } catch {
                    throw reader.error(
                        [error.message, error.cause].compactMap { $0?.description }.joined(separator: ": "), at: value)
                }
            case "options": result.options = try options(value, target: result.target ?? target)
            case "directories" where isTop: break
            case let name: throw reader.error("unknown key '\(name)'", at: key)
            }
        }
        return result
    }

    private func options(_ node: Node, target: BatchTarget) throws(VTXError) -> [String: [String]] {
        var result: [String: [String]] = [:]
        for found in try reader.options(node, of: target.command, table: table(target)) {
            for (words, value) in zip(found.words, found.values) where !words.isEmpty {
                if let wrong = check(target, words) { throw reader.error(wrong, at: value) }
            }
            result[found.option] = found.words.flatMap { $0 }
        }
        return result
    }
}
