// Which values of a preset give way to options. Options take precedence, and the plan reports over what.

import VTXModel

/// Values of a preset in whose place others were asked for.
struct PresetReplacements {
    let preset: Preset
    private(set) var found: [PresetReplacement] = []

    init(_ preset: Preset) { self.preset = preset }

    /// The decision; none for the preset that nobody has asked for.
    var decisions: [Decision] {
        found.isEmpty || preset == .medium ? [] : [.output(.replacedOfPreset(preset.name, found))]
    }

    mutating func note(_ setting: Setting, _ asked: String?, over own: String?) {
        guard let asked, let own, asked != own else { return }
        found.append(PresetReplacement(setting, asked, own: own))
    }

    /// What the preset sets for the encoding of a codec.
    mutating func note(_ options: VideoTrackOptions, of codec: VideoCodec) {
        guard let part = preset.video[codec] else { return }
        if let quality = part.quality {
            let isCRF = if case .crf = codec.traits.quality { true } else { false }
            let own = "\(isCRF ? "CRF" : "quantizer") \(decimalText(quality))"
            if let crf = options.crf, crf != quality { note(.crf, decimalText(crf), over: own) }
            if let rate = options.bitRate { note(.bitRate, "\(rate)", over: own) }
        }
        note(.speed, options.speed, over: part.speed)
        for (key, value) in options.encoderOptions.sorted(by: { $0.key < $1.key })
        where key != codec.traits.parameterList {
            if let own = part.options[key], own != value { note(.encoderOption, "\(key)=\(value)", over: own) }
        }
    }
}

extension TranscodeOptions {
    /// What was asked for in place of the preset's values.
    func replacing(in plan: TranscodePlan, of source: VideoDescription?) -> [Decision] {
        var result = PresetReplacements(preset)
        let codec = plan.video?.encode?.codec
        if let purpose = preset.purpose {
            let own = (purpose.videoCodec(in: plan.container), purpose.audioCodec(in: plan.container))
            result.note(.video, video.name, over: source == nil ? nil : own.0?.title, unless: own.0?.rawValue)
            result.note(
                .audioCodec, audioCodec.name, over: plan.audio.isEmpty ? nil : own.1?.title, unless: own.1?.rawValue)
            if codec != nil { noteShape(purpose, source, in: &result) }
            if plan.audio.contains(where: { $0.encode != nil }) {
                if purpose.isStereo, channels != .keep {
                    result.note(.channels, "\(channels.rawValue)", over: "stereo")
                }
                if let own = purpose.sampleRate { result.note(.sampleRate, sampleRate.map { "\($0)" }, over: "\(own)") }
            }
        }
        if let codec { result.note(videoTrack, of: codec) }
        if let asked = audioBitRate, let encode = plan.audio.lazy.compactMap(\.encode).first {
            let own = preset.audio[encode.codec]?.bitRate(channels: channelCount(encode.layout))
            result.note(.audioBitRate, "\(asked)", over: own.map { "\($0)" })
        }
        return result.decisions
    }

    private func noteShape(_ purpose: PresetPurpose, _ source: VideoDescription?, in result: inout PresetReplacements) {
        if let fit, let box = purpose.largestFrame, let source, exceeded(box, by: turned(source.displaySize)) != nil {
            result.note(fit.setting, fit.text, over: "at most \(box)")
        }
        if let own = purpose.gopDuration, let gopDuration, gopDuration != own {
            result.note(.keyFrameInterval, decimalText(gopDuration.value), over: "\(decimalText(own.value)) s")
        }
        if purpose.keepsHDR, hdr == .toneMap, source.map({ dynamicRange($0) != .standard }) ?? false {
            result.note(.hdr, "tonemap", over: "keeping HDR")
        }
    }
}

extension PresetReplacements {
    /// - Parameter name: as the preset's own value is asked for.
    fileprivate mutating func note(_ setting: Setting, _ asked: String?, over own: String?, unless name: String?) {
        if asked != name { note(setting, asked, over: own) }
    }
}

extension VideoChoice {
    /// As it is asked for; `nil`: not asked for.
    fileprivate var name: String? {
        switch self {
        case .automatic: nil
        case .copy: "copy"
        case .none: "none"
        case .codec(let codec): codec.rawValue
        }
    }
}

extension AudioChoice {
    /// As it is asked for; `nil`: not asked for.
    fileprivate var name: String? {
        switch self {
        case .automatic: nil
        case .copy: "copy"
        case .none: "none"
        case .codec(let codec): codec.rawValue
        }
    }
}

extension VideoFit {
    /// As it is asked for.
    fileprivate var text: String {
        switch self {
        case .height(let side), .shortSide(let side): "\(side)"
        case .size(let size), .box(let size): "\(size)"
        }
    }
}
