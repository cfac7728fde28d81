// Rate control of a video encoder.

import VTXModel

extension VideoPlanner {
    /// What the options ask for, or else the preset.
    ///
    /// - Throws: `.usage` for what the codec does not have, or what cannot be combined.
    func planRate(_ codec: VideoCodec) throws(VTXError) -> RateControl {
        try checkRateOptions(codec)
        if let average = options.bitRate {
            return .average(
                bitRate: average, maximum: options.maximumBitRate ?? average * 3 / 2, buffer: average * 2)
        }
        let rate = codec.traits.quality.rate(options.crf ?? options.preset(of: codec).quality)
        if case .constantQuality(let crf) = rate, let maximum = options.maximumBitRate {
            return .capped(crf: crf, maximum: maximum, buffer: maximum * 2)
        }
        return rate
    }

    private func checkRateOptions(_ codec: VideoCodec) throws(VTXError) {
        if options.crf != nil, options.bitRate != nil {
            throw VTXError(
                .usage, "\(.crf) and \(.bitRate) cannot be combined",
                remedy: "use one of them; \(.maximumBitRate) limits the bit rate of a CRF encode")
        }
        if codec.traits.quality.range == nil, options.bitRate != nil || options.maximumBitRate != nil {
            throw VTXError(
                .usage, "\(codec.title) has no bit rate to choose",
                remedy: .leaveOut([.bitRate, .maximumBitRate]))
        }
        if options.twoPass { try checkTwoPass(codec) }
        try checkBitRates(codec)
        if let crf = options.crf { try checkCRF(crf, codec) }
    }

    private func checkTwoPass(_ codec: VideoCodec) throws(VTXError) {
        guard options.bitRate != nil else {
            throw VTXError(
                .usage, "\(.twoPass) needs a target bit rate",
                remedy: "add \(.bitRate), or leave out \(.twoPass)")
        }
        guard codec.traits.twoPass != nil else {
            throw VTXError(
                .usage, "\(.twoPass) is not supported with \(codec.encoder)",
                remedy: "use \(names { $0.twoPass != nil }), or one pass")
        }
    }

    private func checkBitRates(_ codec: VideoCodec) throws(VTXError) {
        let plausible: ClosedRange<Int64> = 1_000...1_000_000_000
        if let average = options.bitRate {
            let maximum = options.maximumBitRate ?? average * 3 / 2
            guard plausible.contains(average) else {
                throw VTXError(
                    .usage, "\(.bitRate) \(average) is out of range", remedy: "bits per second: 2M, 800k")
            }
            guard maximum >= average, maximum <= 2_000_000_000 else {
                throw VTXError(
                    .usage, "\(.maximumBitRate) \(maximum) is less than \(.bitRate) \(average), or out of range")
            }
        } else if let maximum = options.maximumBitRate {
            guard codec.traits.hasRateBuffer else {
                throw VTXError(
                    .usage, "\(.maximumBitRate) without \(.bitRate) works only with \(names(\.hasRateBuffer))",
                    remedy: "add \(.bitRate)")
            }
            guard plausible.contains(maximum) else {
                throw VTXError(
                    .usage, "\(.maximumBitRate) \(maximum) is out of range", remedy: "bits per second: 2M, 800k")
            }
        }
    }

    private func checkCRF(_ crf: Double, _ codec: VideoCodec) throws(VTXError) {
        guard case .crf(let range, let isWhole) = codec.traits.quality else {
            let remedy: Remedy =
                codec.traits.quality.range == nil
                ? .leaveOut(.crf) : "use \(.bitRate), or a preset's quantizer"
            throw VTXError(.usage, "\(codec.title) has no CRF", remedy: remedy)
        }
        guard range.contains(crf) else {
            throw VTXError(
                .usage, "\(.crf) \(decimalText(crf)) is out of range for \(codec.title)",
                remedy: "the range is \(rangeText(range)); lower is better")
        }
        if isWhole, crf != crf.rounded() {
            throw VTXError(.usage, "\(.crf) \(decimalText(crf)): \(codec.title) takes whole numbers")
        }
    }
}
