// Names of files as keys: equal only if all their bytes are.

/// A name that is equal to another one only if all bytes are.
///
/// Strings are equal to Swift, too, if they differ only in how a letter with an accent is composed. To Linux these are
/// different names.
package struct ExactName: Hashable, Sendable {
    /// The name as text.
    package let text: String

    /// The name `text`.
    package init(_ text: String) { self.text = text }

    package static func == (a: ExactName, b: ExactName) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

    package func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension Dictionary where Key == ExactName {
    /// The value of a name.
    package subscript(name: String) -> Value? {
        get { self[ExactName(name)] }
        set { self[ExactName(name)] = newValue }
    }

    /// Takes the value of a name out.
    package mutating func removeValue(forKey name: String) -> Value? { removeValue(forKey: ExactName(name)) }
}

extension Set<ExactName> {
    /// Whether a name is among them.
    package func contains(_ name: String) -> Bool { contains(ExactName(name)) }
}
