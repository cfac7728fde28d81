// What an initialization segment says of its tracks: codecs, sizes, colours, channels and time scales.
//
// Manifests are written from this, so that they describe the bytes that players get.

package import VTXModel

/// An fMP4 initialization segment (`ftyp` and `moov`), read back.
package struct InitSegment: Hashable, Sendable {
    /// In the order of the file.
    package var tracks: [Track]

    /// One track.
    package struct Track: Hashable, Sendable {
        /// By the handler of the track.
        package enum Kind: String, Hashable, Sendable { case video, audio, other }

        package var id: UInt32
        package var kind: Kind
        /// Ticks per second.
        package var timescale: UInt32
        /// ISO 639-2 code; `nil` for `und` and where there is none.
        package var language: String?
        /// Four characters of the sample entry; of the format inside, where it is encrypted.
        package var sampleEntry: String
        package var isEncrypted: Bool
        /// As a CODECS attribute wants it.
        package var codec: String
        /// As a SUPPLEMENTAL-CODECS attribute wants it: the whole of which `codec` is the base layer.
        package var supplementalCodec: String?
        package var video: Video?
        package var audio: Audio?
        /// What the edit list adds to a media time to make it a presentation time, in ticks.
        package var editOffset: Int64
        var defaultDuration: UInt32 = 0
        var defaultSize: UInt32 = 0
        var defaultFlags: UInt32 = 0

        /// The length of one tick.
        package var timeBase: Rational { Rational(1, Int64(timescale)) }
    }

    /// What only tracks of video have.
    package struct Video: Hashable, Sendable {
        /// Of the decoded picture.
        package var size: PixelSize
        /// Width over height of one pixel.
        package var sampleAspectRatio: Rational
        package var orientation: Orientation
        package var color: CodedColor?

        /// In square pixels, upright, both sides even: what RESOLUTION wants.
        package var displaySize: PixelSize {
            var shown = size
            if sampleAspectRatio != Rational(1) {
                let width = Double(size.width) * sampleAspectRatio.value
                shown.width = max(2, Int(min(width / 2, 1e6).rounded()) * 2)
            }
            return orientation.exchangesSides ? shown.transposed : shown
        }

        package var range: VideoRange { VideoRange(transfer: color?.transfer) }
    }

    /// What only tracks of audio have.
    package struct Audio: Hashable, Sendable {
        /// `nil` where only the frames tell: MP3, and AAC with a channel layout of its own.
        package var channels: Int?
        /// Hz.
        package var sampleRate: Int
    }

    /// The first track of video.
    package var video: Track? { tracks.first { $0.kind == .video } }
    /// The first track of audio.
    package var audio: Track? { tracks.first { $0.kind == .audio } }
}
