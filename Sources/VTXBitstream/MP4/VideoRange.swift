// The dynamic range of video.

package import VTXModel

/// SDR or the kind of HDR.
package enum VideoRange: String, Hashable, Codable, Sendable {
    /// Anything else.
    case sdr = "SDR"
    /// Hybrid log-gamma.
    case hlg = "HLG"
    /// Perceptual quantizer (SMPTE ST 2084).
    case pq = "PQ"

    /// - Parameter transfer: characteristics of ISO/IEC 23091-2; 16 is SMPTE ST 2084, 18 is HLG.
    package init(transfer: Int?) {
        self = transfer == 16 ? .pq : transfer == 18 ? .hlg : .sdr
    }

    /// - Parameter color: of the planned output.
    package init(_ color: ColorDescription) { self = color.isPQ ? .pq : color.isHLG ? .hlg : .sdr }
}
