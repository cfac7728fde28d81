// The part of a probe's answer that a batch reads.

import VTXModel

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
        let videos = streams.filter { $0.kind == "video" && !$0.disposition.contains("attached_pic") }
        let largest = videos.max { area($0) < area($1) }
        return MediaFacts(
            format: format, duration: duration?.seconds, width: largest?.video?.displaySize.width,
            height: largest?.video?.displaySize.height,
            frameRate: largest?.video?.averageFrameRate.flatMap { Rational($0)?.value },
            bitDepth: largest?.video?.bitDepth, videoCodec: largest?.codec,
            audioTracks: streams.count { $0.kind == "audio" })
    }

    private func area(_ stream: Stream) -> Int { (stream.video?.displaySize).map { $0.width * $0.height } ?? 0 }
}
