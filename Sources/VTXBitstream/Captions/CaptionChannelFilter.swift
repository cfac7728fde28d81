// One channel of CEA-608 out of the two that share a field.

package import VTXModel

/// Leaves out what belongs to other channels. Frames come in the order in which they are shown.
///
/// Commands tell their channel, and characters belong to that of the command before (CEA-608, 8.4). The second channel
/// is handed on as the first one, since decoders know no other.
package struct CaptionChannelFilter {
    private let field: UInt8
    private let isSecond: Bool
    /// Whether the last command was one of the second channel; `nil` before any.
    private var current: Bool?
    /// Whether the second field is within Extended Data Services, whose characters are no captions.
    private var isInServices = false

    /// - Parameter channel: of CEA-608; of others nothing is left.
    package init(_ channel: CaptionChannel) {
        guard case .cc(let number) = channel else {
            (field, isSecond) = (.max, false)
            return
        }
        field = number > 2 ? 1 : 0
        isSecond = number % 2 == 0
    }

    /// What a frame has of the channel.
    package mutating func apply(to data: CaptionData) -> CaptionData {
        var bytes: [UInt8] = []
        for triplet in data.triplets where triplet.isValid && triplet.kind == field {
            if let kept = keep(triplet) { bytes += kept.bytes }
        }
        return CaptionData(bytes)
    }

    private mutating func keep(_ triplet: CaptionData.Triplet) -> CaptionData.Triplet? {
        let first = triplet.first & 0x7F
        switch first {
        case 0: return triplet
        case 0x01...0x0F:
            isInServices = field == 1 && first != 0x0F
            return nil
        case 0x10...0x1F:
            isInServices = false
            current = first & 8 != 0
            guard current == isSecond else { return nil }
            return isSecond
                ? .init(flags: triplet.flags, first: withParity(first & ~8), second: triplet.second) : triplet
        default: return !isInServices && current ?? false == isSecond ? triplet : nil
        }
    }

    /// An odd number of bits.
    private func withParity(_ byte: UInt8) -> UInt8 { byte.nonzeroBitCount % 2 == 0 ? byte | 0x80 : byte }
}
