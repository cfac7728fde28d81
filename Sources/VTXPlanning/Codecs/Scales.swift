// Checks and texts of encoders' scales.

package import VTXModel

/// - Throws: `.usage` if the encoder has no such speed.
func checkSpeed(_ speed: String, _ codec: any VideoCodecTraits) throws(VTXError) {
    guard let speeds = codec.speeds else {
        throw VTXError(
            .usage, "\(codec.title) by \(codec.encoder) has no speeds to choose from", remedy: .leaveOut(.speed))
    }
    guard speeds.values.contains(speed) else {
        throw VTXError(
            .usage, "invalid speed '\(speed)' for \(codec.title)",
            remedy: "valid speeds are \(speeds.values.joined(separator: ", "))")
    }
}

extension QualityScale {
    /// From best to worst; `nil` where there is nothing to choose.
    package var range: ClosedRange<Double>? {
        switch self {
        case .crf(let range, _), .quantizer(let range): range
        case .lossless, .profile: nil
        }
    }

    /// The rate control of a preset that asks for `value`; where the scale needs none, it is not looked at.
    func rate(_ value: Double?) -> RateControl {
        switch self {
        case .crf(let range, _): .constantQuality(crf: value ?? range.lowerBound)
        case .quantizer(let range): .quantizer(Int(value ?? range.lowerBound))
        case .lossless: .lossless
        case .profile: .profile
        }
    }
}

/// `0 to 51`.
func rangeText(_ range: ClosedRange<Double>) -> String {
    "\(decimalText(range.lowerBound)) to \(decimalText(range.upperBound))"
}

/// `h264, hevc or vp9`.
func choice(_ names: [String]) -> String {
    guard names.count > 1, let last = names.last else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " or " + last
}
