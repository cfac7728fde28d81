// What a batch has to know of a file before it plans it, read from the lines of `vtx probe --json`.

import VTXModel

/// A file in short.
package struct MediaFacts: Hashable, Codable, Sendable {
    /// libav's name of the container.
    package var format: String
    /// Seconds; `nil` if the file does not say.
    package var duration: Double?
    /// Of the picture as it is shown, in square pixels; `nil` without a picture.
    package var width: Int?
    package var height: Int?
    /// Frames per second.
    package var frameRate: Double?
    /// Bits per component.
    package var bitDepth: Int?
    package var videoCodec: String?
    package var audioTracks: Int

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

    /// Still pictures are "videos" of one frame to libav.
    package var isStillImage: Bool { format == "image2" || format.hasSuffix("_pipe") || format == "gif" }

    /// Whether there is something to see or to hear.
    package var isMedia: Bool { !isStillImage && (videoCodec != nil || audioTracks > 0) }

    /// Pixels of a frame; 0 without a picture.
    package var pixels: Double { Double(width ?? 0) * Double(height ?? 0) }
}

/// The `media` of `vtx probe --json`, as far as it is needed here.
struct ProbedMedia: Decodable {
    struct Duration: Decodable { var seconds: Double }
    struct Size: Decodable {
        var width: Int
        var height: Int
    }
    struct Video: Decodable {
        var displaySize: Size
        var averageFrameRate: String?
        var bitDepth: Int?
    }
    struct Stream: Decodable {
        var kind: String
        var codec: String
        var disposition: [String]
        var video: Video?
    }
    var path: String
    var format: String
    var duration: Duration?
    var streams: [Stream]

    var facts: MediaFacts {
        let pictures = streams.filter { $0.kind == "video" && !$0.disposition.contains("attached_pic") }
        let largest = pictures.max { area($0) < area($1) }
        return MediaFacts(
            format: format, duration: duration?.seconds, width: largest?.video?.displaySize.width,
            height: largest?.video?.displaySize.height,
            frameRate: largest?.video?.averageFrameRate.flatMap { Rational($0)?.value },
            bitDepth: largest?.video?.bitDepth, videoCodec: largest?.codec,
            audioTracks: streams.count { $0.kind == "audio" })
    }

    private func area(_ stream: Stream) -> Int { (stream.video?.displaySize).map { $0.width * $0.height } ?? 0 }
}

/// Names that media files usually have. What is inside decides; the name tells a broken source from a letter.
package func isNamedLikeMedia(_ path: String) -> Bool {
    guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return false }
    return mediaExtensions.contains(path[path.index(after: dot)...].lowercased())
}

private let mediaExtensions: Set<String> = [
    "3g2", "3gp", "aac", "ac3", "aiff", "amr", "ape", "asf", "avi", "dv", "eac3", "f4v", "flac", "flv", "h264", "hevc",
    "ivf", "m1v", "m2ts", "m2v", "m4a", "m4v", "mka", "mkv", "mov", "mp2", "mp3", "mp4", "mpeg", "mpg", "mts", "mxf",
    "obu", "oga", "ogg", "ogm", "ogv", "opus", "qt", "rm", "rmvb", "ts", "vob", "wav", "webm", "wma", "wmv", "y4m",
]

/// Whether the first bytes are those of a container that usually holds media: MP4, Matroska, AVI, Ogg, FLV, MPEG-PS,
/// FLAC, ASF.
package func beginsLikeMedia(_ head: [UInt8]) -> Bool {
    func has(_ text: String, at offset: Int) -> Bool {
        let bytes = Array(text.utf8)
        return head.count >= offset + bytes.count && Array(head[offset..<offset + bytes.count]) == bytes
    }
    let starts: [[UInt8]] = [[0x1A, 0x45, 0xDF, 0xA3], [0, 0, 1, 0xBA], [0x30, 0x26, 0xB2, 0x75]]
    return has("ftyp", at: 4) || has("moov", at: 4) || has("mdat", at: 4) || (has("RIFF", at: 0) && has("AVI ", at: 8))
        || has("OggS", at: 0) || has("FLV", at: 0) || has("fLaC", at: 0)
        || starts.contains { head.starts(with: $0) }
}
