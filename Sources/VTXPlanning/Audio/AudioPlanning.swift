// Which audio tracks are used, and how each is encoded or copied.

import VTXModel

extension Planner {
    var wantsAudio: Bool { options.audioCodec != .none && options.audioTracks != .none }

    private func subject(_ track: NumberedStream) -> String { "audio \(track.number)" }

    // MARK: Choosing

    mutating func chooseAudio() throws(VTXError) -> [NumberedStream] {
        let all = numbered(.audio)
        guard wantsAudio else {
            try refuse(
                askedOfAudio, because: "the audio is left out",
                remedy: "leave out the option, or keep the audio")
            return []
        }
        var chosen: [NumberedStream]
        var isExplicit = false
        switch options.audioTracks {
        case .none: return []
        case .all: chosen = all
        case .some(let selectors):
            chosen = try select(selectors, from: all, kind: "audio", of: source.path)
            isExplicit = true
        case .automatic:
            chosen = all
            if container.isAudioOnly, all.count > 1 {
                let usable = all.filter { isUsable($0.stream) || options.audioCodec == .copy }
                let one = usable.first { $0.stream.isDefault } ?? usable.first ?? all[0]
                chosen = [one]
                for track in all where track.number != one.number {
                    decide(.droppedForOther(container), on: track)
                }
            }
        }
        if options.audioCodec != .copy {
            for track in chosen where !isUsable(track.stream) {
                guard !isExplicit else {
                    throw VTXError(
                        .unavailable,
                        "this libav has no decoder for \(track.stream.codec), audio track \(track.number) of '\(source.path)'",
                        remedy: "leave the track out, or copy it with \(.audioCodec) copy")
                }
                let isMissing = track.stream.isDecodable && track.stream.audio?.sampleRate == 0
                decide(isMissing ? .droppedWithoutFormat : .droppedWithoutDecoder(codec: track.stream.codec), on: track)
            }
            chosen = chosen.filter { isUsable($0.stream) }
            for track in chosen {
                guard let rate = track.stream.audio?.sampleRate, !audioRates.contains(rate) else { continue }
                throw VTXError(
                    .badMedia, "\(subject(track)) of '\(source.path)' claims \(rate) samples a second",
                    cause: "its header is wrong", remedy: "choose other tracks with \(.audioTracks), or none")
            }
        }
        if let most = container.traits.mostAudioTracks, chosen.count > most {
            throw VTXError(
                .usage, "\(formatName) holds one audio track, and \(chosen.count) were chosen",
                remedy: "choose one with \(.audioTracks), or another container")
        }
        return chosen
    }

    private var askedOfAudio: [(setting: Setting, isSet: Bool)] {
        [
            (.channels, options.channels != .keep), (.sampleRate, options.sampleRate != nil),
            (.audioBitRate, options.audioBitRate != nil), (.loudness, options.loudness != nil),
        ]
    }

    private mutating func audioCodec(_ track: NumberedStream) throws(VTXError) -> AudioCodec {
        let possible = container.audioCodecs
        let names = possible.map(\.rawValue).joined(separator: ", ")
        if case .codec(let asked) = options.audioCodec {
            guard possible.contains(asked) else {
                throw VTXError(
                    .usage, "\(container.title) does not support \(asked.title)",
                    remedy: "use \(choice(possible.map(\.rawValue)))")
            }
            guard capabilities.encoders.contains(asked.encoder) else {
                let present = possible.filter { capabilities.encoders.contains($0.encoder) }.map(\.rawValue)
                throw VTXError(
                    .unavailable, "this libav has no encoder '\(asked.encoder)' for \(asked.rawValue)",
                    remedy: present.isEmpty
                        ? "install an FFmpeg build that has it"
                        : "\(formatName) also takes \(present.joined(separator: ", "))")
            }
            return asked
        }
        guard let codec = possible.first(where: { capabilities.encoders.contains($0.encoder) }) else {
            throw VTXError(
                .unavailable, "this libav has no audio encoder for \(formatName), which takes \(names)",
                remedy: "install an FFmpeg build that has one, or use \(.audioCodec) copy")
        }
        if codec != possible[0] {
            decide(.otherCodec(codec, preferred: possible[0]), on: track)
        }
        return codec
    }

    // MARK: Planning

    mutating func planAudio(_ track: NumberedStream, times: Times) throws(VTXError) -> AudioTrackPlan {
        if options.audioCodec == .copy { return try planAudioCopy(track, times: times) }
        let codec = try audioCodec(track)
        let audio = track.stream.audio!
        let sampleRate = try planSampleRate(track, audio, codec)
        let (layout, mixing) = planLayout(track, audio, codec)
        let bitRate = try planBitRate(track, codec, sampleRate: sampleRate, channels: channelCount(layout))
        // Gaps in the source are filled with silence, from 20 ms on: one lost frame of AAC or MP3, more than
        // any container's rounding of times. Without times in the container a late start is filled too.
        let start = container.hasTimestamps ? "" : ":first_pts=0"
        if let most = codec.traits.mostBits, let bits = audio.bitsPerSample, bits > most {
            decide(.reducedDepth(most, codec), on: track)
        }
        return AudioTrackPlan(
            stream: track.stream.index, label: label(track.stream),
            encode: AudioEncodePlan(
                codec: codec, encoder: codec.encoder, sampleRate: sampleRate, layout: layout,
                sampleFormat: codec.traits.sampleFormat(audio.bitsPerSample), bitRate: bitRate,
                filters: ["aresample=async=1:min_hard_comp=0.02\(start)"] + mixing,
                loudness: try planLoudness()))
    }

