// Which image becomes the cover art of an output, and in which form.

import VTXModel

/// Cover art that is read from a file, or that the container does not hold as the source does; `nil`: none, or it is copied
/// as a stream (`planAttachments`).
func planCover(in context: TrackContext, options: TagOptions) -> Decided<CoverPlan?> {
    guard let container = context.rules.container else { return Decided(value: nil) }
    if let file = options.cover, let codec = file.codec {
        guard let form = container.traits.coverForm else {
            return Decided(value: nil, decisions: [.output(.droppedCoverArt(codec: codec, container))])
        }
        return Decided(
            value: CoverPlan(file: file.path, form: form, codec: codec, size: file.size),
            decisions: [.tags(.cover(path: file.path, file.size))])
    }
    let images = context.source.programStreams.filter(\.isCoverArt)
    guard !options.dropsCover else {
        return Decided(value: nil, decisions: images.isEmpty ? [] : [.tags(.droppedCover)])
    }
    guard let form = container.traits.coverForm, form != .picture,
        let stream = images.first(where: \.isWritableCover), let size = stream.video?.size
    else { return Decided(value: nil) }
    let others = images.count(where: \.isWritableCover) - 1
    return Decided(
        value: CoverPlan(stream: stream.index, form: form, codec: stream.codec, size: size),
        decisions: [.tags(.keptCover(form, container))] + (others > 0 ? [.tags(.otherCovers(others))] : []))
}

extension StreamDescription {
    /// Whether it is an image that containers hold as cover art.
    var isWritableCover: Bool { isCoverArt && video?.size.area ?? 0 > 0 && ["png", "mjpeg"].contains(codec) }
}
