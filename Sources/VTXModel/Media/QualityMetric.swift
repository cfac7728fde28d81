// Measures of how far a frame is from another.

/// A full-reference metric.
public enum QualityMetric: String, Hashable, Codable, Sendable, CaseIterable {
    /// Extended perceptually weighted PSNR, dB.
    case xpsnr
    /// Netflix's VMAF, 0 to 100.
    case vmaf
    /// Structural similarity, up to 1.
    case ssim
    /// Peak signal-to-noise ratio, dB.
    case psnr

    /// As people write it.
    public var title: String { rawValue.uppercased() }
    /// Digits behind the point that mean something.
    public var digits: Int { self == .ssim ? 4 : 2 }
}
