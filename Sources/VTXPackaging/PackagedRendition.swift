// One rendition of a finished package.

package import VTXBitstream
package import VTXModel

/// Media of one encoding, and all that manifests say about it.
package struct PackagedRendition: Sendable {
    /// Its directory in the package.
    package var name: String
    /// RFC 6381, read from the media.
    package var codec: String
    /// The whole of which `codec` is the base layer, with its brand: `dvh1.08.07/db4h`.
    package var supplementalCodec: String?
    /// In order, at least one.
    package var segments: [Segment]
    /// What players read before any segment; `nil` if segments need nothing.
    package var initialization: InitializationFile?
    /// The key frames, in order of presentation; empty for audio.
    package var keyFrames: [KeyFrame]
    /// What players read before a key frame; `nil` if key frames need nothing.
    package var keyFrameInitialization: InitializationFile?
    /// Display size; video only.
    package var resolution: PixelSize?
    /// Exact; video only.
    package var frameRate: Rational?
    /// SDR or the kind of HDR; video only.
    package var videoRange: VideoRange?
    /// Channels of closed captions inside the video; `nil` without captions, empty where the channels cannot be told.
    package var captions: [CaptionChannel]?
    /// Audio only.
    package var channels: Int?

    /// - Parameters: as the properties.
    package init(
        name: String, codec: String, segments: [Segment], initialization: InitializationFile? = nil,
        keyFrames: [KeyFrame] = [], keyFrameInitialization: InitializationFile? = nil, resolution: PixelSize? = nil,
        frameRate: Rational? = nil, videoRange: VideoRange? = nil, channels: Int? = nil
    ) {
        self.name = name
        self.codec = codec
        self.segments = segments
        self.initialization = initialization
        self.keyFrames = keyFrames
        self.keyFrameInitialization = keyFrameInitialization
        self.resolution = resolution
        self.frameRate = frameRate
        self.videoRange = videoRange
        self.channels = channels
    }

    /// A media segment and what encrypts it.
    package struct Segment: Hashable, Sendable {
        /// Where it is and when it plays.
        package var record: SegmentRecord
        /// One key for each key system; empty if nothing is encrypted.
        package var keys: [EncryptionKey]

        /// - Parameters: as the properties.
        package init(_ record: SegmentRecord, keys: [EncryptionKey] = []) {
            self.record = record
            self.keys = keys
        }
    }

    /// A key frame that can be read alone.
    package struct KeyFrame: Hashable, Sendable {
        /// In the directory of the rendition.
        package var file: String
        /// Where in the file, and when it is shown.
        package var record: KeyFrameRecord
        /// One key for each key system; empty if nothing is encrypted.
        package var keys: [EncryptionKey]

        /// - Parameters: as the properties.
        package init(file: String, record: KeyFrameRecord, keys: [EncryptionKey] = []) {
            self.file = file
            self.record = record
            self.keys = keys
        }
    }

    /// An initialization segment, or the tables of a transport stream.
    package struct InitializationFile: Hashable, Sendable {
        /// In the directory of the rendition.
        package var name: String
        /// `nil`: the whole file.
        package var bytes: ByteRange?
        /// What encrypts it: with AES-128 it is encrypted like a segment, or not at all.
        package var keys: [EncryptionKey]

        /// - Parameters: as the properties.
        package init(name: String, bytes: ByteRange? = nil, keys: [EncryptionKey] = []) {
            self.name = name
            self.bytes = bytes
            self.keys = keys
        }
    }
}

extension PackagedRendition {
    /// The key frames of segments, in order.
    ///
    /// - Parameters:
    ///   - records: all segments of the rendition.
    ///   - keys: what encrypts the key frame of a number in the segment of a number, both counted from 0, the frames
    ///     through the whole rendition.
    package static func keyFrames(
        of records: [SegmentRecord], keys: (_ keyFrame: Int, _ segment: Int) -> [EncryptionKey] = { _, _ in [] }
    ) -> [KeyFrame] {
        var frames: [KeyFrame] = []
        for (number, record) in records.enumerated() {
            for frame in record.keyFrames {
                frames.append(
                    KeyFrame(file: frame.uri ?? record.uri, record: frame, keys: keys(frames.count, number)))
            }
        }
        return frames
    }

    /// Presentation time of the end.
    package var end: MediaTime { segments.last.map { $0.record.start + $0.record.duration } ?? .zero }

    /// From the start of the first segment to the end of the last.
    package var duration: MediaTime { segments.first.map { end - $0.record.start } ?? .zero }

    /// Where segments start, in output time, and where the last one ends. Empty without segments.
    package var boundaries: [MediaTime] { segments.isEmpty ? [] : segments.map(\.record.start) + [end] }

    /// The longest segment in seconds, rounded, at least 1.
    package var targetDuration: Int64 {
        VTXPackaging.targetDuration(ofMicroseconds: roundedDurations(segments.map(\.record.duration)))
    }

    /// Peak and average of the segments; the initialization segment does not count.
    ///
    /// - Parameter target: seconds of the longest segment of the package.
    package func bitRates(target: Int64) -> BitRates {
        let durations = roundedDurations(segments.map(\.record.duration))
        return BitRates(
            of: zip(segments, durations).map { BitRates.Span(bytes: $0.record.bytes, microseconds: $1) },
            target: target)
    }
}
