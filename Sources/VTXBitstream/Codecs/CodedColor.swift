// The colour fields of ISO/IEC 23091-2.

import VTXModel

/// Colour as media files name it: numbers of ISO/IEC 23091-2.
package struct CodedColor: Hashable, Codable, Sendable {
    /// 1 is BT.709, 2 unspecified, 9 BT.2020.
    package var primaries: Int
    /// 1 is BT.709, 2 unspecified, 16 PQ, 18 HLG.
    package var transfer: Int
    /// 1 is BT.709, 2 unspecified, 9 BT.2020 with varying luminance.
    package var matrix: Int
    /// Whether samples use all values.
    package var isFullRange: Bool

    /// - Parameters: numbers of ISO/IEC 23091-2.
    package init(primaries: Int, transfer: Int, matrix: Int, isFullRange: Bool = false) {
        self.primaries = primaries
        self.transfer = transfer
        self.matrix = matrix
        self.isFullRange = isFullRange
    }

    static let bt709 = CodedColor(primaries: 1, transfer: 1, matrix: 1)

    /// Whether a player that assumes BT.709 in limited range is right.
    var isUnspecifiedOrBT709: Bool {
        !isFullRange && [primaries, transfer, matrix].allSatisfy { $0 == 1 || $0 == 2 }
    }

    /// `09.16.09.0`, the last field with `range` digits.
    func dotted(range: Int) -> String {
        ([primaries, transfer, matrix].map { twoDigits($0) } + [padded(isFullRange ? 1 : 0, range)])
            .joined(separator: ".")
    }
}
