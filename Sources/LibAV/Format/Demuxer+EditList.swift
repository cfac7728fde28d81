// What the edit list of an MP4 cuts off.

import CLibAV
package import VTXModel

extension Demuxer {
    /// Frames of a stream that are decoded for the sake of others, but not shown, by the file's index.
    package func hiddenFrames(of index: Int) -> Int {
        guard isISO, let stream = streams[index] else { return 0 }
        return (0..<avformat_index_get_entries_count(stream)).count { place in
            avformat_index_get_entry(stream, place).map { $0.pointee.flags & AVINDEX_DISCARD_FRAME != 0 } ?? false
        }
    }

    /// How much of a stream comes before what its edit list shows first.
    package func hiddenStart(of index: Int) -> MediaTime {
        guard isISO, let stream = streams[index] else { return .zero }
        let entries = (0..<avformat_index_get_entries_count(stream)).lazy.compactMap {
            avformat_index_get_entry(stream, $0)?.pointee
        }
        guard let first = entries.first, first.flags & AVINDEX_DISCARD_FRAME != 0,
            let shown = entries.first(where: { $0.flags & AVINDEX_DISCARD_FRAME == 0 })
        else { return .zero }
        return MediaTime(max(0, shown.timestamp &- first.timestamp), timeBase(of: index))
    }

    /// Whether samples are in fragments; what is hidden are then places where fragments overlap.
    package var isFragmented: Bool {
        guard isISO, let file = FileBoxes(path: path), let movie = file.first("moov", in: file.everything) else {
            return false
        }
        return file.first("mvex", in: movie.body) != nil
    }

    /// Whether the edit list of a stream joins parts that share packets: those of a part go on beyond its end, and those
    /// of the next begin before it, so that decoding times go back. In a fragmented file, fragments overlap.
    package func joinsParts(of index: Int) -> Bool {
        guard isISO, let stream = streams[index] else { return false }
        var latest = Int64.min
        for place in 0..<avformat_index_get_entries_count(stream) {
            guard let time = avformat_index_get_entry(stream, place)?.pointee.timestamp else { return false }
            if time < latest { return true }
            latest = time
        }
        return false
    }
}
