// Projections (360 degrees) and stereo modes of video.

import VTXModel

extension VideoPlanner {
    /// Whether the track keeps the projection or the two views of its source; `nil` if there are none.
    mutating func planSpatial(_ stream: StreamDescription) -> Bool? {
        guard let words = stream.video?.spatialWords else { return nil }
        guard let container = rules.container, container.traits.hasSpatialVideo else {
            decide(.droppedSpatial(words, target: rules.container?.title ?? "the package"))
            return nil
        }
        return true
    }
}
