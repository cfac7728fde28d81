// Projections (360 degrees) and stereo modes of video.

import VTXModel

extension VideoPlanner {
    /// Whether the track keeps the projection or the two views of its source; `nil` if there are none.
    mutating func planSpatial(_ stream: StreamDescription) -> Bool? {
        guard let video = stream.video, let words = video.spatialWords else { return nil }
        guard let container = rules.container, container.traits.hasSpatialVideo else {
            decide(.droppedSpatial(words, target: rules.container?.title ?? "the package"))
            return nil
        }
        guard video.projection == VideoDescription.mesh else { return true }
        decide(.droppedSpatial("mesh", target: container.title))
        return video.stereo == nil ? nil : true
    }
}
