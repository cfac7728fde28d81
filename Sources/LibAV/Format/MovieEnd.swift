// Where a track of a finished MP4 ends, if frames that are not to be shown come after it.

/// A track whose edit list ends at a time in thousandths of a second, which is the movie's unit.
func ended(_ track: Box, at end: Int64) -> Box {
    var isEdited = false
    let result = track.map("edts", "elst") { list in
        var bytes = list.bytes
        guard bytes.count > 16 else { return list }
        // Version 1 has durations and times of 64 bits.
        let field = bytes[8] == 1 ? 8 : 4
        let length = 2 * field + 4
        let count = Int(clamping: bigEndian(bytes[12..<16]))
        guard count > 0, count <= (bytes.count - 16) / length else { return list }
        let before = (0..<count - 1).reduce(Int64(0)) {
            $0 + Int64(clamping: bigEndian(bytes[16 + $1 * length..<16 + $1 * length + field]))
        }
        let last = 16 + (count - 1) * length
        let old = Int64(clamping: bigEndian(bytes[last..<last + field]))
        guard end > before, end - before < old else { return list }
        isEdited = true
        let zeros = [UInt8](repeating: 0, count: field - 4)
        bytes.replaceSubrange(last..<last + field, with: zeros + number(end - before))
        return Box(bytes)
    }
    guard isEdited else { return track }
    return result.map("tkhd") { head in
        var bytes = head.bytes
        guard bytes.count > 32, bytes[8] == 0 else { return head }
        bytes.replaceSubrange(28..<32, with: number(end))
        return Box(bytes)
    }
}

/// A movie that lasts as long as its longest track.
func shortened(_ movie: Box) -> Box {
    let heads = movie.body.filter { $0.type == "trak" }.flatMap { $0.body.filter { $0.type == "tkhd" }.map(\.bytes) }
    guard let longest = heads.map({ $0.count > 32 && $0[8] == 0 ? bigEndian($0[28..<32]) : UInt64.max }).max() else {
        return movie
    }
    return movie.map("mvhd") { head in
        var bytes = head.bytes
        guard bytes.count > 28, bytes[8] == 0, longest < bigEndian(bytes[24..<28]) else { return head }
        bytes.replaceSubrange(24..<28, with: number(Int64(longest)))
        return Box(bytes)
    }
}
