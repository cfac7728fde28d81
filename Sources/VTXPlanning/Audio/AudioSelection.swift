// Which audio tracks are used.

import VTXModel

/// Chooses the audio tracks of the output, in the order of the source.
///
/// - Throws: `.usage` for tracks that are not there or more than the target holds, `.unavailable` if a track asked for
///   has no decoder, `.badMedia` for an impossible sample rate.
func chooseAudio(
    in context: TrackContext, options: AudioTrackOptions
) throws(VTXError) -> Decided<[NumberedStream]> {
    guard options.isWanted else {
        try refuse(
            options.needingAudio, because: "the audio is left out",
            remedy: "leave out the option, or keep the audio")
        return Decided(value: [])
    }
    var selection = AudioSelection(context: context, options: options)
    return Decided(value: try selection.choose(), decisions: selection.decisions)
}

struct AudioSelection {
    let context: TrackContext
    let options: AudioTrackOptions
    var decisions: [Decision] = []

    mutating func decide(_ decision: AudioDecision, on track: NumberedStream?) {
        decisions.append(.audio(track: track?.number, decision))
    }

    mutating func choose() throws(VTXError) -> [NumberedStream] {
        let all = context.source.numberedTracks(.audio)
        var chosen: [NumberedStream]
        var isExplicit = false
        switch options.tracks {
        case .none: return []
        case .all: chosen = all
        case .some(let selectors):
            chosen = try explicit(selectors, of: all)
            isExplicit = true
        case .automatic: chosen = automatic(paired(all))
        }
        for track in chosen where track.stream.hasNoSamples {
            if isExplicit { try requireSamples(of: track.stream, in: context.source) }
            decide(.droppedWithoutSamples, on: track)
        }
        chosen = chosen.filter { !$0.stream.hasNoSamples }
        for track in chosen { try refuseEncrypted(track.stream, of: context.source) }
        if options.codec != .copy {
            chosen = try usable(chosen, isExplicit: isExplicit)
        } else if !isExplicit {
            for track in chosen where track.stream.lacksFormat { decide(.droppedWithoutFormat, on: track) }
            chosen = chosen.filter { !$0.stream.lacksFormat }
        }
        if let most = context.rules.mostAudioTracks, chosen.count > most {
            throw VTXError(
                .usage, "\(context.rules.title) supports one audio track, and \(chosen.count) were chosen",
                remedy: "choose one with \(.audioTracks), or another container")
        }
        return chosen
    }

    /// All tracks; in a file for audio alone the default one, or the first that can be used.
    private mutating func automatic(_ all: [NumberedStream]) -> [NumberedStream] {
        guard let container = context.rules.container, container.isAudioOnly, all.count > 1 else { return all }
        let usable = all.filter { !$0.stream.hasNoSamples && ($0.stream.isUsableAudio || options.codec == .copy) }
        let one = usable.first { $0.stream.isDefault } ?? usable.first ?? all[0]
        for track in all where track.number != one.number {
            decide(.droppedForOther(container), on: track)
        }
        return [one]
    }

    private mutating func usable(
        _ chosen: [NumberedStream], isExplicit: Bool
    ) throws(VTXError) -> [NumberedStream] {
        for track in chosen where !track.stream.isUsableAudio {
            guard !isExplicit else {
                throw VTXError(
                    .unavailable,
                    "this libav has no decoder for \(track.stream.codecWords), audio track \(track.number) of '\(context.source.path)'",
                    remedy: "leave the track out, or copy it with \(.audioCodec, "copy")")
            }
            decide(
                track.stream.lacksFormat
                    ? .droppedWithoutFormat : .droppedWithoutDecoder(codec: track.stream.codecWords), on: track)
        }
        let usable = chosen.filter(\.stream.isUsableAudio)
        for track in usable {
            if let audio = track.stream.audio, audio.layout.hasPrefix("ambisonic"), options.codec != .copy {
                throw VTXError(
                    .unavailable,
                    "audio \(track.number) of '\(context.source.path)' is ambisonic (\(audio.channels) channels), which is not supported",
                    cause: "libav cannot render ambisonic audio to speakers",
                    remedy: "choose other tracks with \(.audioTracks), or copy it with \(.audioCodec, "copy")")
            }
            if let channels = track.stream.audio?.channels, channels > mostChannels, options.codec != .copy {
                throw VTXError(
                    .unavailable,
                    "audio \(track.number) of '\(context.source.path)' has \(channels) channels, which is not supported",
                    cause: "libav converts at most \(mostChannels)",
                    remedy: "choose other tracks with \(.audioTracks), or none")
            }
            guard let rate = track.stream.audio?.sampleRate, !believedRates.contains(rate) else { continue }
            throw VTXError(
                .badMedia, "audio \(track.number) of '\(context.source.path)' claims \(rate) samples a second",
                cause: "its header is wrong", remedy: "choose other tracks with \(.audioTracks), or none")
        }
        return usable
    }
}

extension StreamDescription {
    /// Whether nothing of it comes where the file begins, so that its format is not known.
    fileprivate var lacksFormat: Bool { isDecodable && audio?.sampleRate == 0 }

    /// Whether a decoder can make audio of it.
    var isUsableAudio: Bool {
        isDecodable && (audio.map { $0.sampleRate > 0 && $0.channels > 0 } ?? false)
    }
}

/// Sample rates that are believed, in Hz: from speech to the finest direct stream digital.
private let believedRates = 1000...3_000_000

/// Channels that libswresample takes.
private let mostChannels = 64
