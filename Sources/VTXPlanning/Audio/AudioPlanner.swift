// The planning of one audio track.

import VTXModel

/// What the planning of audio tracks knows, and what it has decided so far.
struct AudioPlanner {
    let context: TrackContext
    let options: AudioTrackOptions
    private(set) var decisions: [Decision] = []

    init(_ context: TrackContext, options: AudioTrackOptions) {
        self.context = context
        self.options = options
    }

    var rules: TrackRules { context.rules }

    mutating func decide(_ decision: AudioDecision, on track: NumberedStream) {
        decisions.append(.audio(track: track.number, decision))
    }

    mutating func plan(_ track: NumberedStream) throws(VTXError) -> AudioTrackPlan {
        if options.codec == .copy || isCopiedForCut(track) { return try planCopy(of: track) }
        return try planEncode(track)
    }

    private mutating func planEncode(_ track: NumberedStream) throws(VTXError) -> AudioTrackPlan {
        let codec = try audioCodec(track)
        guard let audio = track.audio else {
            throw VTXError(.internal, "stream \(track.stream.index) is not described as audio")
        }
        let sampleRate = try planSampleRate(track, audio, codec)
        let (layout, mixing) = planLayout(track, audio, codec)
        let bitRate = try planBitRate(track, codec, sampleRate: sampleRate, channels: channelCount(layout))
        // Gaps in the source are filled with silence, from 20 ms on: one lost frame of AAC or MP3, more than
        // any container's rounding of timestamps. A late start is filled too where audio must begin at 0.
        let start = rules.startsAtZero || context.cut.isSpedUp ? ":first_pts=0" : ""
        let named = try planNamedFilters()
        if let most = codec.traits.mostBits, let bits = audio.bitsPerSample, bits > most {
            decide(.reducedDepth(most, codec), on: track)
        }
        return AudioTrackPlan(
            stream: track.stream.index, joined: track.others.isEmpty ? nil : track.others.map(\.stream.index),
            label: rules.label(of: track.stream),
            encode: AudioEncodePlan(
                codec: codec, encoder: codec.encoder, sampleRate: sampleRate, layout: layout,
                sampleFormat: codec.traits.sampleFormat(audio.bitsPerSample), bitRate: bitRate,
                filters: ["aresample=async=1:min_hard_comp=0.02\(start)"] + mixing + named,
                loudness: try planLoudness()))
    }

    /// The filters that are asked for by name, which are reported once for all tracks.
    private mutating func planNamedFilters() throws(VTXError) -> [String] {
        var made: [FilterDecision] = []
        let filters = try options.filters.audioFilters(until: context.cut.expected)
        let tempo = context.cut.tempoFilters
        if !tempo.isEmpty { try context.require(filter: "atempo", to: "change the speed of audio") }
        var texts = tempo + (try context.texts(of: filters, noting: &made))
        if let custom = options.filters.customAudio {
            try checkChain(custom, .audioFilter, in: context)
            made.append(.customAudio(custom))
            texts.append(custom)
        }
        for decision in made.map(Decision.filter) where !decisions.contains(decision) { decisions.append(decision) }
        return texts
    }

    private func planCopy(of track: NumberedStream) throws(VTXError) -> AudioTrackPlan {
        try refuse(
            options.needingEncoder + context.cut.needingEncoder, because: "copied audio cannot be changed",
            remedy: "leave out \(.audioCodec, "copy"), or the option")
        guard !context.cut.needsExactness else {
            throw VTXError(
                .usage, "copied audio cannot be cut exactly",
                remedy:
                    "leave out \(.audioCodec, "copy") to encode it, or \(.start), \(.end) and \(.duration), or add \(.cut, "keyframe") or \(.cut, "smart")"
            )
        }
        let codec = track.stream.codec
        guard rules.copyableAudio.contains(codec) else {
            throw VTXError(
                .usage,
                "\(rules.title) does not support \(track.stream.codecWords), audio track \(track.number) of '\(context.source.path)'",
                remedy: rules.copyableAudio.list.isEmpty
                    ? "encode it, or leave the track out"
                    : "it takes \(rules.copyableAudio.list.joined(separator: ", ")); encode it, or write .mkv"
            )
        }
        return AudioTrackPlan(stream: track.stream.index, label: rules.label(of: track.stream))
    }
}
