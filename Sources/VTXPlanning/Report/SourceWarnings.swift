// What trips people up in a source: said by `vtx probe`, acted on by the planner.

public import VTXModel

/// One thing worth knowing about a source.
public struct SourceWarning: Hashable, Codable, Sendable {
    /// A word for programs: `variable_frame_rate`, `interlaced`, ...
    public var code: String
    /// The stream it is about; `nil` for the whole file.
    public var stream: Int?
    /// For people: lower case, no full stop.
    public var message: String

    /// The value made of its parts; what is left out is as its declaration says.
    public init(_ code: String, stream: Int? = nil, _ message: String) {
        self.code = code
        self.stream = stream
        self.message = message
    }
}

/// Everything about `source` that trips people up, in the order of its streams.
public func sourceWarnings(_ source: MediaDescription) -> [SourceWarning] {
    var warnings: [SourceWarning] = []
    if source.duration == nil {
        warnings.append(.init("no_duration", "the file does not say how long it is"))
    }
    if source.durationSource == .bitRate {
        warnings.append(.init("estimated_duration", "the duration is a guess from the bit rate"))
    }
    warnings += tags(of: source) + truncation(source) + groups(of: source)
    for stream in source.streams {
        switch stream.kind {
        case .video:
            warnings +=
                stream.isCoverArt
                ? [.init("cover_art", stream: stream.index, "a still image (\(stream.codec)), not a video")]
                : videoWarnings(stream)
        case .audio:
            if let audio = stream.audio, audio.channels > 2, audio.layout.hasSuffix("channels") {
                warnings.append(
                    .init(
                        "unknown_layout", stream: stream.index,
                        "\(counted(audio.channels, "channel")) without names of speakers"))
            }
        case .subtitle where !stream.isDecodable: warnings += unreadable(stream)
        default: break
        }
        guard stream.kind == .audio || (stream.kind == .video && !stream.isCoverArt) else { continue }
        warnings += unreadable(stream)
        if let rates = stream.editRates {
            let words = "its edit list has parts at another rate (\(editRateText(rates))), which play at the normal one"
            warnings.append(.init("edit_rate", stream: stream.index, words))
        }
        if let start = stream.start, let first = source.program(of: stream.index).start,
            start.seconds - first.seconds > 0.005
        {
            let late = (start.rescaled(to: MediaTime.microsecond) - first.rescaled(to: MediaTime.microsecond))
            warnings.append(
                .init(
                    "late_start", stream: stream.index,
                    "starts \(milliseconds(late)) ms after the \(source.programs == nil ? "file" : "program") does")
            )
        }
    }
    if let start = source.start, abs(start.seconds) > 0.005,
        source.streams.contains(where: { $0.start != nil })
    {
        warnings.append(
            .init(
                "nonzero_start",
                "timestamps begin at \(decimalText(start.seconds.rounded(places: 3))) s, not at 0"))
    }
    for scan in source.scan?.streams ?? [] where scan.corruptPackets > 0 {
        warnings.append(
            .init(
                "corrupt_packets", stream: scan.index,
                "\(scan.corruptPackets) of \(counted(scan.packets, "packet")) \(scan.corruptPackets == 1 ? "is" : "are") damaged"
            ))
    }
    return warnings
}

/// Tracks that belong together: programs, and channels in tracks of their own.
private func groups(of source: MediaDescription) -> [SourceWarning] {
    var warnings: [SourceWarning] = []
    if let programs = source.programs, let used = source.usualProgram {
        warnings.append(
            .init("several_programs", "\(programs.count) programs: \(used.title) is used unless another is chosen"))
    }
    let audio = source.streams.filter { $0.kind == .audio }
    if areMonoParts(audio) {
        let words = "\(audio.count) mono tracks of PCM, which may be the channels of one"
        warnings.append(.init("mono_tracks", words))
    }
    return warnings
}

private func tags(of source: MediaDescription) -> [SourceWarning] {
    source.tagEncoding.map { [.init("tag_encoding", "tags are not UTF-8, and read as \($0)")] } ?? []
}

/// What keeps a track of audio or video from being read.
private func unreadable(_ stream: StreamDescription) -> [SourceWarning] {
    var warnings: [SourceWarning] = []
    if stream.hasNoSamples {
        warnings.append(.init("empty_track", stream: stream.index, "the track has no samples"))
    }
    if let scheme = stream.encryption {
        warnings.append(
            .init("encrypted", stream: stream.index, "encrypted (\(scheme)), and of no use without the key"))
    }
    if !stream.isDecodable {
        warnings.append(
            .init("undecodable_codec", stream: stream.index, "there is no decoder for \(stream.codecWords) here"))
    }
    return warnings
}

