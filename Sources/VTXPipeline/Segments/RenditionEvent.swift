// What a rendition hands out while it is made.

/// What a rendition tells about itself while it is made.
package enum RenditionEvent: Sendable {
    /// The fMP4 initialisation section.
    case initialization([UInt8])
    case segment(FinishedSegment)
}
