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
                    decide(
                        subject(track), "dropped",
                        because: "one track is written to \(formatName); --audio chooses")
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
                decide(
                    subject(track), "dropped",
                    because: isMissing
                        ? "there is none of it where the file begins"
                        : "\(track.stream.codec) cannot be decoded here")
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
            decide(
                subject(track), "encoded as \(codec.title)",
                because: "this libav has no encoder for \(possible[0].title)")
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
            decide(
                subject(track), "reduced to \(most) bits", because: "\(codec.title) is written with \(most)-bit samples"
            )
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
                subject(track), "resampled from \(audio.sampleRate) to \(rate) Hz",
                because: codec.traits.innerRate == nil
                    ? "\(codec.title) in \(formatName) has no such rate" : "\(codec.title) runs at \(rate / 1000) kHz")
        }
        return rate
    }

    private mutating func planLayout(
        _ track: NumberedStream, _ audio: AudioDescription, _ codec: AudioCodec
    ) -> (layout: String, filters: [String]) {
        let plain = plainLayout(audio.layout, channels: audio.channels)
        var wanted = codec.layout(for: plain)
        var reason = "\(codec.title) has no such layout"
        switch options.channels {
        case .keep: break
        case .mono:
            wanted = "mono"
            reason = "--channels mono"
        case .stereo:
            wanted = "stereo"
            reason = "--channels stereo"
        case .surround51:
            if channelCount(wanted) < 6 {
                let why =
                    channelCount(plain) < 6
                    ? "--channels 5.1 does not invent channels the source has not got"
                    : "\(codec.title) has no 5.1"
                decide(subject(track), "kept at \(wanted)", because: why)
            } else {
                wanted = "5.1"
                reason = "--channels 5.1"
            }
        }
        if plain == "mono", wanted == "stereo" {
            decide(subject(track), "mono put on both channels", because: reason)
            return (wanted, ["pan=stereo|FL=c0|FR=c0"])
        }
        guard wanted != audio.layout else { return (wanted, []) }
        guard let mix = downmix(from: plain, to: wanted) else {
            if channelCount(wanted) < audio.channels {
                decide(subject(track), "mixed down from \(audio.layout) to \(wanted)", because: reason)
            } else if audio.channels > 2, audio.layout.hasSuffix("channels") {
                decide(subject(track), "taken as \(wanted)", because: "the source names no speakers")
            } else if wanted != plain {
                decide(
                    subject(track), "written as \(wanted)", because: "\(codec.title) has no \(audio.layout)")
            }
            return (wanted, [])
        }
        decide(
            subject(track),
            "mixed down from \(audio.layout) to \(wanted), dialogue at full level, peaks limited",
            because: reason)
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
            decide(
                subject(track), "bit rate \(rate / 1000)k",
                because: "\(codec.title) takes no more at \(sampleRate) Hz")
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
