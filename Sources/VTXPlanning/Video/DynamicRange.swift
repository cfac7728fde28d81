// High dynamic range: what a source has, and what has to be told to filters and encoders.

import VTXModel

/// What a decoder without Dolby Vision gets from a stream.
enum DynamicRange: Equatable {
    case standard
    /// Its transfer, in libav's name: `smpte2084` or `arib-std-b67`.
    case high(transfer: String)
    /// Dolby Vision with a base layer that cannot be shown without it (profile 5).
    case unusable

    func isToneMapped(_ choice: HDRChoice) -> Bool { self != .standard && choice == .toneMap }
}

func dynamicRange(_ video: VideoDescription) -> DynamicRange {
    if let hdr = video.hdr, hdr.format == .dolbyVision {
        switch hdr.dolbyVisionCompatibility {
        case 0: return .unusable
        case nil where hdr.dolbyVisionProfile == 5: return .unusable
        case 1, 6: return .high(transfer: "smpte2084")
        case 4: return .high(transfer: "arib-std-b67")
        default: break
        }
    }
    if video.color.isHDR { return .high(transfer: video.color.transfer!) }
    switch video.hdr?.format {
    case .hdr10, .pq: return .high(transfer: "smpte2084")
    case .hlg: return .high(transfer: "arib-std-b67")
    case .dolbyVision, nil: return .standard
    }
}

/// For messages: `Dolby Vision profile 5`.
func dolbyVisionWords(_ video: VideoDescription) -> String {
    "Dolby Vision" + (video.hdr?.dolbyVisionProfile.map { " profile \($0)" } ?? "")
}

/// The options of `zscale` that say what comes in: from the tags, and what BT.2100 says where there are none.
func toneMapInput(_ color: ColorDescription, transfer: String) -> String {
    let known: Set<String> = ["bt709", "smpte170m", "bt470bg", "smpte431", "smpte432", "bt2020"]
    let matrices: Set<String> = ["bt709", "smpte170m", "bt470bg", "bt2020nc", "bt2020c", "ictcp"]
    let primaries = color.primaries.flatMap { known.contains($0) ? $0 : nil } ?? "bt2020"
    let matrix = color.matrix.flatMap { matrices.contains($0) ? $0 : nil } ?? "bt2020nc"
    let range = color.range == "pc" ? "full" : "limited"
    return "primariesin=\(primaries):transferin=\(transfer):matrixin=\(matrix):rangein=\(range)"
}