/// Whether the file ends before its header says it does.
private func truncation(_ source: MediaDescription) -> [SourceWarning] {
    var warnings: [SourceWarning] = []
    if let missing = source.missingBytes, missing > 0 {
        warnings.append(
            .init("truncated", "the index refers to \(counted(missing, "byte")) beyond the end of the file"))
    } else if let end = source.scan?.end, let duration = source.duration, source.durationSource == .header,
        duration.seconds - end.seconds > max(0.5, duration.seconds / 100)
    {
        warnings.append(.init("truncated", "the header says \(duration), and the last packet ends at \(end)"))
    }
    if let error = source.scan?.error {
        warnings.append(.init("read_error", "reading stopped before the end: \(error)"))
    }
    return warnings
}

private func videoWarnings(_ stream: StreamDescription) -> [SourceWarning] {
    guard let video = stream.video else { return [] }
    var found: [(code: String, message: String)] = []
    if let edges = stream.ignoredCrop {
        found.append(("ignored_crop", "the container's crop (\(cropText(edges))) is ignored"))
    }
    if isVariable(video) {
        let rates = [video.averageFrameRate, video.nominalFrameRate].compactMap { $0 }.map(rateText)
        found.append(
            (
                "variable_frame_rate",
                "frames have different lengths (\(rates.joined(separator: " on average, nominal ")))"
            ))
    }
    if video.interlaceSample?.pulldown == .fields {
        found.append(("telecined", "film with 3:2 pulldown: two frames of five mix fields of two film frames"))
    } else if case .deinterlaced(_, let evidence)? = deinterlacing(video, choice: .automatic)?.decision {
        found.append(("interlaced", "interlaced: \(evidence.text)"))
    }
    if video.orientation.quarterTurns != 0 {
        found.append(("rotated", "shown turned by \(video.orientation.quarterTurns * 90) degrees clockwise"))
    }
    if video.orientation.isMirrored { found.append(("mirrored", "shown mirrored left to right")) }
    if video.hasOddMatrix {
        found.append(("odd_matrix", "the display matrix is not a multiple of 90 degrees, and is ignored"))
    }
    if let shape = video.sampleAspectRatio, !video.hasSquarePixels {
        found.append(
            (
                "anamorphic",
                "pixels are \(ratioText(shape)), so \(video.size) is shown as \(video.displaySize)"
            ))
    }
    if video.size.width <= 0 || video.size.height <= 0 {
        let reason = stream.codec == "webp" ? ": this libav does not support animated WebP" : ""
        found.append(("no_size", "the frame size is unknown\(reason)"))
    } else if video.displaySize.even != video.displaySize {
        found.append(("odd_size", "a side of \(video.displaySize) is odd, which most encoders refuse"))
    }
    if let hdr = video.hdr, hdr.format == .dolbyVision {
        let profile = hdr.dolbyVisionProfile.map { " profile \($0)" } ?? ""
        found.append(("dolby_vision", "Dolby Vision\(profile)"))
    }
    switch dynamicRange(video) {
    case .standard: break
    case .high(let transfer):
        found.append(("hdr", "high dynamic range (\(transfer == "smpte2084" ? "PQ" : "HLG"))"))
    case .unusable: found.append(("hdr", "the base layer is not viewable without a Dolby Vision decoder"))
    }
    if video.bitDepth > 8 {
        found.append(("ten_bit", "\(video.bitDepth) bits, which few devices play in H.264"))
    }
    if !["4:2:0", "gray"].contains(video.sampling) {
        found.append(("unusual_sampling", "\(video.sampling) colour, which few players show"))
    }
    if video.color.range == "pc" || video.pixelFormat.hasPrefix("yuvj") {
        found.append(("full_range", "full colour range, which players tend to ignore"))
    }
    return found.map { SourceWarning($0.code, stream: stream.index, $0.message) }
}

/// Like `sourceRate`, but a rate that is only missing is no warning.
private func isVariable(_ video: VideoDescription) -> Bool {
    let found = sourceRate(video)
    return found.isVariable && !found.isGuess
}

private func milliseconds(_ time: MediaTime) -> String { String(Int64((time.seconds * 1000).rounded())) }

private func ratioText(_ ratio: Rational) -> String { "\(ratio.numerator):\(ratio.denominator)" }
