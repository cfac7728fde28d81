// What a batch has to know of a source before it plans it.

package import VTXModel

/// A source in short.
package struct MediaFacts: Hashable, Codable, Sendable {
    /// libav's name of the container.
    package var format: String
    /// Seconds; `nil` if the file does not say.
    package var duration: Double?
    /// Columns of the video as displayed, in square pixels; `nil` without video.
    package var width: Int?
    /// Rows, as `width`.
    package var height: Int?
    /// Frames per second.
    package var frameRate: Double?
    /// Bits per component.
    package var bitDepth: Int?
    /// libav's name of the codec; `nil` without video.
    package var videoCodec: String?
    /// Audio tracks.
    package var audioTracks: Int

    /// A source of which at least the format is known.
    package init(
        format: String, duration: Double? = nil, width: Int? = nil, height: Int? = nil, frameRate: Double? = nil,
        bitDepth: Int? = nil, videoCodec: String? = nil, audioTracks: Int = 0
    ) {
        self.format = format
        self.duration = duration
        self.width = width
        self.height = height
        self.frameRate = frameRate
        self.bitDepth = bitDepth
        self.videoCodec = videoCodec
        self.audioTracks = audioTracks
    }

    /// A description in short; of several videos, the largest counts.
    package init(_ media: MediaDescription) {
        let videos = media.streams.filter { $0.kind == .video && !$0.isCoverArt }
        let area = { (stream: StreamDescription) in stream.video?.displaySize.area ?? 0 }
        let largest = videos.max { area($0) < area($1) }
        self.init(
            format: media.format, duration: media.duration?.roundedSeconds,
            width: largest?.video?.displaySize.width, height: largest?.video?.displaySize.height,
            frameRate: largest?.video?.averageFrameRate?.value, bitDepth: largest?.video?.bitDepth,
            videoCodec: largest?.codec, audioTracks: media.streams.count { $0.kind == .audio })
    }

    /// Still images are "videos" of one frame to libav.
    package var isStillImage: Bool { format == "image2" || format.hasSuffix("_pipe") || format == "gif" }

    /// Whether there is something to see or hear.
    package var isMedia: Bool { !isStillImage && (videoCodec != nil || audioTracks > 0) }

    /// Pixels of a frame; 0 without video.
    package var pixels: Double { Double(width ?? 0) * Double(height ?? 0) }
}
