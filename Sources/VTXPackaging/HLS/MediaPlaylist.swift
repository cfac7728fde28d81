// A media playlist as a value, and its text (RFC 8216, 4.3.2 and 4.3.3).

package import VTXModel

/// The segments of one rendition. Always complete (VOD).
package struct MediaPlaylist: Hashable, Sendable {
    /// What segments are initialised with; `nil` for segments that need nothing.
    package var map: InitializationMap?
    package var segments: [Segment]
    /// Every segment is one key frame.
    package var isIFramesOnly: Bool
    /// Raises the target duration, so that all audio and video playlists of a package have the same.
    package var minimumTargetDuration: Int64

    package init(
        segments: [Segment], map: InitializationMap? = nil, isIFramesOnly: Bool = false,
        minimumTargetDuration: Int64 = 1
    ) {
        self.segments = segments
        self.map = map
        self.isIFramesOnly = isIFramesOnly
        self.minimumTargetDuration = minimumTargetDuration
    }

    package struct Segment: Hashable, Sendable {
        /// Relative to the playlist, percent-encoded.
        package var uri: String
        package var duration: MediaTime
        /// Size as delivered.
        package var bytes: Int64
        /// Where the segment begins in its file; `nil` if it is the whole file.
        package var byteOffset: Int64?
        /// What encrypts the segment, one entry per key system; empty if nothing does.
        package var keys: [EncryptionKey]
        /// Timestamps or encoding do not go on from the segment before.
        package var isDiscontinuous: Bool

        package init(
            uri: String, duration: MediaTime, bytes: Int64, byteOffset: Int64? = nil,
            keys: [EncryptionKey] = [], isDiscontinuous: Bool = false
        ) {
            self.uri = uri
            self.duration = duration
            self.bytes = bytes
            self.byteOffset = byteOffset
            self.keys = keys
            self.isDiscontinuous = isDiscontinuous
        }
    }
}

extension MediaPlaylist {
    /// In microseconds, as they are printed.
    private var printedDurations: [Int64] { roundedDurations(segments.map(\.duration)) }

    /// EXT-X-TARGETDURATION in seconds: the longest printed duration, rounded, or what all agreed on.
    package var targetDuration: Int64 {
        max(minimumTargetDuration, VTXPackaging.targetDuration(ofMicroseconds: printedDurations))
    }

    /// Lowest EXT-X-VERSION that has all features used (RFC 8216, 7).
    package var version: Int {
        // 3: durations have decimals.
        var needed = 3
        if isIFramesOnly || segments.contains(where: { $0.byteOffset != nil }) { needed = 4 }
        if map != nil { needed = isIFramesOnly ? 5 : 6 }
        let keys = segments.flatMap(\.keys) + (map?.keys ?? [])
        return max(needed, keys.map(\.version).max() ?? 0)
    }

    /// Peak and average of the segments; the initialization segment does not count.
    package var bitRates: BitRates {
        let spans = zip(segments, printedDurations).map {
            BitRates.Span(bytes: $0.bytes, microseconds: $1)
        }
        return BitRates(of: spans, target: targetDuration)
    }

