// Timestamps for elementary streams: libav's parsers tell the order of display, the byte stream where it begins anew.

package import LibAV
import VTXBitstream
package import VTXModel

extension Demuxer {
    /// Makes timestamps for the frames of an elementary stream, one after the other at a constant rate.
    ///
    /// - Throws: if the codec's order of display cannot be told.
    package func stampFrames(of stream: Int, rate: Rational) throws(AVFailure) {
        let codec = try parameters(of: stream).codec
        try stampFrames(of: stream, rate: rate) { startsDisplayOrder($0, codec: codec) }
    }
}
