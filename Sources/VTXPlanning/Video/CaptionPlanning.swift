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
