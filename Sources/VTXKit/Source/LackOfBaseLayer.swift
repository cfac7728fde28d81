// Dolby Vision of which only the frames tell: containers lose its configuration in plain copies.

import VTXModel

extension VideoDescription {
    /// Frames are found to be Dolby Vision that cannot be shown without it, whatever the container says.
    mutating func markLackOfBaseLayer() {
        guard hdr?.format != .dolbyVision else { return }
        var found = hdr ?? HDRDescription(format: .dolbyVision)
        (found.format, found.dolbyVisionProfile, found.dolbyVisionCompatibility) = (.dolbyVision, 5, 0)
        hdr = found
    }
}
