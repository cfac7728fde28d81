// Whether the packets of several files can follow each other.

import VTXModel

/// Seconds of audio that may be missing where the next part begins: no packet is as short.
private let shortestGap = 0.03

extension JoinPlanner {
    /// The video of the output: copied if all parts fit.
    ///
    /// - Throws: `.usage` if copying was asked for, and they do not.
    mutating func planVideo() throws(VTXError) -> VideoTrackPlan? {
        guard let video = shape.video else { return nil }
        // Options that contradict it are refused as in a transcode.
        if options.video == .copy { _ = try planCopy() }
        if let (path, obstacle) = videoObstacle() {
            if options.video == .copy { throw refusal("video", path, obstacle, .video) }
            if obstacle != .asked { decide(.encoded(.video, path: path, because: obstacle)) }
            return video
        }
        decide(.copied(.video, parts: sources.count))
        var copied = video
        copied.encode = nil
        copied.tag = try planCopy().video?.tag
        return copied
    }

    /// An audio track of the output.
    ///
    /// - Throws: `.usage` if copying was asked for, and the parts do not fit.
    mutating func planAudio(_ track: Int, parts: [JoinPart]) throws(VTXError) -> AudioTrackPlan {
        var audio = shape.audio[track]
        if options.audioCodec == .copy {
            try refuse(
                options.audioTrack.needingEncoder, because: "copied audio cannot be changed",
                remedy: "leave out \(.audioCodec, "copy"), or the option")
        }
        if let (path, obstacle) = audioObstacle(track, parts: parts) {
            if options.audioCodec == .copy { throw refusal("audio track \(track + 1)", path, obstacle, .audioCodec) }
            if obstacle != .asked { decide(.encoded(.audio(track + 1), path: path, because: obstacle)) }
            return audio
        }
        decide(.copied(.audio(track + 1), parts: sources.count))
        audio.encode = nil
        return audio
    }

    private func refusal(_ track: String, _ path: String, _ obstacle: JoinObstacle, _ setting: Setting) -> VTXError {
        let reason = JoinDecision.encoded(.video, path: path, because: obstacle)
        return VTXError(
            .usage, "the \(track) of the parts cannot be copied", cause: Decision.join(reason).text.reason,
            remedy: "leave out \(setting, "copy") to encode it")
    }

    /// How the video of the first part would be copied.
    ///
    /// - Throws: `.usage` if the container does not take it, or something is asked for that needs an encoder.
    private func planCopy() throws(VTXError) -> TranscodePlan {
        var asked = options
        asked.video = .copy
        asked.audioCodec = .none
        asked.audioTracks = .automatic
        asked.subtitleTracks = .none
        asked.chunkDuration = Rational(0)
        (asked.channels, asked.sampleRate, asked.audioBitRate) = (.keep, nil, nil)
        return try planTranscode(of: sources[0].description, options: asked, capabilities: capabilities)
    }

    // MARK: Video

    private func videoObstacle() -> (path: String, JoinObstacle)? {
        if options.videoTrack.needingEncoder.contains(where: \.isSet) { return (sources[0].path, .asked) }
        if case .codec = options.video { return (sources[0].path, .asked) }
        guard let first = stream(shape.video?.stream, of: 0), let own = first.video else { return nil }
        guard (try? planCopy()) != nil else {
            return (sources[0].path, .container(codec: first.codec, shape.container))
        }
        for index in sources.indices {
            guard let stream = stream(parts[index].video?.stream, of: index), let video = stream.video,
                let extent = sources[index].extents[stream.index]
            else { return (sources[index].path, .missing) }
            let found =
                order(of: extent, isFirst: index == 0) ?? difference(stream, video, from: first, own)
                ?? (extent.header == header(first.index) && !extent.changesHeader ? nil : .parameterSets)
            if let found { return (sources[index].path, found) }
            if index > 0, let late = lateVideo(of: index) { return (sources[index].path, .lateVideo(late)) }
        }
        return nil
    }

    private func header(_ stream: Int) -> [UInt8] { sources[0].extents[stream]?.header ?? [] }

