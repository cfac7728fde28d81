// What a decoded frame is known by.

/// A frame's timestamp and contents.
package struct FrameIdentity: Hashable, Codable, Sendable {
    /// Timestamp in the source, in ticks.
    package var time: Int64
    /// Checksum of its samples.
    package var checksum: UInt32
}
