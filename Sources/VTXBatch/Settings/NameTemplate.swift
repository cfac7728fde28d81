// Names of outputs: `{stem}-{height}p`.

import VTXKit
package import VTXModel
import VTXSystem

/// A pattern of file names with fields in braces.
package struct NameTemplate: Hashable, Sendable {
    /// What a name can be made of.
    package enum Field: String, CaseIterable, Sendable {
        /// The source's name without its extension; its extension; both.
        case stem, ext, name
        /// Of the picture that will be written: rows, columns, codec.
        case height, width, codec
        /// Of the source's picture.
        case sourceHeight = "source_height"
        case sourceWidth = "source_width"
        /// The preset's name.
        case preset

        /// Whether the output has to be planned before its name is known.
        var needsPlan: Bool { self == .height || self == .width || self == .codec }
    }

    private enum Piece: Hashable, Sendable {
        case text(String)
        case field(Field)
    }

    package let text: String
    private let pieces: [Piece]

    package static let standard = try! NameTemplate("{stem}")

    /// - Throws: `.usage` for an unknown field, an open brace, or a name that would leave its folder.
    package init(_ text: String) throws(VTXError) {
        self.text = text
        var pieces: [Piece] = []
        var rest = text[...]
        while let open = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            if open > rest.startIndex { pieces.append(.text(String(rest[..<open]))) }
            guard rest[open] == "{", let close = rest[open...].firstIndex(of: "}") else {
                throw Self.wrong(text, "a brace is open or closes nothing")
            }
            let name = String(rest[rest.index(after: open)..<close])
            guard let field = Field(rawValue: name) else { throw Self.wrong(text, "there is no field '\(name)'") }
            pieces.append(.field(field))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { pieces.append(.text(String(rest))) }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        if parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) {
            throw Self.wrong(text, "it has to name something below the output's folder")
        }
        if parts.contains(where: { $0.hasPrefix(".") }) { throw Self.wrong(text, "it makes hidden names") }
        self.pieces = pieces
    }

    private static func wrong(_ text: String, _ cause: String) -> VTXError {
        VTXError(
            .usage, "'\(text)' is no template of a name", cause: cause,
            remedy: "use \(Field.allCases.map { "{\($0.rawValue)}" }.joined(separator: " ")), and text between them")
    }

    package var needsPlan: Bool {
        pieces.contains { if case .field(let field) = $0 { field.needsPlan } else { false } }
    }

    /// - Returns: the name without an extension.
    /// - Throws: `.usage` if a field has no value for this file, or the name comes out empty.
    package func name(_ values: [Field: String]) throws(VTXError) -> String {
        var result = ""
        for piece in pieces {
            switch piece {
            case .text(let text): result += text
            case .field(let field):
                guard let value = values[field] else {
                    throw VTXError(
                        .usage, "the name has {\(field.rawValue)}, and this file has none",
                        remedy:
                            "leave it out of \(.nameTemplate), or give such files a folder and a template of their own")
                }
                result += field == .stem || field == .name ? value : String(value.map { $0 == "/" ? "-" : $0 })
            }
        }
        // A file without an extension has an empty {ext}.
        let parts = result.split(separator: "/", omittingEmptySubsequences: false)
        guard !parts.contains(where: \.isEmpty) else { throw VTXError(.usage, "'\(text)' makes an empty name") }
        return result
    }
}

/// Folder (without a slash at its end, "" if none), stem and extension (without dot) of a relative path.
package func splitPath(_ path: String) -> (folder: String, stem: String, ext: String) {
    let place = SplitPath(path)
    return (place.folder, place.stem, place.fileExtension)
}
