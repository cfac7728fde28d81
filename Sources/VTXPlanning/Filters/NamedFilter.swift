// Filters that are asked for by name, as libavfilter's text.

import VTXModel

/// A filter and the decision that reports it.
struct NamedFilter {
    /// libavfilter's names.
    var names: [String]
    /// With its options.
    var text: String
    /// What it does: `reduce noise`.
    var purpose: String
    var decision: FilterDecision

    init(_ name: String, _ options: String, to purpose: String, _ decision: FilterDecision) {
        names = [name]
        text = options.isEmpty ? name : "\(name)=\(options)"
        self.purpose = purpose
        self.decision = decision
    }
}

extension FilterOptions {
    /// What is done to frames that have their size, colours and format, in this order.
    ///
    /// - Parameter format: libav's pixel format of the frames.
    func imageFilters(format: String) -> [NamedFilter] {
        var filters: [NamedFilter] = []
        if let denoise {
            filters.append(NamedFilter("hqdn3d", denoise.hqdn3d, to: "reduce noise", .denoised(denoise)))
        }
        if deband { filters.append(NamedFilter("deband", "", to: "reduce banding", .debanded)) }
        if let sharpen {
            // Chroma has half the detail, and noise in it is seen most.
            let planes = isRGB(format) ? "" : ":planes=1"
            filters.append(
                NamedFilter("cas", "strength=\(sharpen.contrast)\(planes)", to: "sharpen", .sharpened(sharpen)))
        }
        return filters
    }

    /// What is done to the finished frames.
    func fades(until end: MediaTime?) throws(VTXError) -> [NamedFilter] {
        try fadeOptions(until: end).map { NamedFilter("fade", $0, to: "fade video", .faded(fade!)) }
    }

    /// What is done to decoded audio, in this order: volume, fades.
    func audioFilters(until end: MediaTime?) throws(VTXError) -> [NamedFilter] {
        var filters: [NamedFilter] = []
        if let volume {
            filters.append(NamedFilter("volume", volume.amount, to: "change the volume", .volume(volume)))
        }
        return try filters
            + fadeOptions(until: end).map { NamedFilter("afade", $0, to: "fade audio", .fadedAudio(fade!)) }
    }

    /// The options of fades in and out.
    ///
    /// - Parameter end: where the output ends.
    /// - Throws: `.usage` if a fade out is asked for and the end is not known, or if fades have no room.
    private func fadeOptions(until end: MediaTime?) throws(VTXError) -> [String] {
        guard let fade else { return [] }
        var options: [String] = []
        if fade.start > 0 { options.append("t=in:st=0:d=\(decimalText(fade.start))") }
        if let end, fade.start + fade.end > end.seconds {
            throw VTXError(
                .usage, "\(.fade) \(fade) is longer than the output, which lasts \(end)",
                remedy: "use shorter fades")
        }
        guard fade.end > 0 else { return options }
        guard let end else {
            throw VTXError(
                .usage, "\(.fade) \(fade) fades out at the end, and the source does not say how long it is",
                remedy: "give the length with \(.duration), or fade in only: \(.fade, "\(decimalText(fade.start)):0")")
        }
        let start = (end.seconds - fade.end).rounded(places: 6)
        return options + ["t=out:st=\(decimalText(start)):d=\(decimalText(fade.end))"]
    }
}

extension FilterStrength {
    /// Spatial strength of luma and chroma, then temporal.
    fileprivate var hqdn3d: String {
        switch self {
        case .light: "2:1:2:3"
        case .medium: "3:2:2:3"
        case .strong: "7:7:5:5"
        }
    }

    /// Strength of contrast-adaptive sharpening.
    fileprivate var contrast: String {
        switch self {
        case .light: "0.3"
        case .medium: "0.6"
        case .strong: "0.9"
        }
    }
}

extension VolumeChange {
    fileprivate var amount: String {
        switch self {
        case .decibels(let value): "volume=\(decimalText(value))dB"
        case .factor(let value): "volume=\(decimalText(value))"
        }
    }
}

extension TrackContext {
    /// The text of filters that this libav has.
    ///
    /// - Throws: `.unavailable` for one that it does not have.
    func texts(of filters: [NamedFilter], noting decisions: inout [FilterDecision]) throws(VTXError) -> [String] {
        for filter in filters {
            for name in filter.names { try require(filter: name, to: filter.purpose) }
            if !decisions.contains(filter.decision) { decisions.append(filter.decision) }
        }
        return filters.map(\.text)
    }
}
