// Where the audio of a package begins and ends.

import VTXModel

extension PackagePlan {
    /// Decides where audio begins and ends relative to the video, or to the other audio if there is none.
    mutating func alignAudio(
        _ times: [FileTimes], starts: [MediaTime], segment: Rational
    ) throws(VTXError) {
        placeAudioFiles(starts)
        var ends: [MediaTime] = []
        for index in audio.indices {
            let track = audio[index]
            let path = inputs[track.input].path
            guard let found = times[track.input][track.stream], let first = found.first, let end = found.end,
                end > first
            else { throw VTXError(.badMedia, "stream \(track.stream) of \(path) has no audio") }
            let origin = inputs[track.input].origin
            let (late, length) = (found.time(first) - origin, found.time(end) - origin)
            ends.append(length)
            audio[index].isFilled = try alignStart(of: track, late: late)
            if !video.isEmpty { try alignEnd(of: track, length: length, segment: segment) }
        }
        guard video.isEmpty, let longest = ends.max(), let shortest = ends.min() else { return }
        guard longest.seconds - shortest.seconds <= segment.value else {
            throw VTXError(
                .badMedia, "audio tracks differ in duration: from \(shortest) to \(longest)",
                remedy: "make them from the same source, from beginning to end")
        }
        duration = longest
    }

    /// Decides what is time 0 in files that have audio alone.
    private mutating func placeAudioFiles(_ starts: [MediaTime]) {
        let withVideo = Set(video.map(\.input))
        let leading = video.first.map { inputs[$0.input].origin }
        for input in Set(audio.map(\.input)).subtracting(withVideo).sorted() {
            let own = starts[input]
            guard let leading else {
                inputs[input].origin = own
                continue
            }
            // Tracks cut from one source share its clock; other files begin when they begin.
            let isShared = abs(own.seconds - leading.seconds) <= 0.5
            inputs[input].origin = isShared ? leading : own
            if !isShared {
                decisions.append(
                    .package(.movedAudio(path: inputs[input].path, start: own, video: leading)))
            }
        }
    }

    /// - Returns: whether silence is put before the track.
    private mutating func alignStart(of track: PackageAudioPlan, late: MediaTime) throws(VTXError) -> Bool {
        if track.isPlainAAC, late.seconds * Double(track.sampleRate) >= 1024 {
            decisions.append(.package(.silence(rendition: track.name, late)))
            return true
        }
        guard late.seconds > 0.05 else { return track.isFilled }
        guard late.seconds <= 0.5 else {
            throw VTXError(
                .badMedia, "the audio of \(inputs[track.input].path) begins \(late) after the video",
                cause: "silence can only be put before plain AAC without encoding",
                remedy:
                    "encode its audio as AAC with \(command: .transcode) \(.audioCodec, "aac"), or use \(command: .ladder)"
            )
        }
        decisions.append(.package(.lateAudio(rendition: track.name, late)))
        return track.isFilled
    }

    private mutating func alignEnd(
        of track: PackageAudioPlan, length: MediaTime, segment: Rational
    ) throws(VTXError) {
        let longer = length.seconds - duration.seconds
        // Playlists of audio and video that differ by more than half a second are against the rules of HLS.
        guard longer <= segment.value, longer >= -0.5 else {
            throw VTXError(
                .badMedia,
                "video and audio differ in duration: \(inputs[video[0].input].path) \(duration), "
                    + "audio of \(inputs[track.input].path) \(length)",
                remedy: longer > 0
                    ? "cut the audio with \(command: .transcode), or leave it out with \(.audioTracks, "none")"
                    : remedy(forShort: track))
        }
        if longer > 0.05 {
            decisions.append(.package(.cutAudio(rendition: track.name, duration)))
        } else if longer < -0.1 {
            decisions.append(.package(.shortAudio(rendition: track.name, length)))
        }
    }

    /// What to try with audio that ends before the video.
    private func remedy(forShort track: PackageAudioPlan) -> Remedy {
        guard video.contains(where: { $0.input == track.input }) else {
            return
                "give a file whose audio is as long as the video, or leave it out with \(.audioTracks, "none")"
        }
        return
            "make the package of that file with \(command: .ladder), which encodes and fills the rest with silence, or leave its audio out with \(.audioTracks, "none")"
    }

    /// Where segments of audio alone begin.
    func audioBoundaries(segment: Rational) -> [MediaTime] {
        let count = Int((duration.seconds / segment.value).rounded(.down))
        guard count > 0 else { return [] }
        return (1...count).map { MediaTime(Int64($0) * segment.numerator, Rational(1, segment.denominator)) }
            // A last segment shorter than half a second is part of the one before.
            .filter { duration.seconds - $0.seconds > 0.5 }
    }
}
