// What a rendition announces while it is written.

import LibAV
package import VTXModel
import VTXSystem

/// What a rendition tells about itself while it is made.
package enum RenditionEvent: Sendable {
    /// The fMP4 initialisation section.
    case initialization([UInt8])
    case segment(FinishedSegment)
}

/// One segment as it left the muxer.
package struct FinishedSegment: Sendable {
    package var index: Int
    /// Presentation time of its first frame in output time.
    package var start: MediaTime
    package var duration: MediaTime
    package var frames: Int
    package var bytes: [UInt8]
}
