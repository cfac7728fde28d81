// Recognizes 3:2 pulldown in frames that follow one another.

package import VTXModel

/// Collects what each frame repeats of the one before, and looks for the pattern of 3:2 pulldown in it.
package struct PulldownPattern: Hashable, Sendable {
    /// A field that is the same as in the frame before, as libavfilter's `idet` reports it.
    package enum RepeatedField: String, Sendable { case neither, top, bottom }

    private var repeated: [RepeatedField] = []
    private var flags: [Bool] = []

    package init() {}

    package mutating func add(_ field: RepeatedField) { repeated.append(field) }

    /// - Parameter isRepeated: whether a flag has one field of the frame shown again.
    package mutating func add(isRepeated: Bool) { flags.append(isRepeated) }

    /// The kind of pulldown; `nil` if there is none, or fewer than 15 frames to tell.
    package var pulldown: Pulldown? {
        if isFlagged { return .flags }
        return hasPattern ? .fields : nil
    }

    /// Every other frame has the flag.
    private var isFlagged: Bool {
        guard flags.count >= 15 else { return false }
        let changes = zip(flags, flags.dropFirst()).count { $0 != $1 }
        return changes * 10 >= (flags.count - 1) * 9
    }

    /// In each group of five frames one repeats a field, and two frames later one repeats the other field. At least
    /// four fifths of the places in this pattern are found, and at most a tenth of all frames do not belong to it.
    private var hasPattern: Bool {
        guard repeated.count >= 15 else { return false }
        return (0..<5).contains { phase in
            [RepeatedField.top, .bottom].contains { first in
                let second: RepeatedField = first == .top ? .bottom : .top
                var (places, found, others) = (0, 0, 0)
                for (index, field) in repeated.enumerated() {
                    let expected: RepeatedField? =
                        switch (index + 5 - phase) % 5 {
                        case 0: first
                        case 2: second
                        default: nil
                        }
                    if expected != nil { places += 1 }
                    if field == expected { found += 1 } else if field != .neither { others += 1 }
                }
                return found * 5 >= places * 4 && others * 10 <= repeated.count
            }
        }
    }
}
