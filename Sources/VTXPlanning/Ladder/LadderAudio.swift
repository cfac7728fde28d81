// The audio of a ladder: stereo of each track, and 5.1 beside it.

import VTXModel

/// What is asked of the audio of all ladders: stereo AAC, which every player has.
func stereoOptions(_ options: LadderOptions) -> AudioTrackOptions {
    guard options.audioTracks != .none else {
        return AudioTrackOptions(preset: options.preset, tracks: .none, filters: options.filters)
    }
    return AudioTrackOptions(
        preset: options.preset, codec: .codec(.aac), tracks: options.audioTracks, channels: .stereo,
        sampleRate: 48_000, bitRate: options.audioBitRate ?? 128_000, filters: options.filters)
}

extension LadderPlanner {
    /// A stereo rendition of each track, also of mono: Apple 2.3 wants stereo offered.
    func planStereo(_ tracks: [NumberedStream]) throws(VTXError) -> Decided<[AudioRenditionPlan]> {
        let plans = try planAudio(tracks, in: context, options: stereoOptions(options))
        return Decided(
            value: plans.value.enumerated().map { index, track in
                AudioRenditionPlan(name: name(of: track, index), group: "audio", track: track)
            }, decisions: plans.decisions)
    }

    /// 5.1 of the tracks that have it, if it was asked for.
    ///
    /// - Parameter stereo: renditions of the same tracks.
    func planSurround(
        _ tracks: [NumberedStream], beside stereo: [AudioRenditionPlan]
    ) throws(VTXError) -> Decided<[AudioRenditionPlan]> {
        guard let codec = options.surround else { return Decided(value: []) }
        let wide = tracks.indices.filter { (tracks[$0].audio?.channels ?? 0) >= 6 }
        guard !wide.isEmpty else { return Decided(value: [], decisions: [.audio(track: nil, .noSurround)]) }
        let surround = AudioTrackOptions(
            preset: options.preset, codec: .codec(codec), tracks: options.audioTracks, channels: .surround51,
            sampleRate: 48_000, bitRate: codec.traits.surroundRate ?? 384_000, filters: options.filters)
        // Its decisions are those that were noted for stereo, or changes of layout that 5.1 implies.
        let plans = try planAudio(wide.map { tracks[$0] }, in: context, options: surround).value
        return Decided(
            value: zip(wide, plans).map { index, plan in
                var track = plan
                track.label = stereo[index].track.label
                return AudioRenditionPlan(
                    name: name(of: track, index) + "-5.1", group: "audio-surround", track: track)
            })
    }

    private func name(of track: AudioTrackPlan, _ index: Int) -> String {
        "audio-\(index + 1)" + track.label.nameSuffix
    }
}
