// What the edit list of an MP4 cuts off.

import CLibAV

extension Demuxer {
    /// Frames of a stream that are decoded for the sake of others, but not shown, by the file's index.
    package func hiddenFrames(of index: Int) -> Int {
        guard isISO, let stream = streams[index] else { return 0 }
        return (0..<avformat_index_get_entries_count(stream)).count { place in
            avformat_index_get_entry(stream, place).map { $0.pointee.flags & AVINDEX_DISCARD_FRAME != 0 } ?? false
        }
    }
}
