// What a preset's purpose decides where nothing was asked for, and what it is not made for.

public import VTXModel

extension Preset {
    /// Checks that the preset serves for files of a container. Of files for audio alone its audio is used.
    ///
    /// - Throws: `.usage` if its purpose is another.
    public func check(_ container: Container) throws(VTXError) {
        guard let purpose, !purpose.containers.contains(container) else { return }
        if container.isAudioOnly, purpose.audioCodec(in: container) != nil { return }
        let possible =
            container.isAudioOnly
            ? Container.allCases.filter { $0.isAudioOnly && purpose.audioCodec(in: $0) != nil } : purpose.containers
        let extensions = possible.map { ".\($0.rawValue)" }
        throw VTXError(
            .usage, "preset '\(name)' is for \(choice(purpose.containers.map(\.title))), not for \(container.title)",
            remedy: "name an output that ends in \(choice(extensions)), or use another preset")
    }

    /// Checks that the preset serves for packages.
    ///
    /// - Throws: `.usage` if it is for single files.
    public func checkForPackages() throws(VTXError) {
        guard purpose != nil else { return }
        throw VTXError(
            .usage, "preset '\(name)' is for single files, not for packages",
            remedy: "use \(.preset, choice(Preset.qualityNames))")
    }
}

extension TranscodeOptions {
    /// The options with the codecs that the preset's purpose chooses for a container.
    ///
    /// - Throws: `.usage` if the container does not serve the purpose.
    func choosingCodecs(for container: Container) throws(VTXError) -> TranscodeOptions {
        try preset.check(container)
        guard let purpose = preset.purpose else { return self }
        var result = self
        if video == .automatic, let codec = purpose.videoCodec(in: container) { result.video = .codec(codec) }
        if audioCodec == .automatic, let codec = purpose.audioCodec(in: container) {
            result.audioCodec = .codec(codec)
            result.sampleRate = sampleRate ?? purpose.sampleRate
        }
        return result
    }

    /// The options with what the preset's purpose chooses for a source, and what of it has an effect.
    ///
    /// - Parameters:
    ///   - source: the video that is used.
    ///   - duration: of the output; `nil` if it is not known.
    func choosingShape(
        for source: VideoDescription?, duration: MediaTime?, asked: TranscodeOptions
    ) -> Decided<TranscodeOptions> {
        guard let purpose = preset.purpose else { return Decided(value: self) }
        var result = self
        var limit: PixelSize?
        if let source, case .codec(let codec) = video {
            if fit == nil {
                let frame = turned(source.displaySize)
                let box = largestFrame(for: frame, rate: source.averageFrameRate, duration: duration, codec: codec)
                limit = box.flatMap { exceeded($0, by: frame) }
            }
            result.fit = fit ?? limit.map(VideoFit.box)
            if codec.traits.hasKeyFrameGrid { result.gopDuration = gopDuration ?? purpose.gopDuration }
            if hdr == nil, purpose.keepsHDR, codec.traits.takesHDR, dynamicRange(source) != .standard {
                result.hdr = .keep
            }
        }
        let videoCodec = asked.video == .automatic && source != nil ? video.codec : nil
        let audio = asked.audioCodec == .automatic ? audioCodec.codec : nil
        guard videoCodec != nil || audio != nil || limit != nil else { return Decided(value: result) }
        return Decided(
            value: result,
            decisions: [.output(.chosenByPreset(preset.name, videoCodec, audio, within: limit))])
    }

    /// The largest frame of the purpose, or the largest one that still looks good where the purpose limits the size.
    private func largestFrame(
        for frame: PixelSize, rate: Rational?, duration: MediaTime?, codec: VideoCodec
    ) -> PixelSize? {
        guard let most = sizeGoal, let seconds = duration?.seconds, seconds > 0 else {
            return preset.purpose?.largestFrame
        }
        let bitRate = Double(most.bytes) * 8 / seconds * 0.75
        let boxes = ([preset.purpose?.largestFrame].compactMap { $0 } + smallerFrames)
        return boxes.first { box in
            let turned = frame.height > frame.width ? box.transposed : box
            let scale = min(
                1, Double(turned.width) / Double(frame.width), Double(turned.height) / Double(frame.height))
            let pixels = Double(frame.area) * scale * scale * (rate?.value ?? 25)
            return bitRate >= 2 * leastVideoRate(pixelRate: pixels, codec: codec)
        } ?? boxes.last
    }

    /// A size after the quarter turns that were asked for.
    func turned(_ size: PixelSize) -> PixelSize {
        filters.quarterTurns.isMultiple(of: 2) ? size : size.transposed
    }

    /// A box for landscape video turned as a frame is; `nil` if the frame fits.
    func exceeded(_ box: PixelSize, by frame: PixelSize) -> PixelSize? {
        let turned = frame.height > frame.width ? PixelSize(box.height, box.width) : box
        return frame.width > turned.width || frame.height > turned.height ? turned : nil
    }
}

extension VideoChoice {
    /// The codec, if one is chosen.
    fileprivate var codec: VideoCodec? { if case .codec(let codec) = self { codec } else { nil } }
}

extension AudioChoice {
    /// The codec, if one is chosen.
    fileprivate var codec: AudioCodec? { if case .codec(let codec) = self { codec } else { nil } }
}

/// Frames for outputs of a limited size, after the purpose's own.
private let smallerFrames = [PixelSize(960, 540), PixelSize(854, 480), PixelSize(640, 360), PixelSize(426, 240)]
