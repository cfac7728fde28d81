// The values of one pair of frames, and those of all pairs together.

import Glibc
package import VTXModel

/// What one metric says about one pair of frames.
package struct FrameQuality: Hashable, Sendable {
    /// What was measured.
    package var metric: QualityMetric
    /// Of each plane; infinite if it is identical.
    package var planes: [Double]
    /// Of all planes.
    package var value: Double
    /// What is averaged over frames: √WSSE of each plane, the mean squared error of each plane and of all samples, or
    /// the values themselves.
    var terms: [Double]
}

/// Measures pairs of frames by metrics that need no library. Stays on one thread.
package final class FrameMeter {
    private let metrics: Set<QualityMetric>
    private let ssim = SSIMMeter()

    /// - Parameter metrics: those that are wanted; VMAF is left out.
    package init(_ metrics: Set<QualityMetric>) { self.metrics = metrics }

    /// - Parameter weights: of the reference, for XPSNR.
    package func measure(
        _ reference: SampleImage, _ distorted: SampleImage, weights: BlockWeights?
    ) -> [FrameQuality] {
        var found: [FrameQuality] = []
        if metrics.contains(.xpsnr) || metrics.contains(.psnr) {
            let errors = planeErrors(reference, distorted, weights: weights)
            if metrics.contains(.xpsnr) { found.append(Self.xpsnr(errors, peak: reference.peak)) }
            if metrics.contains(.psnr) { found.append(Self.psnr(errors, peak: reference.peak)) }
        }
        if metrics.contains(.ssim), let quality = similarity(reference, distorted) { found.append(quality) }
        return found
    }

    private static func xpsnr(_ errors: [PlaneErrors], peak: Double) -> FrameQuality {
        let values = errors.map { decibels(samples: $0.samples, peak: peak, error: $0.weighted) }
        return FrameQuality(
            metric: .xpsnr, planes: values, value: weighted(values), terms: errors.map { $0.weighted.squareRoot() })
    }

    private static func psnr(_ errors: [PlaneErrors], peak: Double) -> FrameQuality {
        let means = errors.map { Double($0.sum) / Double($0.samples) }
        let all =
            Double(errors.reduce(0) { $0 + $1.sum }) / Double(errors.reduce(0) { $0 + $1.samples })
        return FrameQuality(
            metric: .psnr, planes: means.map { decibels(samples: 1, peak: peak, error: $0) },
            value: decibels(samples: 1, peak: peak, error: all), terms: means + [all])
    }

    private func similarity(_ reference: SampleImage, _ distorted: SampleImage) -> FrameQuality? {
        let planes = ssim.similarity(reference, distorted)
        let measured = zip(planes, reference.planes).compactMap { value, plane in
            value.map { (value: $0, samples: Double(plane.width * plane.height)) }
        }
        guard planes.first != .some(nil), !measured.isEmpty else { return nil }
        let all =
            measured.reduce(0) { $0 + $1.value * $1.samples } / measured.reduce(0) { $0 + $1.samples }
        let values = measured.map(\.value)
        return FrameQuality(metric: .ssim, planes: values, value: all, terms: values + [all])
    }
}

/// 10 log₁₀ (samples · peak² / error); infinite without an error.
func decibels(samples: Int, peak: Double, error: Double) -> Double {
    error > 0 ? 10 * log10(Double(samples) * peak * peak / error) : .infinity
}

/// (6 Y + U + V) / 8, without planes of chroma that are identical, as those of black-and-white video are.
func weighted(_ planes: [Double]) -> Double {
    guard planes.count == 3, planes[0].isFinite else { return planes[0] }
    let chroma = planes[1...].filter(\.isFinite)
    return (6 * planes[0] + chroma.reduce(0, +)) / Double(6 + chroma.count)
}
