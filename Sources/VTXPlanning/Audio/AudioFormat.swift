// Codec, sample rate, bit rate and loudness of an audio track.

import VTXModel

extension AudioPlanner {
    /// The codec that was asked for, or the first one that has an encoder.
    mutating func audioCodec(_ track: NumberedStream) throws(VTXError) -> AudioCodec {
        let possible = rules.audioCodecs
        let names = possible.map(\.rawValue).joined(separator: ", ")
        if case .codec(let asked) = options.codec {
            guard possible.contains(asked) else {
                throw VTXError(
                    .usage, "\(rules.title) does not support \(asked.title)",
                    remedy: "use \(choice(possible.map(\.rawValue)))")
            }
            guard context.capabilities.encoders.contains(asked.encoder) else {
                let present = possible.filter { context.capabilities.encoders.contains($0.encoder) }.map(\.rawValue)
                throw VTXError(
                    .unavailable, "this libav has no encoder '\(asked.encoder)' for \(asked.rawValue)",
                    remedy: present.isEmpty
                        ? .installFFmpeg
                        : "\(rules.formatName) also takes \(present.joined(separator: ", "))")
            }
            return asked
        }
        guard let codec = possible.first(where: { context.capabilities.encoders.contains($0.encoder) }) else {
            throw VTXError(
                .unavailable, "this libav has no audio encoder for \(rules.formatName), which takes \(names)",
                remedy: "install an FFmpeg build that has one, or use \(.audioCodec, "copy")")
        }
        if codec != possible[0] {
            decide(.otherCodec(codec, preferred: possible[0]), on: track)
        }
        return codec
    }

    mutating func planSampleRate(
        _ track: NumberedStream, _ audio: AudioDescription, _ codec: AudioCodec
    ) throws(VTXError) -> Int {
        let possible = rules.sampleRates(of: codec)
        if let asked = options.sampleRate {
            let isPossible = possible?.contains(asked) ?? (1000...192_000).contains(asked)
            guard isPossible else {
                throw VTXError(
                    .usage, "\(.sampleRate): \(codec.title) in \(rules.formatName) has no sample rate of \(asked) Hz",
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
                    from: audio.sampleRate, to: rate, codec, in: codec.traits.innerRate == nil ? rules.container : nil),
                on: track)
        }
        return rate
    }

    mutating func planBitRate(
        _ track: NumberedStream, _ codec: AudioCodec, sampleRate: Int, channels: Int
    ) throws(VTXError) -> Int64? {
        guard let rates = codec.traits.bitRates else {
            guard options.bitRate == nil else {
                throw VTXError(
                    .usage, "\(codec.title) has no bit rate to choose", remedy: .leaveOut(.audioBitRate))
            }
            return nil
        }
        let possible = rates(sampleRate, channels)
        if let asked = options.bitRate {
            guard possible.contains(asked) else {
                throw VTXError(
                    .usage,
                    "\(.audioBitRate): \(codec.title) has no bit rate of \(asked) at \(sampleRate) Hz and \(counted(channels, "channel"))",
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

    func planLoudness() throws(VTXError) -> LoudnessTarget? {
        guard let loudness = options.loudness else { return nil }
        guard (-70 ... -5).contains(loudness) else {
            throw VTXError(
                .usage, "\(.loudness) \(decimalText(loudness)) is out of range",
                remedy: "LUFS are negative: -70 to -5; -16 suits phones, -23 broadcasting")
        }
        guard options.filters.volume == nil else {
            throw VTXError(
                .usage, "\(.loudness) and \(.volume) cannot be combined", remedy: "\(.loudness) sets the volume already"
            )
        }
        return LoudnessTarget(integrated: loudness, truePeak: -1)
    }
}
