// What the mode of a cut makes of the options, and of the part of the source that is used.

import VTXModel

extension TranscodeOptions {
    /// Whether the video is copied, whole or but for its ends.
    package var copiesVideo: Bool { video == .copy || copiesForCut }

    /// Whether the mode of the cut copies.
    fileprivate var copiesForCut: Bool { cutMode == .keyframe || cutMode == .smart }

    /// The options with what the mode of the cut implies.
    ///
    /// - Throws: `.usage` for a mode without a cut, or of what it cannot cut.
    func copyingForCut() throws(VTXError) -> TranscodeOptions {
        guard let mode = cutMode else { return self }
        guard start != nil || end != nil || duration != nil else {
            throw VTXError(
                .usage, "\(.cut, mode.rawValue) has nothing to cut",
                remedy: "add \(.start), \(.end) or \(.duration), or leave out \(.cut)")
        }
        guard copiesForCut else { return self }
        try refuse(
            [(.targetSize, targetSize != nil), (.chunkDuration, chunkDuration.map { $0 != Rational(0) } ?? false)],
            because: "copied video cannot be changed", remedy: "leave out \(.cut) to encode it, or the option")
        var result = self
        switch video {
        case .automatic, .copy: result.video = .copy
        case .none:
            throw VTXError(
                .usage, "\(.cut, mode.rawValue) and \(.video, "none") cannot be combined",
                cause: "audio alone is cut to the sample", remedy: .leaveOut(.cut))
        case .codec(let codec):
            throw VTXError(
                .usage, "\(.cut, mode.rawValue) and \(.video, codec.rawValue) cannot be combined",
                cause: "it copies the video in the codec that it has",
                remedy: "leave out \(.video), or \(.cut) to encode all of it")
        }
        return result
    }
}

extension VideoTrackOptions {
    /// The options that only an encoder can follow, and not the one that encodes the ends of a smart cut.
    func needingEncoder(for mode: CutMode) -> [(setting: Setting, isSet: Bool)] {
        needingEncoder.filter { mode != .smart || $0.setting != .crf }
    }
}

extension Cut {
    /// Moves the part that is used to where it can be cut.
    ///
    /// - Parameters:
    ///   - options: with the mode, and with the places as far as they are known.
    ///   - hasVideo: whether there is video to cut.
    /// - Returns: `nil` for a cut that encodes.
    /// - Throws: `.usage` for audio alone.
    mutating func follow(
        _ options: TranscodeOptions, over streams: [StreamDescription], hasVideo: Bool
    ) throws(VTXError) -> CutPlan? {
        guard options.copiesForCut, let mode = options.cutMode else { return nil }
        guard hasVideo else {
            throw VTXError(
                .usage, "\(.cut, mode.rawValue) is for files with video",
                cause: "audio alone is cut to the sample", remedy: .leaveOut(.cut))
        }
        self.mode = mode
        let first = origin - (skipped ?? .zero)
        let (askedOrigin, askedLimit) = (origin, limit)
        let points = options.cutPoints ?? CutPoints()
        if skipped != nil, let start = mode == .smart ? points.start : points.key { move(to: start, from: first) }
        if let asked = askedLimit {
            let end = mode == .smart ? points.end : points.nextEnd
            // Before anybody looked, the end is the one that was asked for.
            limit = end.map { $0 - origin } ?? (options.cutPoints == nil ? asked : nil)
        }
        let (start, end) = (origin, limit.map { origin + $0 })
        let askedEnd = askedLimit.map { askedOrigin + $0 }
        let earlier = max(.zero, askedOrigin - start)
        let later = askedEnd.map { asked in max(.zero, end.map { $0 - asked } ?? .zero) }
        expected = expected.map { $0 + earlier + (later ?? .zero) }
        func sourceTime(_ time: MediaTime) -> MediaTime { time.rescaled(to: MediaTime.microsecond) - first }
        return CutPlan(
            mode: mode, askedStart: skipped == nil && askedOrigin == first ? nil : sourceTime(askedOrigin),
            start: sourceTime(start), earlier: earlier, askedEnd: askedEnd.map(sourceTime), end: end.map(sourceTime),
            later: later)
    }

    private mutating func move(to start: MediaTime, from first: MediaTime) {
        origin = start
        let distance = start.rescaled(to: MediaTime.microsecond) - first
        skipped = distance > .zero ? distance : nil
    }
}

extension CutPlan {
    /// The plan with the parts of the video.
    func divided(by smart: SmartCutPlan?, of points: CutPoints?) -> CutPlan {
        var plan = self
        guard points != nil else { return plan }
        guard let smart else {
            plan.parts = [CutPart(isCopied: true, start: start, end: end)]
            return plan
        }
        // Times of the file become those of the source.
        func time(_ file: MediaTime?) -> MediaTime? {
            guard let file, let points else { return nil }
            if let origin = points.start { return start + (file - origin).rescaled(to: MediaTime.microsecond) }
            if let last = points.end, let end { return end + (file - last).rescaled(to: MediaTime.microsecond) }
            return file
        }
        guard smart.hasCopy else {
            plan.parts = [CutPart(isCopied: false, start: start, end: end, frames: smart.encodedFrames)]
            return plan
        }
        let (copyStart, copyEnd) = (time(smart.copyStart), time(smart.copyEnd))
        if let copyStart, let points, points.headFrames > 0 {
            plan.parts.append(CutPart(isCopied: false, start: start, end: copyStart, frames: points.headFrames))
        }
        plan.parts.append(CutPart(isCopied: true, start: copyStart ?? start, end: copyEnd ?? end))
        if let copyEnd, let points {
            plan.parts.append(CutPart(isCopied: false, start: copyEnd, end: end, frames: points.tailFrames))
        }
        return plan
    }

    /// Where the output begins and ends, and how its video is made.
    func decisions(of smart: SmartCutPlan?) -> [Decision] {
        var list: [CutDecision] = []
        if mode == .keyframe {
            if let askedStart { list.append(.starts(at: start, asked: askedStart)) }
            if let askedEnd { list.append(.ends(at: end, asked: askedEnd)) }
        }
        for (index, part) in parts.enumerated() where mode == .smart {
            if part.isCopied {
                list.append(.copied(from: part.start, to: part.end))
            } else if parts.count == 1 {
                list.append(.encodedAll(from: part.start, to: part.end, frames: part.frames ?? 0))
            } else {
                list.append(
                    .encoded(from: part.start, to: part.end ?? part.start, frames: part.frames ?? 0, isEnd: index > 0))
            }
        }
        if let smart { list.append(.encoding(smart.encode)) }
        return list.map(Decision.cut)
    }

    /// What becomes of audio tracks.
    func audioDecisions(_ tracks: [AudioTrackPlan]) -> [Decision] {
        let copied = tracks.contains { $0.encode == nil }
        let encoded = tracks.contains { $0.encode != nil }
        return (copied ? [.cut(.copiedAudio)] : []) + (encoded ? [.cut(.encodedAudio)] : [])
    }
}

extension AudioPlanner {
    /// Whether a track is copied because the cut does without encoding: if nothing is asked for that needs an encoder,
    /// and the target takes it.
    func isCopiedForCut(_ track: NumberedStream) -> Bool {
        context.cut.mode == .keyframe && options.codec == .automatic && track.others.isEmpty
            && !options.needingEncoder.contains(where: \.isSet)
            && rules.copyableAudio.contains(track.stream.codec)
    }
}
