// What `vtx probe` finds by reading every packet.

/// What reading every packet found.
public struct PacketScan: Hashable, Codable, Sendable {
    /// End of the last packet of any audio or video stream, relative to the start.
    public var end: MediaTime?
    /// One row for each stream.
    public var streams: [StreamScan]
    /// The error that stopped reading before the end of the file.
    public var error: String?

    /// The result of a scan.
    public init(end: MediaTime? = nil, streams: [StreamScan] = [], error: String? = nil) {
        self.end = end
        self.streams = streams
        self.error = error
    }

    /// What reading every packet of one stream found.
    public struct StreamScan: Hashable, Codable, Sendable {
        /// Index of the stream in the file.
        public var index: Int
        /// Number of packets.
        public var packets: Int
        /// Packets that libav marks as damaged.
        public var corruptPackets: Int
        /// End of the last packet, relative to the start of the file.
        public var end: MediaTime?
        /// Shortest and longest distance between neighbouring frames in presentation order; video only.
        public var shortestFrame: MediaTime?
        /// Longest distance between neighbouring frames in presentation order; video only.
        public var longestFrame: MediaTime?

        /// Counts of a stream.
        public init(
            index: Int, packets: Int = 0, corruptPackets: Int = 0, end: MediaTime? = nil,
            shortestFrame: MediaTime? = nil, longestFrame: MediaTime? = nil
        ) {
            self.index = index
            self.packets = packets
            self.corruptPackets = corruptPackets
            self.end = end
            self.shortestFrame = shortestFrame
            self.longestFrame = longestFrame
        }

        /// Whether frame lengths differ by more than a tenth; two ticks are rounding. `nil` without video.
        public var hasVariableFrameRate: Bool? {
            guard let shortestFrame, let longestFrame else { return nil }
            return longestFrame.ticks - shortestFrame.ticks > max(2, shortestFrame.ticks / 10)
        }
    }
}
