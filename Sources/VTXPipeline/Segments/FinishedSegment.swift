// A segment in memory, between the muxer and the file it is written to.

package import VTXBitstream
package import VTXModel

/// One segment as it left the muxer.
package struct FinishedSegment: Sendable {
    package var index: Int
    /// Presentation time of its first frame in output time.
    package var start: MediaTime
    package var duration: MediaTime
    package var frames: Int
    package var bytes: [UInt8]
    /// Captions of the rendition up to its end.
    package var captions: CaptionDetector
}
