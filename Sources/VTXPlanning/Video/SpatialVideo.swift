// Projections (360 degrees) and stereo modes of video.

import VTXModel

extension VideoPlanner {
    /// Whether the track keeps the projection or the two views of its source; `nil` if there are none, or if they hold no
    /// more.
    ///
    /// - Parameter encode: how the video is encoded; `nil`: it is copied.
    mutating func planSpatial(_ stream: StreamDescription, encode: VideoEncodePlan? = nil) -> Bool? {
        guard let video = stream.video, let words = video.spatialWords else { return nil }
        guard let container = rules.container, container.traits.hasSpatialVideo else {
            decide(.droppedSpatial(words, target: rules.container?.title ?? "the package"))
            return nil
        }
        if encode != nil, let reason = whatMovesPixels {
            decide(.outdatedSpatial(words, because: reason))
            return nil
        }
        guard video.projection == VideoDescription.mesh else { return true }
        decide(.droppedSpatial("mesh", target: container.title))
        return video.stereo == nil ? nil : true
    }

    /// What moves the pixels of whole frames to other places of them: settings, or none where black is added; `nil`: nothing.
    /// Scaled frames are still whole.
    private var whatMovesPixels: [Setting]? {
        var settings: [Setting] = []
        var isPadded = false
        for case .video(let decision) in decisions {
            if case .padded = decision { isPadded = true }
        }
        for case .filter(let decision) in decisions {
            switch decision {
            case .cropped: settings.append(.crop)
            case .rotated: settings.append(.rotate)
            case .flipped: settings.append(.flip)
            default: break
            }
        }
        return settings.isEmpty && !isPadded ? nil : settings
    }
}
