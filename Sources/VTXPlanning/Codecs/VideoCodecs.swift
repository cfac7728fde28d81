// What each video encoder takes: quality and speed scales, pixel formats.

import VTXModel

extension VideoCodec {
    /// MPEG-4 has no CRF, only a quantiser.
    var usesQuantizer: Bool { self == .mpeg4 }

    /// CRF, or quantiser where there is no CRF.
    var qualityRange: ClosedRange<Double> {
        switch self {
        case .h264, .hevc: 0...51
        case .vp9, .av1: 0...63
        case .mpeg4: 2...31
        }
    }

    /// The encoder's option for its speed; `nil` where it has none.
    var speedOption: String? {
        switch self {
        case .h264, .hevc, .av1: "preset"
        case .vp9: "cpu-used"
        case .mpeg4: nil
        }
    }

    var speeds: [String] {
        switch self {
        case .h264, .hevc:
            [
                "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower",
                "veryslow", "placebo",
            ]
        case .vp9: (0...8).map(String.init)
        case .av1: (0...13).map(String.init)
        case .mpeg4: []
        }
    }

    /// What the encoder takes, the default first.
    var pixelFormats: [String] {
        switch self {
        case .h264, .vp9:
            ["yuv420p", "yuv422p", "yuv444p", "yuv420p10le", "yuv422p10le", "yuv444p10le"]
        case .hevc:
            ["yuv420p", "yuv422p", "yuv444p", "yuv420p10le", "yuv422p10le", "yuv444p10le", "yuv420p12le"]
        case .av1: ["yuv420p", "yuv420p10le"]
        case .mpeg4: ["yuv420p"]
        }
    }

    /// The shortest side the encoder takes.
    var smallestSide: Int {
        switch self {
        case .av1: 64
        case .hevc: 16
        case .h264, .vp9, .mpeg4: 2
        }
    }

    /// How people write it.
    var title: String {
        switch self {
        case .h264: "H.264"
        case .hevc: "HEVC"
        case .vp9: "VP9"
        case .av1: "AV1"
        case .mpeg4: "MPEG-4"
        }
    }
}

/// - Throws: `.usage` if the encoder of `codec` has no such speed.
func checkSpeed(_ speed: String, of codec: VideoCodec) throws(VTXError) {
    guard !codec.speeds.isEmpty else {
        throw VTXError(.usage, "\(codec.rawValue) has no speeds to choose from", remedy: .leaveOut(.speed))
    }
    guard codec.speeds.contains(speed) else {
        throw VTXError(
            .usage, "'\(speed)' is no speed of \(codec.rawValue)",
            remedy: "possible are \(codec.speeds.joined(separator: ", "))")
    }
}

/// `21`, `21.5`: without a decimal point that says nothing.
func decimal(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
}

func rangeText(_ range: ClosedRange<Double>) -> String {
    "\(decimal(range.lowerBound)) to \(decimal(range.upperBound))"
}