    private func stream(_ stream: Int?, of index: Int) -> StreamDescription? {
        sources[index].description.streams.first { $0.index == stream }
    }

    /// What keeps the packets of a part from standing behind others.
    private func order(of extent: TrackExtent, isFirst: Bool) -> JoinObstacle? {
        if extent.isUntimed { return .untimed }
        if extent.hasHidden { return .editList }
        return extent.hasOpenStart && !isFirst ? .openStart : nil
    }

    private func difference(
        _ stream: StreamDescription, _ video: VideoDescription, from first: StreamDescription, _ own: VideoDescription
    ) -> JoinObstacle? {
        if stream.codec != first.codec { return .codec(stream.codec, first: first.codec) }
        if video.codedSize != own.codedSize || video.size != own.size { return .size(video.size, first: own.size) }
        if video.pixelFormat != own.pixelFormat { return .pixelFormat(video.pixelFormat, first: own.pixelFormat) }
        let shapes = (video.sampleAspectRatio ?? Rational(1), own.sampleAspectRatio ?? Rational(1))
        if video.orientation != own.orientation || shapes.0 != shapes.1 || video.color != own.color
            || video.hdr != own.hdr
        {
            return .appearance
        }
        let (rate, usual) = (sourceRate(video), sourceRate(own))
        if !rate.isVariable, !usual.isVariable, abs(rate.rate.value / usual.rate.value - 1) > 0.001 {
            return .frameRate(rate.rate, first: usual.rate)
        }
        return nil
    }

    // MARK: Audio

    private func audioObstacle(_ track: Int, parts: [JoinPart]) -> (path: String, JoinObstacle)? {
        if options.audioTrack.needingEncoder.contains(where: \.isSet) { return (sources[0].path, .asked) }
        if case .codec = options.audioCodec { return (sources[0].path, .asked) }
        guard let first = stream(streams[0][track], of: 0), let own = first.audio else { return nil }
        guard shape.container.traits.hasTimestamps else { return (sources[0].path, .timeless(shape.container)) }
        if first.codec == "flac" { return (sources[0].path, .numbered) }
        guard TrackRules.container(shape.container).copyableAudio.contains(first.codec) else {
            return (sources[0].path, .container(codec: first.codec, shape.container))
        }
        for (index, part) in parts.enumerated() {
            guard let stream = stream(streams[index][track], of: index), let audio = stream.audio,
                let extent = sources[index].extents[stream.index]
            else { return (sources[index].path, .missing) }
            let isLast = index == parts.count - 1
            let found =
                difference(stream, audio, from: first, own) ?? (extent.isUntimed ? .untimed : nil)
                ?? (extent.header == header(first.index) && !extent.changesHeader ? nil : .parameterSets)
                ?? gap(of: extent, in: part, isFirst: index == 0, isLast: isLast)
            if let found { return (sources[index].path, found) }
        }
        return nil
    }

    private func difference(
        _ stream: StreamDescription, _ audio: AudioDescription, from first: StreamDescription, _ own: AudioDescription
    ) -> JoinObstacle? {
        if stream.codec != first.codec || stream.profile != first.profile {
            return .codec(stream.codec, first: first.codec)
        }
        if audio.sampleRate != own.sampleRate { return .sampleRate(audio.sampleRate, first: own.sampleRate) }
        return audio.layout == own.layout ? nil : .layout(audio.layout, first: own.layout)
    }

    /// The audio that is missing at the beginning or the end of a part, if that is more than a packet.
    private func gap(of extent: TrackExtent, in part: JoinPart, isFirst: Bool, isLast: Bool) -> JoinObstacle? {
        guard let first = extent.first, let end = extent.end else { return .missing }
        let unit = MediaTime.microsecond
        let most = max(shortestGap, (extent.longest?.seconds ?? 0) * 1.01)
        let late = first.rescaled(to: unit) - part.origin
        if late.seconds > most, !isFirst { return .lateAudio(late) }
        let missing = part.duration.rescaled(to: unit) - (end.rescaled(to: unit) - part.origin)
        return missing.seconds > most && !isLast ? .gap(missing) : nil
    }
}
