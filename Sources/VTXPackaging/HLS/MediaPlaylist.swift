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
        /// Time stamps or encoding do not go on from the segment before.
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

/// EXT-X-MAP: where the initialization section is.
package struct InitializationMap: Hashable, Sendable {
    package var uri: String
    package var bytes: ByteRange?
    /// What encrypts the section itself: with AES-128 it is encrypted like a segment, or not at all.
    package var keys: [EncryptionKey]

    package init(uri: String, bytes: ByteRange? = nil, keys: [EncryptionKey] = []) {
        self.uri = uri
        self.bytes = bytes
        self.keys = keys
    }
}

/// A part of a file.
package struct ByteRange: Hashable, Codable, Sendable {
    package var offset: Int64
    package var count: Int64

    package init(offset: Int64, count: Int64) {
        self.offset = offset
        self.count = count
    }

    /// `COUNT@OFFSET`.
    var text: String { "\(count)@\(offset)" }
}

/// EXT-X-KEY and EXT-X-SESSION-KEY.
package struct EncryptionKey: Hashable, Codable, Sendable {
    package enum Method: String, Hashable, Codable, Sendable {
        /// Whole segments, AES-128-CBC with PKCS #7 padding.
        case aes128 = "AES-128"
        /// Samples; in fMP4 the `cbcs` scheme.
        case sampleAES = "SAMPLE-AES"
        /// Samples; in fMP4 the `cenc` scheme.
        case sampleAESCTR = "SAMPLE-AES-CTR"
    }

    package var method: Method
    package var uri: String
    /// 16 bytes; `nil`: the media sequence number.
    package var iv: [UInt8]?
    /// `nil`: `identity`, a key file of 16 bytes.
    package var keyFormat: String?
    package var keyFormatVersions: String?

    package init(
        method: Method, uri: String, iv: [UInt8]? = nil, keyFormat: String? = nil,
        keyFormatVersions: String? = nil
    ) {
        self.method = method
        self.uri = uri
        self.iv = iv
        self.keyFormat = keyFormat
        self.keyFormatVersions = keyFormatVersions
    }

    func attributes() throws(VTXError) -> String {
        guard iv.map({ $0.count == 16 }) ?? true else {
            throw unwritable("an initialization vector", "\(iv?.count ?? 0) bytes")
        }
        var list = AttributeList()
        list.add("METHOD", .enumerated(method.rawValue))
        list.add("URI", .quoted(try checkedURI(uri)))
        list.add("IV", iv.map { .hexadecimal($0) })
        list.add("KEYFORMAT", keyFormat.map { .quoted($0) })
        list.add("KEYFORMATVERSIONS", keyFormatVersions.map { .quoted($0) })
        return try list.render()
    }

    /// The protocol version that the key needs.
    var version: Int {
        if keyFormat != nil || keyFormatVersions != nil || method != .aes128 { return 5 }
        return iv != nil ? 2 : 1
    }
}

extension MediaPlaylist {
    /// Printed durations, in microseconds: differences of rounded times, so that sums never drift.
    var printedDurations: [Int64] {
        var clock = PrintedClock()
        return segments.map { clock.advance($0.duration) }
    }

    /// EXT-X-TARGETDURATION in seconds: the longest printed duration, rounded, or what all agreed on.
    package var targetDuration: Int64 {
        let longest = printedDurations.max() ?? 0
        return max(1, minimumTargetDuration, (longest + 500_000) / 1_000_000)
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

    /// Peak and average of the segments; the initialization section does not count.
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
            if map.keys.contains(where: { $0.method == .aes128 && $0.iv == nil }) {
                throw unwritable("the key of an encrypted map", "no IV")
            }
            try change(&current, to: map.keys, &lines)
            var list = AttributeList()
            list.add("URI", .quoted(try checkedURI(map.uri)))
            list.add("BYTERANGE", map.bytes.map { .quoted($0.text) })
            lines.append("#EXT-X-MAP:\(try list.render())")
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

    /// The I-frame playlist of a rendition: each key frame lasts until the next one, the last to the end.
    ///
    /// - Parameters:
    ///   - map: the initialization section, or the tables of a transport stream.
    ///   - keys: what encrypts the key frame of a number in the segment of a number, both counted from 0, the
    ///     frames through the whole rendition.
    /// - Returns: `nil` if there is no key frame.
    package static func iFrames(
        of records: [SegmentRecord], map: InitializationMap?,
        keys: (_ keyFrame: Int, _ segment: Int) -> [EncryptionKey] = { _, _ in [] }
    ) -> MediaPlaylist? {
        guard let last = records.last else { return nil }
        var frames: [(number: Int, uri: String, frame: KeyFrameRecord)] = []
        for (number, record) in records.enumerated() {
            frames += record.keyFrames.map { (number, $0.uri ?? record.uri, $0) }
        }
        guard !frames.isEmpty else { return nil }
        let ends = frames.dropFirst().map(\.frame.time) + [last.start + last.duration]
        let segments = zip(frames, ends).enumerated().map { index, pair in
            let (entry, end) = pair
            return Segment(
                uri: relativeURI(forPath: entry.uri), duration: end - entry.frame.time,
                bytes: entry.frame.bytes, byteOffset: entry.frame.offset, keys: keys(index, entry.number))
        }
        return MediaPlaylist(segments: segments, map: map, isIFramesOnly: true)
    }
}

/// Adds up exact durations and prints each as the difference of two rounded times.
private struct PrintedClock {
    /// Rounded time of everything before the current run of equal units.
    private var settled: Int64 = 0
    private var run = MediaTime.zero
    private var printed: Int64 = 0

    mutating func advance(_ duration: MediaTime) -> Int64 {
        if duration.base == run.base {
            run = MediaTime(run.ticks + duration.ticks, run.base)
        } else {
            settled += run.rescaled(to: MediaTime.microsecond).ticks
            run = duration
        }
        let now = settled + run.rescaled(to: MediaTime.microsecond).ticks
        defer { printed = now }
        return now - printed
    }
}
