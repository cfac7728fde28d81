extension AudioDecision {
    /// The decision for people.
    ///
    /// - Parameter track: counted from 1.
    func text(track: Int?) -> DecisionText {
        let (action, reason) = formatText ?? channelText
        return DecisionText(track.map { "audio \($0)" } ?? "audio", action, because: reason)
    }

    private var formatText: (Message, Message)? {
        switch self {
        case .droppedForOther(let container):
            ("dropped", "\(container.title) takes one audio track; \(.audioTracks) chooses")
        case .droppedWithoutFormat: ("dropped", "it has no data where the file begins")
        case .droppedWithoutSamples: ("dropped", "the track has no samples")
        case .droppedWithoutDecoder(let codec): ("dropped", "this libav has no decoder for \(codec)")
        case .otherCodec(let codec, let preferred):
            ("encoded as \(codec.title)", "this libav has no encoder for \(preferred.title)")
        case .reducedDepth(let bits, let codec):
            ("reduced to \(bits) bits", "\(codec.title) is written with \(bits)-bit samples")
        case .resampled(let from, let to, let codec, let container?):
            ("resampled from \(from) to \(to) Hz", "\(codec.title) in \(container.title) does not support \(from) Hz")
        case .resampled(let from, let to, let codec, nil):
            ("resampled from \(from) to \(to) Hz", "\(codec.title) runs at \(to / 1000) kHz")
        case .limitedBitRate(let rate, let codec, let sampleRate):
            ("bit rate \(rate / 1000)k", "the maximum of \(codec.title) at \(sampleRate) Hz")
        case .loweredBitRate(let rate, let from):
            ("bit rate \(rate / 1000)k instead of \(from / 1000)k", "it would take too much of the size")
        default: nil
        }
    }

    private var channelText: (Message, Message) {
        switch self {
        case .joinedPair(let left, let right):
            (
                "joined \(left)+\(right) to stereo",
                "mono tracks of MXF are pairs; \(.audioTracks, "all") keeps them apart"
            )
        case .severalMono(let count):
            ("\(count) mono tracks are kept apart", "\(.audioTracks, "1+2") joins two to stereo")
        case .keptLayout(let layout, nil): ("kept at \(layout)", "\(.channels, "5.1") does not add channels")
        case .keptLayout(let layout, let codec?): ("kept at \(layout)", "\(codec.title) does not support 5.1")
        case .monoToStereo(let reason): ("mono copied to both channels", reason.text)
        case .mixedDown(let from, let to, let isNormalized, let reason):
            (
                "mixed down from \(from) to \(to)"
                    + (isNormalized ? ", dialogue at full level, peaks limited" : ""), reason.text
            )
        case .assumedLayout(let layout): ("taken as \(layout)", "the source has no channel layout")
        case .mappedLayout(let layout, let from, let codec):
            ("written as \(layout)", "\(codec.title) does not support \(from)")
        default: ("no 5.1 rendition", "no track of the source has six channels")
        }
    }
}

extension LayoutReason {
    fileprivate var text: Message {
        switch self {
        case .asked(let value): "\(.channels, value)"
        case .codec(let codec): "\(codec.title) does not support the layout"
        case .preset(let name): "\(.preset, name)"
        }
    }
}
