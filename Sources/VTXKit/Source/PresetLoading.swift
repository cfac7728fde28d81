// Presets by name or from the user's own YAML files.

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
public import VTXModel
public import VTXPlanning
import Yams

extension Preset {
    /// A built-in preset by its name, or one from a YAML file (a name that ends in `.yaml` or `.yml`).
    ///
    /// - Throws: `.usage` if there is no such preset or the file is not right, `.noInput` if it cannot be read.
    public static func load(_ nameOrPath: String) throws(VTXError) -> Preset {
        if let preset = builtIn(named: nameOrPath) { return preset }
        guard nameOrPath.hasSuffix(".yaml") || nameOrPath.hasSuffix(".yml") else {
            throw VTXError(
                .usage, "there is no preset '\(nameOrPath)'",
                remedy: "use one of \(builtInNames.joined(separator: ", ")), or a file that ends in .yaml")
        }
        let text: String
        do { text = try String(contentsOfFile: nameOrPath, encoding: .utf8) } catch {
            throw VTXError(.noInput, "cannot read the preset file \(nameOrPath)", remedy: "check the name")
        }
        do {
            // A file of nothing but comments changes nothing.
            guard try Yams.load(yaml: text) != nil else { return try PresetFile().resolved() }
            return try YAMLDecoder().decode(PresetFile.self, from: text).resolved()
        } catch {
            throw presetError(error, in: nameOrPath)
        }
    }
}

private func presetError(_ error: any Error, in path: String) -> VTXError {
    let cause: String =
        switch error {
        case let error as VTXError: error.message.description
        case DecodingError.dataCorrupted(let context), DecodingError.typeMismatch(_, let context),
            DecodingError.valueNotFound(_, let context), DecodingError.keyNotFound(_, let context):
            (context.codingPath.map(\.stringValue).joined(separator: ".") + (context.codingPath.isEmpty ? "" : ": ")
                + context.debugDescription)
                + ((context.underlyingError as? YamlError).map { " (\($0))" } ?? "")
        default: "\(error)"
        }
    return VTXError(
        .usage, "the preset file \(path) is not right", cause: cause, remedy: "docs/commands.md describes the format")
}
