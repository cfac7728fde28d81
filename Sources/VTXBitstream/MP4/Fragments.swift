// What a piece of fragmented MP4 holds: times, samples and the byte ranges of its key frames.

package import VTXModel

/// One `moof` box and the samples that it describes.
package struct Fragment: Hashable, Sendable {
    /// Where the `moof` box begins, counted from the start of the buffer.
    package var offset: Int
    package var tracks: [TrackFragment]
}

/// The samples of one track in one fragment, in decoding order.
package struct TrackFragment: Hashable, Sendable {
    package var trackID: UInt32
    /// Decoding time of the first sample, in ticks of the track.
    package var baseDecodeTime: Int64
    /// Sum of all sample durations, in ticks.
    package var duration: Int64
    package var samples: [Sample]

    /// One coded frame.
    package struct Sample: Hashable, Sendable {
        /// Media time at which it is presented, in ticks, before the edit list.
        package var presentation: Int64
        package var duration: Int64
        package var isSync: Bool
        /// Counted from the start of the buffer.
        package var range: Range<Int>
    }

    /// Media time at which the first sample after these is decoded.
    package var endDecodeTime: Int64 { baseDecodeTime &+ duration }
}

extension InitSegment {
    /// The fragments of a segment, or of any run of whole boxes.
    ///
    /// - Throws: `.badMedia` if a box is damaged, a track is unknown, or a sample lies beyond the bytes.
    package func fragments(in bytes: [UInt8]) throws(VTXError) -> [Fragment] {
        var fragments: [Fragment] = []
        for box in try isoBoxes(in: bytes) where box.type == "moof" {
            var fragment = Fragment(offset: box.range.lowerBound, tracks: [])
            // Without a data offset, samples follow those of the track fragment before.
            var next = box.range.lowerBound
            for traf in try isoBoxes(in: bytes, box.body) where traf.type == "traf" {
                let part = try trackFragment(bytes, traf, moof: box.range.lowerBound, next: &next)
                fragment.tracks.append(part)
            }
            fragments.append(fragment)
        }
        return fragments
    }

    private func trackFragment(
        _ bytes: [UInt8], _ traf: ISOBox, moof: Int, next: inout Int
    ) throws(VTXError) -> TrackFragment {
        let boxes = try isoBoxes(in: bytes, traf.body)
        var reader = ByteReader(bytes, try boxes.required("tfhd", of: "'traf'").body)
        let flags = try reader.u32()
        let id = try reader.u32()
        guard let track = tracks.first(where: { $0.id == id }) else {
            throw damaged("a fragment of track \(id), which the initialization section does not have")
        }
        if flags & 1 != 0 {
            guard let base = Int(exactly: try reader.u64()) else {
                throw damaged("a base data offset beyond 63 bits")
            }
            next = base
        }
        if flags & 2 != 0 { try reader.skip(4) }
        var defaults = SampleDefaults(
            base: flags & 1 != 0 ? next : moof, duration: track.defaultDuration, size: track.defaultSize,
            flags: track.defaultFlags)
        if flags & 8 != 0 { defaults.duration = try reader.u32() }
        if flags & 16 != 0 { defaults.size = try reader.u32() }
        if flags & 32 != 0 { defaults.flags = try reader.u32() }

        reader = ByteReader(bytes, try boxes.required("tfdt", of: "'traf'").body)
        let isLong = try reader.u8() == 1
        try reader.skip(3)
        let time = isLong ? try reader.u64() : UInt64(try reader.u32())
        guard let start = Int64(exactly: time) else { throw damaged("a decode time beyond 63 bits") }
        var fragment = TrackFragment(trackID: id, baseDecodeTime: start, duration: 0, samples: [])
        for box in boxes where box.type == "trun" {
            try readRun(bytes, box, defaults, into: &fragment, next: &next)
        }
        return fragment
    }

