// Parameters of a stream whose packets come from two sources.

import CLibAV
import VTXModel

extension CodecParameters {
    /// The same with another header.
    ///
    /// - Parameters:
    ///   - header: parameter sets.
    ///   - reordering: most frames that are decoded before others that are shown first.
    package func with(header: [UInt8], reordering: Int) throws(AVFailure) -> CodecParameters {
        let copy = try played(at: Rational(1))
        let padding = Int(AV_INPUT_BUFFER_PADDING_SIZE)
        guard let space = av_mallocz(header.count + padding) else { throw outOfMemory("copy parameters") }
        header.withUnsafeBytes { from in
            if let base = from.baseAddress { space.copyMemory(from: base, byteCount: header.count) }
        }
        av_freep(&copy.pointer.pointee.extradata)
        copy.pointer.pointee.extradata = space.assumingMemoryBound(to: UInt8.self)
        copy.pointer.pointee.extradata_size = Int32(header.count)
        copy.pointer.pointee.video_delay = Int32(reordering)
        return copy
    }
}
