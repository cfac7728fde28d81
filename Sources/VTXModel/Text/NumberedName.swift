// Names with a number in them: `frame-%04d.jpg`.

/// A pattern of names with one `%d` or `%04d`.
package struct NumberedName: Hashable, Sendable {
    /// What stands before the number.
    package let prefix: String
    /// Digits at least.
    package let digits: Int
    /// What stands after the number.
    package let suffix: String

    /// - Parameter pattern: has one `%d` or `%0Nd`, N from 1 to 9, and no other percent sign; `nil` for others.
    package init?(_ pattern: String) {
        let parts = pattern.split(separator: "%", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        var rest = parts[1][...]
        var digits = 1
        if rest.first == "0", let count = rest.dropFirst().first?.wholeNumberValue, (1...9).contains(count) {
            digits = count
            rest = rest.dropFirst(2)
        }
        guard rest.first == "d" else { return nil }
        prefix = String(parts[0])
        self.digits = digits
        suffix = String(rest.dropFirst())
    }

    /// The name with a number.
    package func name(_ number: Int) -> String { prefix + padded(Int64(number), digits) + suffix }

    /// Whether a name could have been made of the pattern.
    package func matches(_ name: String) -> Bool {
        guard name.hasPrefix(prefix), name.hasSuffix(suffix), name.count > prefix.count + suffix.count else {
            return false
        }
        let number = name.dropFirst(prefix.count).dropLast(suffix.count)
        return number.count >= digits && number.allSatisfy { $0.isASCII && $0.isNumber }
    }
}
