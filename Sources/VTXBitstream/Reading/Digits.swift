// Numbers as text.

import VTXModel

/// Hexadecimal digits, in lower case.
///
/// - Parameter width: least number of digits.
package func hex(_ value: UInt32, _ width: Int) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

/// Two decimal digits at least.
func twoDigits(_ value: some BinaryInteger) -> String { padded(Int64(value), 2) }