    private func readRun(
        _ bytes: [UInt8], _ run: ISOBox, _ defaults: SampleDefaults, into fragment: inout TrackFragment,
        next: inout Int
    ) throws(VTXError) {
        var reader = ByteReader(bytes, run.body)
        let word = try reader.u32()
        let (version, flags) = (word >> 24, word & 0xFF_FFFF)
        let count = Int(try reader.u32())
        let perSample = (flags >> 8 & 15).nonzeroBitCount * 4
        // A count without a byte behind it could ask for any amount of memory.
        guard perSample == 0 || count <= reader.remaining / perSample,
            fragment.samples.count + count <= 1 << 20
        else { throw damaged("a run of \(count) samples") }
        if flags & 1 != 0 {
            let (sum, overflow) = defaults.base.addingReportingOverflow(Int(try reader.i32()))
            guard !overflow else { throw damaged("a data offset beyond 63 bits") }
            next = sum
        }
        let firstFlags = flags & 4 != 0 ? try reader.u32() : nil
        fragment.samples.reserveCapacity(fragment.samples.count + count)
        for index in 0..<count {
            let duration = Int64(flags & 0x100 != 0 ? try reader.u32() : defaults.duration)
            let size = Int(flags & 0x200 != 0 ? try reader.u32() : defaults.size)
            var sampleFlags = index == 0 ? firstFlags ?? defaults.flags : defaults.flags
            if flags & 0x400 != 0 { sampleFlags = try reader.u32() }
            var shift: Int64 = 0
            if flags & 0x800 != 0 {
                let raw = try reader.u32()
                shift = version == 0 ? Int64(raw) : Int64(Int32(bitPattern: raw))
            }
            guard next >= 0, next <= bytes.count, size <= bytes.count - next else {
                throw damaged("a sample of \(size) bytes at \(next), beyond the end at \(bytes.count)")
            }
            let decode = try checked(fragment.baseDecodeTime.addingReportingOverflow(fragment.duration))
            fragment.samples.append(
                TrackFragment.Sample(
                    presentation: try checked(decode.addingReportingOverflow(shift)), duration: duration,
                    isSync: sampleFlags & 0x1_0000 == 0, range: next..<next + size))
            fragment.duration = try checked(fragment.duration.addingReportingOverflow(duration))
            next += size
        }
    }
}

private struct SampleDefaults {
    var base: Int
    var duration: UInt32
    var size: UInt32
    var flags: UInt32
}

/// One track's part of a segment, in times of the presentation.
package struct SegmentContent: Hashable, Sendable {
    /// Smallest presentation time of a sample.
    package var start: MediaTime
    /// Presentation time at which the last sample ends.
    package var end: MediaTime
    /// Decoding time of the first sample and of the first one after the segment, without the edit list.
    package var decodeStart: MediaTime
    package var decodeEnd: MediaTime
    package var sampleCount: Int
    package var startsWithKeyFrame: Bool
    /// Key frames that begin a fragment; offsets count from the start of the file.
    package var keyFrames: [KeyFrameRecord]
    /// Key frames inside a fragment: an I-frame playlist cannot point to them.
    package var buriedKeyFrames: Int
}

extension InitSegment {
    /// Reads one segment back.
    ///
    /// - Parameters:
    ///   - bytes: the whole segment.
    ///   - track: whose samples to look at.
    ///   - offset: where the segment begins in its file.
    /// - Returns: `nil` if the segment has no sample of the track.
    /// - Throws: `.badMedia` as `fragments(in:)`.
    package func content(
        of bytes: [UInt8], track: Track, at offset: Int64 = 0
    ) throws(VTXError) -> SegmentContent? {
        let parts = try fragments(in: bytes).flatMap { fragment in
            fragment.tracks.enumerated()
                .filter { $0.element.trackID == track.id && !$0.element.samples.isEmpty }
                .map { (offset: fragment.offset, leads: $0.offset == 0, part: $0.element) }
        }
        guard let first = parts.first?.part, let last = parts.last?.part else { return nil }
        func time(_ ticks: Int64) -> MediaTime { MediaTime(ticks, track.timeBase) }
        var content = SegmentContent(
            start: .zero, end: .zero, decodeStart: time(first.baseDecodeTime),
            decodeEnd: time(last.endDecodeTime), sampleCount: 0,
            startsWithKeyFrame: first.samples[0].isSync, keyFrames: [], buriedKeyFrames: 0)
        var (start, end) = (Int64.max, Int64.min)
        for (moof, leads, part) in parts {
            for (index, sample) in part.samples.enumerated() {
                let shown = try checked(sample.presentation.addingReportingOverflow(track.editOffset))
                start = min(start, shown)
                end = max(end, try checked(shown.addingReportingOverflow(sample.duration)))
                guard sample.isSync, track.kind == .video else { continue }
                if index == 0, leads, sample.range.upperBound > moof {
                    content.keyFrames.append(
                        KeyFrameRecord(
                            time: time(shown), offset: offset + Int64(moof),
                            bytes: Int64(sample.range.upperBound - moof)))
                } else {
                    content.buriedKeyFrames += 1
                }
            }
            content.sampleCount += part.samples.count
        }
        (content.start, content.end) = (time(start), time(end))
        return content
    }
}
