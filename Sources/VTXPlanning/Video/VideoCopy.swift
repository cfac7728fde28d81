// Where video is copied, packet by packet.

import VTXModel

/// Formats of one stream of video without timestamps, by libav's names.
private let elementaryStreams: Set = ["h264", "hevc", "mpegvideo", "m4v", "vc1", "h263", "cavsvideo"]

extension VideoPlanner {
    /// - Throws: `.usage` if the target does not take the packets, or something is asked for that needs an encoder.
    mutating func planCopy(of stream: StreamDescription) throws(VTXError) -> VideoTrackPlan {
        try refuse(
            options.needingEncoder(for: cut.mode) + cut.needingEncoder, because: "copied video cannot be changed",
            remedy: cut.mode == .exact
                ? "leave out \(.video, "copy"), or the option" : "leave out \(.cut) to encode it, or the option")
        guard !cut.needsExactness else {
            throw VTXError(
                .usage, "copied video cannot be cut exactly to the frame",
                remedy:
                    "add \(.cut, "keyframe") or \(.cut, "smart"), or leave out \(.video, "copy") to encode it, or \(.start), \(.end) and \(.duration)"
            )
        }
        try checkCodec(of: stream)
        try refuseAnimatedWebP(stream)
        if stream.isDecodable { try sized(stream) }
        if let video = stream.video, video.orientation != .upright, !rules.hasOrientation {
            throw VTXError(
                .usage, "\(rules.title) does not support rotation metadata, which copied video needs",
                remedy: "encode it, or write .mp4")
        }
        if stream.video?.hdr?.format == .dolbyVision, !rules.hasDolbyVision {
            decide(.uncarriedDolbyVision(target: rules.title))
        }
        var plan = VideoTrackPlan(
            stream: stream.index, label: rules.label(of: stream),
            tag: VideoCodec(rawValue: stream.codec).flatMap { rules.tag(of: $0) })
        if let video = stream.video, stream.start == nil, elementaryStreams.contains(source.format) {
            let rate = sourceRate(video).rate
            decide(.madeTimestamps(rate))
            plan.stampRate = rate
        }
        return plan
    }

    private func checkCodec(of stream: StreamDescription) throws(VTXError) {
        let possible = rules.copyableVideo
        guard possible.contains(stream.codec) else {
            throw VTXError(
                .usage, "\(rules.title) does not support \(stream.codecWords), the video of '\(source.path)'",
                remedy: possible.list.isEmpty
                    ? "encode it, or write .mkv"
                    : "it takes \(possible.list.joined(separator: ", ")); encode it, or write .mkv")
        }
        if rules == .container(.avi), stream.codec == "h264", !hasStartCodes {
            throw VTXError(
                .usage, "H.264 of '\(source.path)' cannot be copied into .avi",
                remedy: "AVI needs start codes, which this source does not have: encode it, or write .mkv")
        }
    }

    /// Whether H.264 comes as a byte stream (ISO/IEC 14496-10, annex B) rather than with lengths.
    private var hasStartCodes: Bool { ["avi", "mpegts", "mpeg", "h264"].contains(source.format) }
}
