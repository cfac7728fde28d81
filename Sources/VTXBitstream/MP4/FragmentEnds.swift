// How long a fragmented MP4 is, for files whose header does not say (ISO/IEC 14496-12, 8.8).

package import VTXModel

/// Follows the fragments of a file and knows where each track ends.
package struct FragmentEnds: Sendable {
    private struct Track {
        var timescale: Int64
        var defaultDuration: Int64 = 0
        var end: Int64 = 0
    }

    private var tracks: [UInt32: Track] = [:]

    /// - Parameter moov: the whole box.
    /// - Throws: `.badMedia` if it is damaged.
    package init(moov: [UInt8]) throws(VTXError) {
        let movie = try isoBoxes(in: moov).required("moov", of: "the file")
        let boxes = try isoBoxes(in: moov, movie.body)
        for trak in boxes where trak.type == "trak" {
            let parts = try isoBoxes(in: moov, trak.body)
            var header = ByteReader(moov, try parts.required("tkhd", of: "'trak'").body)
            let isLong = try header.u8() == 1
            try header.skip(3 + (isLong ? 16 : 8))
            let media = try isoBoxes(in: moov, try parts.required("mdia", of: "'trak'").body)
            let times = try TimeHeader(moov, try media.required("mdhd", of: "'mdia'"))
            tracks[try header.u32()] = Track(timescale: Int64(times.timescale))
        }
        guard let extends = boxes.first("mvex") else { return }
        for trex in try isoBoxes(in: moov, extends.body) where trex.type == "trex" {
            var reader = ByteReader(moov, trex.body)
            try reader.skip(4)
            let id = try reader.u32()
            try reader.skip(4)
            tracks[id]?.defaultDuration = Int64(try reader.u32())
        }
    }

    /// Takes the next fragment.
    ///
    /// - Parameter moof: the whole box.
    /// - Throws: `.badMedia` if it is damaged.
    package mutating func add(moof: [UInt8]) throws(VTXError) {
        let fragment = try isoBoxes(in: moof).required("moof", of: "the file")
        for traf in try isoBoxes(in: moof, fragment.body) where traf.type == "traf" {
            let boxes = try isoBoxes(in: moof, traf.body)
            var reader = ByteReader(moof, try boxes.required("tfhd", of: "'traf'").body)
            let flags = try reader.u32()
            let id = try reader.u32()
            guard var track = tracks[id] else { continue }
            try reader.skip((flags & 1 != 0 ? 8 : 0) + (flags & 2 != 0 ? 4 : 0))
            let usual = flags & 8 != 0 ? Int64(try reader.u32()) : track.defaultDuration
            if let start = try startTime(of: boxes, in: moof) { track.end = start }
            for run in boxes where run.type == "trun" {
                track.end = try checked(track.end.addingReportingOverflow(try duration(of: run, in: moof, usual)))
            }
            tracks[id] = track
        }
    }

    private func startTime(of boxes: [ISOBox], in moof: [UInt8]) throws(VTXError) -> Int64? {
        guard let box = boxes.first("tfdt") else { return nil }
        var reader = ByteReader(moof, box.body)
        let isLong = try reader.u8() == 1
        try reader.skip(3)
        return Int64(exactly: isLong ? try reader.u64() : UInt64(try reader.u32()))
    }

    private func duration(of run: ISOBox, in moof: [UInt8], _ usual: Int64) throws(VTXError) -> Int64 {
        var reader = ByteReader(moof, run.body)
        let flags = try reader.u32() & 0xFF_FFFF
        let count = Int64(try reader.u32())
        guard flags & 0x100 != 0 else { return try checked(count.multipliedReportingOverflow(by: usual)) }
        try reader.skip((flags & 1 != 0 ? 4 : 0) + (flags & 4 != 0 ? 4 : 0))
        let rest = ((flags >> 9) & 7).nonzeroBitCount * 4
        var total: Int64 = 0
        for _ in 0..<count {
            total = try checked(total.addingReportingOverflow(Int64(try reader.u32())))
            try reader.skip(rest)
        }
        return total
    }

    /// End of the track that lasts longest; `nil` without a fragment.
    package var end: MediaTime? {
        tracks.values.filter { $0.end > 0 }.map { MediaTime($0.end, Rational(1, $0.timescale)) }.max()
    }
}
