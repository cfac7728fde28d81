// High dynamic range: what a source has, and what has to be told to filters and encoders.

import VTXModel

/// What a decoder without Dolby Vision gets from a stream.
enum DynamicRange: Equatable {
    case standard
    /// Its transfer, in libav's name: `smpte2084` or `arib-std-b67`.
    case high(transfer: String)
    /// Dolby Vision with a base layer that is no picture on its own (profile 5).
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

/// The options of `zscale` that say what comes in: from the tags, and what BT.2100 says where there are none.
func toneMapInput(_ color: ColorDescription, transfer: String) -> String {
    let known: Set<String> = ["bt709", "smpte170m", "bt470bg", "smpte431", "smpte432", "bt2020"]
    let matrices: Set<String> = ["bt709", "smpte170m", "bt470bg", "bt2020nc", "bt2020c", "ictcp"]
    let primaries = color.primaries.flatMap { known.contains($0) ? $0 : nil } ?? "bt2020"
    let matrix = color.matrix.flatMap { matrices.contains($0) ? $0 : nil } ?? "bt2020nc"
    let range = color.range == "pc" ? "full" : "limited"
    return "primariesin=\(primaries):transferin=\(transfer):matrixin=\(matrix):rangein=\(range)"
}

/// `G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)`: x265 counts chromaticities in
/// 0.00002 and luminance in 0.0001 cd/m².
func masteringForX265(_ display: MasteringDisplay) -> String? {
    mastering(display) { value, isLuminance in
        String(Int64((value * (isLuminance ? 10_000 : 50_000)).rounded()))
    }
}

/// The same in plain decimals, as SVT-AV1 reads it.
func masteringForSVT(_ display: MasteringDisplay) -> String? {
    mastering(display) { value, _ in String((value * 100_000).rounded() / 100_000) }
}

private func mastering(_ display: MasteringDisplay, number: (Double, Bool) -> String) -> String? {
    guard display.chromaticities.count == 8 else { return nil }
    let xy = display.chromaticities.map { number($0.value, false) }
    let maximum = number(display.maximumLuminance.value, true)
    let minimum = number(display.minimumLuminance.value, true)
    return "G(\(xy[2]),\(xy[3]))B(\(xy[4]),\(xy[5]))R(\(xy[0]),\(xy[1]))WP(\(xy[6]),\(xy[7]))"
        + "L(\(maximum),\(minimum))"
}
