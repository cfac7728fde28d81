// What becomes of closed captions inside the video.

import VTXModel

extension VideoPlanner {
    /// Notes which captions of the source are not written.
    ///
    /// - Parameter codecs: what the video is written in.
    mutating func noteCaptions(of video: VideoDescription, codecs: [VideoCodec]) {
        guard video.captions != nil else { return }
        switch options.captions {
        case .keep:
            for codec in codecs where codec.traits.captions == nil { decide(.dropped(codec)) }
        case .drop: decide(.removed)
        case .webVTT: break
        }
    }
}

extension TrackContext {
    /// The text track that captions inside the video become, if that was asked for.
    ///
    /// CC1, or the first one that has something in it: the first channels of both fields, then the second ones.
    ///
    /// - Parameter stream: the video.
    /// - Throws: `.usage` if the target has no text tracks, `.unavailable` if this libav cannot make them.
    func planCaptionTrack(
        of stream: StreamDescription?, choice: CaptionChoice
    ) throws(VTXError) -> Decided<[SubtitleTrackPlan]> {
        guard choice == .webVTT else { return Decided(value: []) }
        guard let stream else { return Decided(value: [], decisions: [.captions(.noVideo)]) }
        guard let codec = rules.subtitles?.text.first else {
            throw VTXError(
                .usage, "\(rules.title) does not support subtitles", remedy: "use .mp4, .mkv, .webm or .mov")
        }
        guard let channel = CaptionChannel.convertible.first(where: { stream.video?.captions?.contains($0) ?? false })
        else {
            return Decided(value: [], decisions: [.captions(.nothingToConvert)])
        }
        guard capabilities.encoders.contains(codec.encoder) else {
            throw VTXError(.unavailable, "this libav has no encoder '\(codec.encoder)'", remedy: .installFFmpeg)
        }
        var track = SubtitleTrackPlan(
            stream: stream.index, label: TrackLabel(title: channel.name, disposition: ["captions"]), convert: codec)
        track.captions = channel
        return Decided(value: [track], decisions: [.captions(.converted(channel))])
    }
}
