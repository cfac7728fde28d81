// Where a YAML file is wrong, and how, in one line.

import VTXModel
package import Yams

/// A fault that the parser has found.
package struct YAMLFault {
    /// `:2:5`, line and column; empty if they are not known.
    package let place: String
    /// The parser's words.
    package let text: String

    /// The fault that an error tells of.
    package init(_ error: YamlError) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            (place, text) = (":\(mark.line):\(mark.column)", problem.joinedLines)
        case .duplicatedKeysInMapping(let keys, let context):
            place = ":\(context.mark.line):\(context.mark.column)"
            text = "duplicate key \(keys.sorted().joined(separator: ", "))"
        default: (place, text) = ("", "\(error)".joinedLines)
        }
    }
}
