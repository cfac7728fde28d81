// Which channels of captions have something in them.

package import VTXModel

/// Collects the channels that caption bytes belong to. Frames may come in any order.
package struct CaptionDetector: Hashable, Sendable {
    private var channels: Set<CaptionChannel> = []
    /// By field: characters without a command that tells their channel.
    private var hasCharacters = [false, false]
    /// The second field also has Extended Data Services, whose characters are no captions.
    private var hasServices = false
    /// Whether anything but padding was there.
    package private(set) var hasContent = false

    package init() {}

    /// Looks at the captions of a frame.
    package mutating func note(_ data: CaptionData) {
        let triplets = data.triplets.filter { !$0.isPadding }
        hasContent = hasContent || !triplets.isEmpty
        for (place, triplet) in triplets.enumerated() {
            if triplet.isLine21 {
                noteLine21(triplet)
            } else if triplet.kind == 3 {
                noteService(triplets[place...])
            }
        }
    }

    /// CEA-608, 8.4: commands of channels 2 and 4 have bit 3 of their first byte set.
    private mutating func noteLine21(_ triplet: CaptionData.Triplet) {
        let field = Int(triplet.kind)
        let (first, second) = (triplet.first & 0x7F, triplet.second & 0x7F)
        switch first {
        case 0x01...0x0F: hasServices = hasServices || field == 1
        case 0x14, 0x15, 0x1C, 0x1D:
            // All miscellaneous commands but two, which begin text that is not shown as captions.
            if (0x20...0x2F).contains(second), second != 0x2A, second != 0x2B {
                channels.insert(.cc(1 + 2 * field + (first & 8 == 0 ? 0 : 1)))
            }
        case 0x20...0x7F: hasCharacters[field] = true
        default: break
        }
    }

    /// CTA-708, 5 and 6: a packet's header, then headers and data of services. The first service is enough: broadcasts
    /// begin a packet for each.
    private mutating func noteService(_ packet: ArraySlice<CaptionData.Triplet>) {
        guard let start = packet.first else { return }
        let size = start.second & 0x1F
        guard size > 0 else { return }
        switch start.second >> 5 {
        case 0: break
        case 7:
            guard let next = packet.dropFirst().first(where: { !$0.isLine21 }), next.kind == 2 else { return }
            let number = Int(next.first & 0x3F)
            if number > 6 { channels.insert(.service(number)) }
        case let number: channels.insert(.service(Int(number)))
        }
    }

    /// The channels in order: `CC1` or `CC3` for characters that no command assigns.
    package var found: [CaptionChannel] {
        var all = channels
        for field in 0...1 where hasCharacters[field] && (field == 0 || !hasServices) {
            let (first, second) = (CaptionChannel.cc(1 + 2 * field), CaptionChannel.cc(2 + 2 * field))
            if !all.contains(first), !all.contains(second) { all.insert(first) }
        }
        return all.sorted()
    }
}
