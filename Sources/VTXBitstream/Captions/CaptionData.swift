// The caption bytes of a frame: triplets of cc_data() (ATSC A/53 part 4, 6.2.3; CTA-708, 4.3).
//
// A triplet is a byte of flags and two bytes of data. Of the flags, bit 2 says whether the data is valid, and the two
// lowest bits what it is: 0 and 1 are the fields of CEA-608, 3 and 2 the start and the rest of a CEA-708 packet.

/// The caption bytes of one frame, or of several.
package struct CaptionData: Hashable, Sendable {
    /// Three bytes for each triplet.
    package private(set) var bytes: [UInt8]

    /// Most triplets of a frame: cc_count has five bits.
    package static let most = 31

    /// - Parameter bytes: triplets; an incomplete one at the end is left out.
    package init(_ bytes: [UInt8] = []) { self.bytes = Array(bytes.prefix(bytes.count / 3 * 3)) }

    package var count: Int { bytes.count / 3 }
    package var isEmpty: Bool { bytes.isEmpty }

    /// Whether anything but padding is in it.
    package var hasContent: Bool { triplets.contains { !$0.isPadding } }
    /// Triplets that are no padding.
    package var contentCount: Int { triplets.count { !$0.isPadding } }

    /// One triplet.
    struct Triplet {
        let flags: UInt8
        let first: UInt8
        let second: UInt8

        var isValid: Bool { flags & 4 != 0 }
        /// 0 and 1: CEA-608, first and second field; 3: start of a CEA-708 packet; 2: the rest of one.
        var kind: UInt8 { flags & 3 }
        var isLine21: Bool { kind < 2 }
        /// Nothing: invalid, or CEA-608 without a character.
        var isPadding: Bool { !isValid || isLine21 && first & 0x7F == 0 && second & 0x7F == 0 }
        var bytes: [UInt8] { [flags, first, second] }
    }

    var triplets: [Triplet] {
        stride(from: 0, to: bytes.count, by: 3).map {
            Triplet(flags: bytes[$0], first: bytes[$0 + 1], second: bytes[$0 + 2])
        }
    }

    /// Adds what follows. CEA-608 stays in front, as cc_data() wants it.
    package mutating func append(_ more: CaptionData) {
        guard !isEmpty else { return self = more }
        guard !more.isEmpty else { return }
        let all = triplets + more.triplets
        bytes = (all.filter(\.isLine21) + all.filter { !$0.isLine21 }).flatMap(\.bytes)
    }

    /// Removes what is too much, CEA-708 first.
    ///
    /// - Returns: how many triplets are gone.
    package mutating func truncate(to most: Int) -> Int {
        let excess = max(0, count - most)
        bytes.removeLast(excess * 3)
        return excess
    }

    /// Removes what a frame can carry. Padding goes only where there is too much.
    package mutating func takeFrame() -> CaptionData {
        if count > Self.most { bytes = triplets.filter { !$0.isPadding }.flatMap(\.bytes) }
        let taken = CaptionData(Array(bytes.prefix(Self.most * 3)))
        bytes.removeFirst(taken.bytes.count)
        return taken
    }
}
