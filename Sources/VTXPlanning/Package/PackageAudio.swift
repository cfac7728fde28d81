// The audio renditions of a package, and the groups that players choose from.

import VTXModel

/// Codec and channels, by which audio renditions are grouped.
private struct AudioFormat: Equatable {
    var codec: AudioCodec
    var channels: Int

    var name: String { "\(codec.rawValue)-\(channels)" }
    /// Plays everywhere.
    var isStereoAAC: Bool { codec == .aac && channels <= 2 }
}

/// One choice for the listener: tracks that differ only in format.
private struct AudioSlot {
    var key: [String]
    var label: TrackLabel
    var members: [(format: Int, rendition: String)]
}

extension PackagePlanner {
    /// Adds the audio renditions and their groups to `plan`, which has its video.
    mutating func planAudio(_ plan: inout PackagePlan) throws(VTXError) {
        var formats: [AudioFormat] = []
        var slots: [AudioSlot] = []
        for track in try chooseAudio(plan) {
            guard let audio = track.stream.audio, let codec = AudioCodec(rawValue: track.stream.codec) else { continue }
            try check(audio, of: track)
            let label = rules.label(of: track.stream)
            let name = "audio-\(plan.audio.count + 1)" + label.nameSuffix
            plan.audio.append(
                PackageAudioPlan(
                    name: name, input: track.input, stream: track.stream.index, codec: codec,
                    channels: audio.channels, sampleRate: audio.sampleRate, label: label,
                    isPlainAAC: codec == .aac && track.stream.profile == "LC"))
            let format = AudioFormat(codec: codec, channels: audio.channels)
            if !formats.contains(format) { formats.append(format) }
            slots.add(name, labelled: label, format: formats.firstIndex(of: format) ?? 0)
        }
        plan.groups = groups(formats: formats, slots: slots)
    }

    private func check(_ audio: AudioDescription, of track: Track) throws(VTXError) {
        guard audio.sampleRate <= 0 || audio.channels <= 0 else { return }
        throw VTXError(
            .badMedia,
            "stream \(track.stream.index) of \(sources[track.input].path) has no valid audio format: "
                + "\(audio.sampleRate) Hz, \(counted(audio.channels, "channel"))",
            remedy: "leave it out with \(.audioTracks), or re-encode it with \(command: .transcode)")
    }

    /// Groups have the same members (RFC 8216, 4.3.4.1.1): what a format lacks is taken from another one.
    private func groups(formats: [AudioFormat], slots: [AudioSlot]) -> [PackageAudioGroup] {
        // Stereo AAC first.
        let order =
            formats.indices.filter { formats[$0].isStereoAAC } + formats.indices.filter { !formats[$0].isStereoAAC }
        var groups: [PackageAudioGroup] = []
        for format in order {
            let members = slots.compactMap { slot -> PackageAudioGroup.Member? in
                let own = slot.members.first { $0.format == format }
                let usual = order.lazy.compactMap { other in slot.members.first { $0.format == other } }.first
                return (own ?? usual).map { .init(rendition: $0.rendition, label: slot.label) }
            }
            if !groups.contains(where: { $0.members == members }) {
                groups.append(PackageAudioGroup(name: "audio-\(formats[format].name)", members: members))
            }
        }
        if groups.count == 1 { groups[0].name = "audio" }
        return groups
    }
}

extension [AudioSlot] {
    /// Adds a rendition to the choice that it is another format of, or as a new choice.
    fileprivate mutating func add(_ name: String, labelled label: TrackLabel, format: Int) {
        let special = ["comment", "descriptions", "visual_impaired", "hearing_impaired", "dub", "original"]
        let key = [label.language ?? "und"] + special.filter { label.disposition.contains($0) }
        let slot = firstIndex { slot in slot.key == key && !slot.members.contains { $0.format == format } }
        if let slot {
            self[slot].members.append((format, name))
        } else {
            append(AudioSlot(key: key, label: label, members: [(format, name)]))
        }
    }
}
