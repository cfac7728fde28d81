// Where the packets of a track begin and end, as all of them tell.

/// What reading all packets of one stream told.
public struct TrackExtent: Hashable, Sendable {
    /// Earliest presentation time of a packet that is shown, on the timeline of the file.
    public var first: MediaTime?
    /// End of the packet that is shown last.
    public var end: MediaTime?
    /// Number of packets.
    public var packets = 0
    /// Longest duration of a packet but the last; `nil` if no packet has one.
    public var longest: MediaTime?
    /// Whether the packet that is shown last does not say how long: `end` is where it begins then.
    public var lacksDuration = false
    /// What decoders need before the first packet: parameter sets.
    public var header: [UInt8] = []
    /// Whether frames are shown before the first keyframe: they refer to frames that are not there.
    public var hasOpenStart = false
    /// Whether packets are decoded without being shown.
    public var hasHidden = false
    /// Whether packets have no presentation time.
    public var isUntimed = false
    /// Whether parameter sets change midway.
    public var changesHeader = false

    /// Nothing is known yet.
    public init() {}
}
