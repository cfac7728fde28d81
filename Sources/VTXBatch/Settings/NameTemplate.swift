// Names of outputs: `{stem}-{height}p`.

package import VTXModel

/// A template of file names with fields in braces.
package struct NameTemplate: Hashable, Sendable {
    /// What a name can be made of.
    package enum Field: String, CaseIterable, Sendable {
        /// The source's name without its extension; its extension; both.
        case stem, ext, name
        /// Of the planned video: rows, columns, codec.
        case height, width, codec
        /// Of the source's video, as displayed.
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

    /// As it was written.
    package let text: String
    private let pieces: [Piece]

    /// The source's name: `{stem}`.
    package static let standard = try! NameTemplate("{stem}")

    /// Reads a template.
    ///
    /// - Throws: `.usage` for an unknown field, an open brace, or a name that would leave its folder.
    package init(_ text: String) throws(VTXError) {
        self.text = text
        var pieces: [Piece] = []
        var rest = text[...]
        while let open = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            if open > rest.startIndex { pieces.append(.text(String(rest[..<open]))) }
            guard rest[open] == "{", let close = rest[open...].firstIndex(of: "}") else {
                throw Self.wrong(text, "unbalanced brace")
            }
            let name = String(rest[rest.index(after: open)..<close])
            guard let field = Field(rawValue: name) else { throw Self.wrong(text, "unknown field '\(name)'") }
            pieces.append(.field(field))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { pieces.append(.text(String(rest))) }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        if parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) {
            throw Self.wrong(text, "the name must stay inside the output directory")
        }
        if parts.contains(where: { $0.hasPrefix(".") }) { throw Self.wrong(text, "names must not start with a dot") }
        self.pieces = pieces
    }

    private static func wrong(_ text: String, _ cause: String) -> VTXError {
        VTXError(
            .usage, "invalid name template '\(text)'", cause: cause,
            remedy: "use text and these fields: \(Field.allCases.map { "{\($0.rawValue)}" }.joined(separator: " "))")
    }

    /// Whether the output has to be planned before its name is known.
    package var needsPlan: Bool {
        pieces.contains { if case .field(let field) = $0 { field.needsPlan } else { false } }
    }

    /// The name of an output.
    ///
    /// - Parameter values: what is known of the file.
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
                        .usage, "the name template uses {\(field.rawValue)}, which this file does not have",
                        remedy:
                            "leave it out of \(.nameTemplate), or move such files to a folder with another template")
                }
                result += field == .stem || field == .name ? value : String(value.map { $0 == "/" ? "-" : $0 })
            }
        }
        // A file without an extension has an empty {ext}.
        let parts = result.split(separator: "/", omittingEmptySubsequences: false)
        guard !parts.contains(where: \.isEmpty) else {
            throw VTXError(.usage, "name template '\(text)' gives an empty name")
        }
        return result
    }
}
