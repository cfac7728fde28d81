// Where a stream ends for viewers, if frames that are only decoded come after it.

/// Follows the packets of one stream.
struct ShownEnd {
    private var end: Int64?
    private var latestHidden: Int64?

    mutating func add(_ packet: borrowing Packet) {
        guard let time = packet.presentation else { return }
        if packet.isShown {
            end = max(end ?? .min, time &+ packet.duration)
        } else {
            latestHidden = max(latestHidden ?? .min, time)
        }
    }

    /// When the last shown frame ends, in the stream's ticks; `nil` if nothing hidden comes later.
    var beforeHidden: Int64? {
        guard let end, let latestHidden, latestHidden >= end else { return nil }
        return end
    }
}
