// Timestamps for files that have none.

import CLibAV
package import VTXModel

extension Demuxer {
    /// Makes timestamps for the frames of an elementary stream, one after the other at a constant rate.
    ///
    /// - Parameter startsAnew: whether the order of display begins anew with a packet.
    /// - Throws: if the codec's order of display cannot be told.
    package func stampFrames(
        of stream: Int, rate: Rational, startsAnew: @escaping (UnsafeRawBufferPointer) -> Bool
    ) throws(AVFailure) {
        let parameters = try parameters(of: stream)
        guard FrameStamps.supports(parameters.pointer.pointee.codec_id) else {
            throw AVFailure("make timestamps for \(parameters.codec)", vtx_error_not_implemented)
        }
        stamps = try FrameStamps(parameters, duration: rate.inverse / parameters.timeBase, startsAnew: startsAnew)
    }

    /// Completes the timestamps of a stream that is copied from a program stream, where they can be told.
    package func completeTimes(of stream: Int) throws(AVFailure) {
        let parameters = try parameters(of: stream)
        guard string(context!.pointee.iformat.pointee.name) == "mpeg",
            ["mpeg1video", "mpeg2video"].contains(parameters.codec)
        else { return }
        anchors = AnchorTimes(stream, isInOrder: parameters.reorderDelay == 0)
    }
}