    private func planAudioCopy(_ track: NumberedStream, times: Times) throws(VTXError) -> AudioTrackPlan {
        try refuse(
            askedOfAudio, because: "copied audio cannot be changed",
            remedy: "leave out \(.audioCodec) copy, or the option")
        guard !times.isCut else {
            throw VTXError(
                .usage, "copied audio cannot be cut exactly",
                remedy: "leave out \(.audioCodec) copy to encode it, or \(.start), \(.end) and \(.duration)")
        }
        let codec = track.stream.codec
        guard container.traits.copyableAudio.contains(codec) else {
            throw VTXError(
                .usage,
                "\(formatName) does not hold \(codec), audio track \(track.number) of '\(source.path)'",
                remedy: container.traits.copyableAudio.list.isEmpty
                    ? "encode it, or leave the track out"
                    : "it takes \(container.traits.copyableAudio.list.joined(separator: ", ")); encode it, or write .mkv"
            )
        }
        return AudioTrackPlan(stream: track.stream.index, label: label(track.stream))
    }

    private mutating func planSampleRate(
        _ track: NumberedStream, _ audio: AudioDescription, _ codec: AudioCodec
    ) throws(VTXError) -> Int {
        let possible = container.sampleRates(of: codec)
        if let asked = options.sampleRate {
            let isPossible = possible?.contains(asked) ?? (1000...192_000).contains(asked)
            guard isPossible else {
                throw VTXError(
                    .usage, "\(codec.title) in \(formatName) has no sample rate of \(asked) Hz",
                    remedy: possible.map {
                        "possible are \($0.map(String.init).joined(separator: ", "))"
                    }
                        ?? "it goes up to 192000")
            }
            return asked
        }
        let rate = codec.sampleRate(for: audio.sampleRate, among: possible)
        if rate != audio.sampleRate {
            decide(
                .resampled(
                    from: audio.sampleRate, to: rate, codec, in: codec.traits.innerRate == nil ? container : nil),
                on: track)
        }
        return rate
    }

    private mutating func planLayout(
        _ track: NumberedStream, _ audio: AudioDescription, _ codec: AudioCodec
    ) -> (layout: String, filters: [String]) {
        let plain = plainLayout(audio.layout, channels: audio.channels)
        var wanted = codec.layout(for: plain)
        var reason = LayoutReason.codec(codec)
        switch options.channels {
        case .keep: break
        case .mono:
            wanted = "mono"
            reason = .asked("mono")
        case .stereo:
            wanted = "stereo"
            reason = .asked("stereo")
        case .surround51:
            if channelCount(wanted) < 6 {
                decide(.keptLayout(wanted, codec: channelCount(plain) < 6 ? nil : codec), on: track)
            } else {
                wanted = "5.1"
                reason = .asked("5.1")
            }
        }
        if plain == "mono", wanted == "stereo" {
            decide(.monoToStereo(reason), on: track)
            return (wanted, ["pan=stereo|FL=c0|FR=c0"])
        }
        guard wanted != audio.layout else { return (wanted, []) }
        guard let mix = downmix(from: plain, to: wanted) else {
            if channelCount(wanted) < audio.channels {
                decide(.mixedDown(from: audio.layout, to: wanted, isNormalized: false, reason), on: track)
            } else if audio.channels > 2, audio.layout.hasSuffix("channels") {
                decide(.assumedLayout(wanted), on: track)
            } else if wanted != plain {
                decide(.mappedLayout(wanted, from: audio.layout, codec), on: track)
            }
            return (wanted, [])
        }
        decide(.mixedDown(from: audio.layout, to: wanted, isNormalized: true, reason), on: track)
        // The mix names speakers, so the source's are brought to those names first.
        let naming = plain == audio.layout ? [] : ["aformat=channel_layouts=\(plain)"]
        return (wanted, naming + [mix, "alimiter=limit=0.97:level=disabled:latency=1"])
    }

    private mutating func planBitRate(
        _ track: NumberedStream, _ codec: AudioCodec, sampleRate: Int, channels: Int
    ) throws(VTXError) -> Int64? {
        guard let rates = codec.traits.bitRates else {
            guard options.audioBitRate == nil else {
                throw VTXError(
                    .usage, "\(codec.title) has no bit rate to choose", remedy: .leaveOut(.audioBitRate))
            }
            return nil
        }
        let possible = rates(sampleRate, channels)
        if let asked = options.audioBitRate {
            guard possible.contains(asked) else {
                throw VTXError(
                    .usage,
                    "\(codec.title) has no bit rate of \(asked) at \(sampleRate) Hz and \(channels) channels",
                    remedy: "possible are \(possible.text)")
            }
            return asked
        }
        let table = options.preset.audio[codec] ?? Preset.medium.audio[codec]!
        let wanted = table.bitRate(channels: channels)
        let rate = possible.nearest(wanted)
        if rate < wanted * 9 / 10 {
            decide(.limitedBitRate(rate, codec, sampleRate: sampleRate), on: track)
        }
        return rate
    }

    private func planLoudness() throws(VTXError) -> LoudnessTarget? {
        guard let loudness = options.loudness else { return nil }
        guard (-70 ... -5).contains(loudness) else {
            throw VTXError(
                .usage, "\(.loudness) \(decimal(loudness)) is out of range",
                remedy: "LUFS are negative: -70 to -5; -16 suits phones, -23 broadcasting")
        }
        return LoudnessTarget(integrated: loudness, truePeak: -1)
    }
}

/// Sample rates that are believed, in Hz: from speech to the finest direct stream digital.
private let audioRates = 1000...3_000_000
