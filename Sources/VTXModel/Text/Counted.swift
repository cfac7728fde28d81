// Numbers of things in text.

/// `1 file`, `2 files`, `0 files`.
///
/// - Parameters:
///   - one: the noun, as of one thing.
///   - many: as of several, where that is not `one` with an s.
package func counted(_ count: some BinaryInteger, _ one: String, _ many: String? = nil) -> String {
    count == 1 ? "1 \(one)" : "\(count) \(many ?? one + "s")"
}
