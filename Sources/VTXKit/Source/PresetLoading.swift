// Presets by name or from the user's own YAML files.

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
public import VTXModel
public import VTXPlanning
import VTXSystem
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
        let contents = try File(nameOrPath, for: .reading, readingFault: .noInput).readAll()
        guard let decoded = String(validating: contents, as: UTF8.self) else {
            throw VTXError(
                .usage, "invalid preset file \(nameOrPath)", cause: "it is not UTF-8", remedy: "save it as UTF-8")
        }
        text = decoded
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
    let cause: String
    var place = ""
    switch error {
    case let error as VTXError: cause = error.message.description
    case let error as YamlError:
        let fault = YAMLFault(error)
        (place, cause) = (fault.place, "invalid YAML: \(fault.text)")
    case DecodingError.typeMismatch(let type, let context), DecodingError.valueNotFound(let type, let context):
        cause = context.keyPath + "must be \(kind(of: type))"
    case DecodingError.dataCorrupted(let context), DecodingError.keyNotFound(_, let context):
        if let fault = (context.underlyingError as? YamlError).map(YAMLFault.init) {
            (place, cause) = (fault.place, "invalid YAML: \(fault.text)")
        } else {
            cause = context.keyPath + context.debugDescription
        }
    default: cause = "\(error)".joinedLines
    }
    return VTXError(
        .usage, "invalid preset file \(path)\(place)", cause: cause,
        remedy: "correct it; docs/commands.md lists the keys and has an example")
}

extension DecodingError.Context {
    /// `video.h264.crf: `; empty for the whole file.
    fileprivate var keyPath: String {
        codingPath.isEmpty ? "" : codingPath.map(\.stringValue).joined(separator: ".") + ": "
    }
}

/// What a value of a type is called in YAML.
private func kind(of type: any Any.Type) -> String {
    switch type {
    case is any BinaryInteger.Type: "a whole number"
    case is any BinaryFloatingPoint.Type: "a number"
    case is String.Type: "text"
    case is Bool.Type: "true or false"
    default: "a mapping, `key: value`"
    }
}
