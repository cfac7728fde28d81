// Subtitles that become a file of their own.

import VTXModel

extension ExtractPlanner {
    /// One track of text, or captions inside the video.
    ///
    /// - Throws: `.usage` for a track that is not there or is not text, `.unavailable` for a missing decoder or encoder.
    func planText() throws(VTXError) -> ExtractPlan {
        guard let codec = options.textCodec else {
            throw VTXError(.internal, "no text is extracted to '\(options.output)'", remedy: .report())
        }
        guard capabilities.encoders.contains(codec.encoder) else {
            throw VTXError(.unavailable, "this libav has no encoder '\(codec.encoder)'", remedy: .installFFmpeg)
        }
        let cut = try cut(options.cut)
        var chosen = try chooseText()
        if case .subtitle(let stream) = chosen.value, let from = converted(stream.codec, to: codec) {
            let isStyled = ["ass", "ssa"].contains(stream.codec) && codec != .ass
            chosen.decisions.append(.extract(.convertedText(from: from, to: codec, losesStyle: isStyled)))
        }
        var track = SubtitleTrackPlan(
            stream: chosen.value.stream.index, label: TrackLabel(language: languageTag(chosen.value.stream.language)),
            convert: codec, encoding: options.subtitleEncoding)
        if case .captions(let channel, _) = chosen.value { track.captions = channel }
        return ExtractPlan(
            input: source.path, output: options.output, kind: .subtitles, stream: track.stream, origin: cut.origin,
            skipped: cut.skipped, limit: cut.limit, subtitle: track, decisions: chosen.decisions)
    }

    /// Where text comes from.
    private enum TextSource {
        case subtitle(StreamDescription)
        case captions(CaptionChannel, StreamDescription)

        var stream: StreamDescription {
            switch self {
            case .subtitle(let stream), .captions(_, let stream): stream
            }
        }
    }

    /// The name of a codec that is not written as it is.
    private func converted(_ codec: String, to target: SubtitleCodec) -> String? {
        let name = ["srt": "subrip", "ssa": "ass"][codec] ?? codec
        return name == target.rawValue ? nil : name
    }

    private func chooseText() throws(VTXError) -> Decided<TextSource> {
        if options.asksForCaptions, let channel = CaptionChannel(name: (options.track ?? "").uppercased()) {
            return Decided(value: try captions(channel))
        }
        let all = source.numberedTracks(.subtitle)
        if let track = options.track {
            guard case .some(let selectors) = try TrackSelection(parsing: track), selectors.count == 1 else {
                throw VTXError(
                    .usage, "\(.track, track) does not name one track",
                    remedy: "use a number from 1, a language such as 'eng', or CC1 for closed captions")
            }
            let matching = try select(selectors, from: all, kind: "subtitle", of: source.path)
            let track = matching.first { isText($0.stream) } ?? matching[0]
            try require(track, ofAll: all)
            return Decided(value: .subtitle(track.stream))
        }
        let texts = all.filter { isText($0.stream) }
        guard let track = texts.first(where: \.stream.isDefault) ?? texts.first else { return try withoutText(all) }
        try require(track, ofAll: all)
        return Decided(
            value: .subtitle(track.stream),
            decisions: all.count == 1
                ? [] : [.extract(.chosenTrack(track.number, of: all.count, isDefault: track.stream.isDefault))])
    }

    private func isText(_ stream: StreamDescription) -> Bool {
        textCodecs.contains(stream.codec) && stream.isDecodable && !stream.hasNoSamples
    }

    /// - Throws: the reason for which a track is not text that can be read.
    private func require(_ track: NumberedStream, ofAll all: [NumberedStream]) throws(VTXError) {
        let stream = track.stream
        try requireSamples(of: stream, in: source)
        try refuseEncrypted(stream, of: source)
        if bitmapCodecs.contains(stream.codec) {
            throw VTXError(
                .usage, "subtitle \(track.number) of '\(source.path)' is made of images (\(stream.codec)), not text",
                cause: "text would have to be recognized in them (OCR)",
                remedy: textRemedy(all, burning: track.number))
        }
        guard isText(stream) else {
            throw VTXError(
                .unavailable,
                "this libav has no decoder for \(stream.codecWords), subtitle \(track.number) of '\(source.path)'",
                remedy: .installFFmpeg)
        }
    }

    private func textRemedy(_ all: [NumberedStream], burning number: Int) -> Remedy {
        let texts = all.filter { isText($0.stream) }.map { String($0.number) }
        return texts.isEmpty
            ? "\(command: .transcode) with \(.burnSubtitle, String(number)) draws them into the video"
            : "text is in subtitle \(texts.joined(separator: ", ")): choose it with \(.track)"
    }

    /// Captions where there is no track of text.
    private func withoutText(_ all: [NumberedStream]) throws(VTXError) -> Decided<TextSource> {
        for channel in CaptionChannel.convertible {
            if let video = carrier(of: channel) {
                return Decided(value: .captions(channel, video), decisions: [.extract(.captions(channel))])
            }
        }
        guard let track = all.first else {
            throw VTXError(
                .usage, "'\(source.path)' has no subtitles", remedy: "`\(command: .probe)` lists what it has")
        }
        try require(track, ofAll: all)
        throw VTXError(.internal, "subtitle \(track.number) is text", remedy: .report())
    }

    private func carrier(of channel: CaptionChannel) -> StreamDescription? {
        source.tracks(.video).first { $0.video?.captions?.contains(channel) ?? false }
    }

    private func captions(_ channel: CaptionChannel) throws(VTXError) -> TextSource {
        guard CaptionChannel.convertible.contains(channel) else {
            throw VTXError(
                .unavailable, "captions of CEA-708 (\(channel.name)) do not become text",
                remedy: "use CC1 to CC4, the captions of CEA-608")
        }
        guard let video = carrier(of: channel) else {
            let present = CaptionChannel.convertible.sorted().filter { carrier(of: $0) != nil }.map(\.name)
            throw VTXError(
                .usage, "the video of '\(source.path)' has no captions \(channel.name)",
                remedy: present.isEmpty ? "it has none of CC1 to CC4" : "it has \(present.joined(separator: ", "))")
        }
        return .captions(channel, video)
    }
}