    /// The text of the playlist, with a line break at its end.
    ///
    /// - Throws: `.internal` if the value breaks a rule of the format: no segments, a segment without
    ///   length or content, a URI with characters that no URI has, an encrypted map without an IV.
    package func render() throws(VTXError) -> String {
        guard !segments.isEmpty else { throw unwritable("a media playlist", "no segment") }
        var lines = [
            "#EXTM3U",
            "#EXT-X-VERSION:\(version)",
            "#EXT-X-TARGETDURATION:\(targetDuration)",
            "#EXT-X-MEDIA-SEQUENCE:0",
            "#EXT-X-PLAYLIST-TYPE:VOD",
        ]
        if isIFramesOnly { lines.append("#EXT-X-I-FRAMES-ONLY") }
        var current: [EncryptionKey] = []
        if let map {
            let attributes = try map.attributes()
            try change(&current, to: map.keys, &lines)
            lines.append("#EXT-X-MAP:\(attributes)")
        }
        for (segment, duration) in zip(segments, printedDurations) {
            guard duration > 0, segment.bytes > 0 else {
                throw unwritable("a segment", "\(duration) µs, \(segment.bytes) bytes of \(segment.uri)")
            }
            if segment.isDiscontinuous { lines.append("#EXT-X-DISCONTINUITY") }
            try change(&current, to: segment.keys, &lines)
            lines.append("#EXTINF:\(duration / 1_000_000).\(padded(duration % 1_000_000, 6)),")
            if let offset = segment.byteOffset {
                lines.append("#EXT-X-BYTERANGE:\(ByteRange(offset: offset, count: segment.bytes).text)")
            }
            lines.append(try checkedURI(segment.uri))
        }
        lines.append("#EXT-X-ENDLIST")
        return lines.joined(separator: "\n") + "\n"
    }

    /// Keys hold until others replace them; `NONE` ends encryption.
    private func change(
        _ current: inout [EncryptionKey], to keys: [EncryptionKey], _ lines: inout [String]
    ) throws(VTXError) {
        guard keys != current else { return }
        // A key that is not named again would go on to hold, unless it is of the same key system.
        let formats = Set(keys.map { $0.keyFormat ?? "identity" })
        if !current.allSatisfy({ formats.contains($0.keyFormat ?? "identity") }) {
            lines.append("#EXT-X-KEY:METHOD=NONE")
        }
        for key in keys { lines.append("#EXT-X-KEY:\(try key.attributes())") }
        current = keys
    }
}

extension MediaPlaylist {
    /// The playlist of a rendition.
    ///
    /// - Parameter keys: what encrypts the segment of a number, counted from 0.
    package init(
        of records: [SegmentRecord], map: InitializationMap? = nil, minimumTargetDuration: Int64 = 1,
        keys: (Int) -> [EncryptionKey] = { _ in [] }
    ) {
        let segments = records.enumerated().map { number, record in
            Segment(
                uri: relativeURI(forPath: record.uri), duration: record.duration, bytes: record.bytes,
                byteOffset: record.byteOffset, keys: keys(number))
        }
        self.init(segments: segments, map: map, minimumTargetDuration: minimumTargetDuration)
    }

    /// The playlist of a rendition.
    ///
    /// - Parameter minimumTargetDuration: of the package, in seconds.
    init(of rendition: PackagedRendition, minimumTargetDuration: Int64) {
        let segments = rendition.segments.map { segment in
            Segment(
                uri: relativeURI(forPath: segment.record.uri), duration: segment.record.duration,
                bytes: segment.record.bytes, byteOffset: segment.record.byteOffset,
                keys: segment.keys.map { $0.relative(to: rendition.name) })
        }
        self.init(
            segments: segments,
            map: rendition.initialization.map { InitializationMap($0, rendition: rendition.name) },
            minimumTargetDuration: minimumTargetDuration)
    }

    /// The I-frame playlist of a rendition: each key frame lasts until the next one, the last to the end.
    ///
    /// - Returns: `nil` if there is no key frame.
    init?(iFramesOf rendition: PackagedRendition) {
        let frames = rendition.keyFrames
        guard !frames.isEmpty else { return nil }
        let ends = frames.dropFirst().map(\.record.time) + [rendition.end]
        let segments = zip(frames, ends).map { frame, end in
            Segment(
                uri: relativeURI(forPath: frame.file), duration: end - frame.record.time, bytes: frame.record.bytes,
                byteOffset: frame.record.offset, keys: frame.keys.map { $0.relative(to: rendition.name) })
        }
        self.init(
            segments: segments,
            map: rendition.keyFrameInitialization.map { InitializationMap($0, rendition: rendition.name) },
            isIFramesOnly: true)
    }
}
