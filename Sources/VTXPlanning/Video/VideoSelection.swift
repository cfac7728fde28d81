// Which video stream is used.

import VTXModel

/// Chooses the one video stream of the output; `nil` for none. Cover art is never it.
///
/// - Throws: `.usage` for a stream that is not video, and for options that nothing can follow.
func chooseVideo(
    in context: TrackContext, options: VideoTrackOptions
) throws(VTXError) -> Decided<StreamDescription?> {
    let all = context.source.tracks(.video)
    try checkStream(options.stream, among: all, of: context.source.path)
    if options.choice == .none {
        try refuse(
            options.needingVideo, because: "the video is left out",
            remedy: "leave out the option, or keep the video")
        return Decided(value: nil)
    }
    if context.rules.isAudioOnly { return try withoutVideo(all, in: context.rules, options: options) }
    let asked = options.stream.flatMap { index in all.first { $0.index == index } }
    let chosen = asked ?? best(of: moving(all))
    if let chosen {
        try requireSamples(of: chosen, in: context.source)
        try refuseEncrypted(chosen, of: context.source)
    }
    let decisions = all.filter { $0.index != chosen?.index }.map { stream -> Decision in
        let other: VideoDropReason? = chosen.map { asked == nil ? .otherBetter($0.index) : .otherAsked($0.index) }
        return .video(.dropped(stream: stream.index, because: stream.hasNoSamples ? .noSamples : other ?? .noSamples))
    }
    return Decided(value: chosen, decisions: decisions)
}

private func checkStream(_ index: Int?, among all: [StreamDescription], of path: String) throws(VTXError) {
    guard let index, !all.contains(where: { $0.index == index }) else { return }
    throw VTXError(
        .usage, "stream \(index) of '\(path)' is not video",
        remedy: all.isEmpty
            ? "it has no video" : "its video is in stream \(all.map { String($0.index) }.joined(separator: ", "))")
}

/// The streams that are videos: without those that have no frames, or a tenth of the frames of another at most, as the
/// stills of a motion photo do.
func moving(_ all: [StreamDescription]) -> [StreamDescription] {
    let most = all.compactMap(\.frameCount).max() ?? 0
    return all.filter { $0.frameCount.map { $0 > most / 10 } ?? true }
}

/// The largest stream; among equals the default one, then the first.
private func best(of all: [StreamDescription]) -> StreamDescription? {
    guard let first = all.first else { return nil }
    return all.dropFirst().reduce(first) { isBetter($1, than: $0) ? $1 : $0 }
}

private func isBetter(_ one: StreamDescription, than other: StreamDescription) -> Bool {
    let (area, otherArea) = (one.video?.size.area ?? 0, other.video?.size.area ?? 0)
    return area != otherArea ? area > otherArea : one.isDefault && !other.isDefault
}

private func withoutVideo(
    _ all: [StreamDescription], in rules: TrackRules, options: VideoTrackOptions
) throws(VTXError) -> Decided<StreamDescription?> {
    let remedy: Remedy = "choose a container for video, such as .mp4"
    switch options.choice {
    case .codec, .copy: throw VTXError(.usage, "\(rules.title) is an audio-only format", remedy: remedy)
    case .automatic, .none: break
    }
    try refuse(options.needingVideo, because: "\(rules.title) is an audio-only format", remedy: remedy)
    return Decided(
        value: nil,
        decisions: all.compactMap { stream in
            rules.container.map { .video(.dropped(stream: stream.index, because: .audioOnly($0))) }
        })
}
