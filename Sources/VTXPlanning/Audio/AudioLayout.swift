// The channels of an audio track.

import VTXModel

extension AudioPlanner {
    /// The layout to write, and the filters that mix down to it.
    mutating func planLayout(
        _ track: NumberedStream, _ audio: AudioDescription, _ codec: AudioCodec
    ) -> (layout: String, filters: [String]) {
        let plain = plainLayout(audio.layout, channels: audio.channels)
        var wanted = codec.layout(for: plain)
        var reason = LayoutReason.codec(codec)
        switch options.channels {
        case .keep:
            if options.preset.purpose?.isStereo == true, channelCount(wanted) > 2 {
                wanted = "stereo"
                reason = .preset(options.preset.name)
            }
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
}
