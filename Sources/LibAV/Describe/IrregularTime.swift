// Where the lengths of frames change, by the index of an MP4.

import CLibAV
package import VTXModel

extension Demuxer {
    /// Where the sample table of an MP4 has the first frame that is longer or shorter than the first one by more than
    /// a tenth; the last one may be anything.
    package func irregularTime(of index: Int) -> MediaTime? {
        let stream = streams[index]!
        let count = avformat_index_get_entries_count(stream)
        guard isISO, count > 3, let base = Rational(stream.pointee.time_base) else { return nil }
        var usual: Int64?
        var previous: Int64?
        for place in 0..<(count - 1) {
            guard let time = avformat_index_get_entry(stream, place)?.pointee.timestamp else { return nil }
            if let previous {
                let length = time &- previous
                if let usual, abs(length &- usual) > max(2, usual / 10) { return MediaTime(time, base) }
                usual = usual ?? length
            }
            previous = time
        }
        return nil
    }
}
