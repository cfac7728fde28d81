// Frames that become images: planned like the video of a transcode, so that they are upright, in square pixels and in
// ordinary colours.

import VTXModel

/// Length of an animation in seconds by default.
private let usualClip = MediaTime(5, Rational(1))
/// Frames per second of an animation by default: GIF counts hundredths of a second.
private let usualClipRate = Rational(25, 2)
/// Pixels of the shorter side of an animation by default.
private let usualClipSide = 360
/// Pixels of a frame in a contact sheet by default.
private let usualTileWidth = 320

extension ExtractPlanner {
    /// One frame: the one shown at the time that was asked for.
    func planFrame() throws(VTXError) -> ExtractPlan {
        var plan = try plan(.frame, fit: options.height.map { .height($0) })
        let time = options.time ?? options.typicalTime ?? .zero
        guard time >= .zero else {
            throw VTXError(
                .usage, "\(.frameTime) \(time) is before the beginning",
                cause: "times count from the beginning of the source", remedy: "use 0 or more")
        }
        if source.durationSource == .header, let length = try cut(CutOptions()).expected, time >= length {
            throw VTXError(
                .usage, "\(.frameTime) \(time) is beyond the end of '\(source.path)'",
                remedy: "it is \(length) long: use less")
        }
        plan.images?.times = [time]
        if options.time == nil, let time = options.typicalTime {
            plan.decisions.append(.extract(.typicalFrame(at: time)))
        }
        return plan
    }

    /// A frame at every interval, in seconds.
    func planFrames() throws(VTXError) -> ExtractPlan {
        guard let interval = options.interval, interval.isPositive else {
            throw VTXError(.usage, "\(.frameInterval) must be above 0", remedy: "give it in seconds")
        }
        let place = try frameFiles()
        var plan = try plan(.frames, format: place.format, fit: options.height.map { .height($0) })
        plan.output = place.directory
        plan.images?.interval = interval
        plan.images?.names = place.names
        return plan
    }

    /// Small frames at even distances.
    func planSheet() throws(VTXError) -> ExtractPlan {
        guard let grid = options.grid else {
            throw VTXError(.internal, "a contact sheet without columns", remedy: .report())
        }
        let width = options.tileWidth ?? usualTileWidth
        guard width % 2 == 0 else {
            throw VTXError(.usage, "\(.tileWidth) \(width) is odd", remedy: "use \(width - 1) or \(width + 1)")
        }
        var plan = try plan(.sheet, fit: .box(PixelSize(width, 16_384)))
        let cut = try cut(options.cut)
        guard let length = cut.expected, length > .zero else {
            throw VTXError(
                .usage, "nothing tells how long '\(source.path)' is",
                remedy: "\(.duration) says which part of it goes into the sheet")
        }
        guard let images = plan.images else { return plan }
        let size = PixelSize(images.size.width * grid.columns, images.size.height * grid.rows)
        let most = min(images.format.longestSide, 32_767)
        guard size.width <= most, size.height <= most else {
            throw VTXError(
                .usage, "the sheet would have \(size) pixels",
                cause: "sides of \(most) at most are possible in \(images.format.title)",
                remedy: "use fewer columns and rows, or a smaller \(.tileWidth)")
        }
        let count = Int64(grid.columns * grid.rows)
        plan.images?.columns = grid.columns
        plan.images?.rows = grid.rows
        plan.images?.times = (0..<count).map { length.part(2 * $0 + 1, of: 2 * count) }
        return plan
    }

    /// An animation of a part of the source.
    func planClip() throws(VTXError) -> ExtractPlan {
        var options = options
        var decisions: [Decision] = []
        if options.end == nil, options.duration == nil {
            options.duration = usualClip
            let length = try ExtractPlanner(source: source, options: options, capabilities: capabilities)
                .cut(options.cut).expected
            decisions.append(.extract(.clipLength(min(length ?? usualClip, usualClip))))
        }
        if options.frameRate == nil {
            options.frameRate = usualClipRate
            decisions.append(.extract(.clipRate(usualClipRate)))
        }
        if let rate = options.frameRate, !(Rational(1)...Rational(50)).contains(rate) {
            throw VTXError(
                .usage, "\(.frameRate) \(rate) is out of range", remedy: "animations have 1 to 50 frames per second")
        }
        let planner = ExtractPlanner(source: source, options: options, capabilities: capabilities)
        var plan = try planner.plan(.clip, fit: options.height.map { .height($0) } ?? .shortSide(usualClipSide))
        plan.images?.frameRate = options.frameRate
        if plan.images?.format == .gif {
            for filter in ["palettegen", "paletteuse"] where !capabilities.filters.contains(filter) {
                throw VTXError(.unavailable, "this libav has no filter '\(filter)'", remedy: .installFFmpeg)
            }
            decisions.append(.extract(.palette))
        }
        plan.decisions += decisions
        return plan
    }

    // MARK: What all of them share

    /// The plan of the frames of the video, without which ones.
    ///
    /// - Parameter format: `nil`: from the output's name.
    private func plan(
        _ kind: ExtractPlan.Kind, format: ImageFormat? = nil, fit: VideoFit?
    ) throws(VTXError) -> ExtractPlan {
        guard let format = format ?? ImageFormat(fileExtension: options.suffix) else {
            throw VTXError(.usage, "'\(options.output)' is not the name of an image", remedy: "use .png, .jpg or .webp")
        }
        let encoder = kind == .clip ? format.animation?.encoder : format.stillEncoder
        guard let encoder, capabilities.encoders.contains(encoder) else {
            throw VTXError(
                .unavailable, "this libav has no encoder '\(encoder ?? format.title)'",
                remedy: "use another format, or install an FFmpeg build that has it")
        }
        try requireVideo()
        let transcode = try planTranscode(
            of: source, options: transcodeOptions(format, fit: fit), capabilities: videoCapabilities)
        guard let video = transcode.video, let encode = video.encode else {
            throw VTXError(.badMedia, "'\(source.path)' has no video", remedy: "choose another source")
        }
        let cut = try cut(options.cut)
        let late = kind == .frame ? [] : try lateVideo(source.streams.first { $0.index == video.stream }?.start, cut)
        let tail = format.conversion(from: encode)
        let images = ImagePlan(
            format: format, size: encode.size, expected: encode.expected, filters: encode.filters + tail,
            refit: encode.refit + tail, decoderThreads: encode.decoderThreads)
        return ExtractPlan(
            input: source.path, output: options.output, kind: kind, stream: video.stream, origin: cut.origin,
            skipped: cut.skipped, limit: cut.limit, images: images,
            decisions: transcode.decisions.filter(isAboutFrames) + late)
    }

    /// Notes that the video begins within the part that is used.
    ///
    /// - Throws: `.usage` if it begins after that.
    private func lateVideo(_ start: MediaTime?, _ cut: Cut) throws(VTXError) -> [Decision] {
        guard let start else { return [] }
        let gap = start.rescaled(to: MediaTime.microsecond) - cut.origin
        guard gap.seconds > 0.1 else { return [] }
        let time = gap + (cut.skipped ?? .zero)
        if let limit = cut.limit, gap >= limit {
            throw VTXError(
                .usage, "'\(source.path)' has no frames in the part that was asked for",
                cause: "its video begins at \(time)", remedy: "use a later \(.start)")
        }
        return [.extract(.lateVideo(at: time))]
    }

    private func requireVideo() throws(VTXError) {
        guard source.tracks(.video).isEmpty else { return }
        throw VTXError(
            .usage, "'\(source.path)' has no video to take frames from",
            remedy: source.coverArt.isEmpty ? "choose another source" : "\(.coverArt) takes its cover art")
    }

    private func transcodeOptions(_ format: ImageFormat, fit: VideoFit?) throws(VTXError) -> TranscodeOptions {
        var asked = TranscodeOptions(output: "frames.mp4", preset: .medium, container: .mp4)
        asked.audioCodec = .none
        asked.subtitleTracks = .none
        asked.program = options.program
        asked.videoStream = options.videoStream
        asked.start = options.start
        asked.end = options.end
        asked.duration = options.duration
        asked.frameRate = options.frameRate
        asked.fit = fit
        asked.chunkDuration = Rational(0)
        asked.cores = options.cores
        // What is left of the colours of RGB and 4:4:4 can be kept by formats that are not subsampled.
        if format == .png || format == .gif { asked.pixelFormat = "yuv444p" }
        return asked
    }

    /// No video is encoded: it does not matter which encoders there are.
    private var videoCapabilities: Capabilities {
        Capabilities(encoders: capabilities.encoders.union([VideoCodec.h264.encoder]), filters: capabilities.filters)
    }

    /// Where the files of `frames` go: a directory of their own, and their names in it.
    private func frameFiles() throws(VTXError) -> (directory: String, names: String, format: ImageFormat) {
        let parts = options.output.split(separator: "/", omittingEmptySubsequences: false)
        guard let last = parts.last, !last.isEmpty, let format = ImageFormat(fileExtension: options.suffix) else {
            let format = options.format ?? .jpeg
            try checkStill(format)
            return (options.output, "frame-%04d.\(format.fileExtension)", format)
        }
        try checkStill(format)
        if let asked = options.format, asked != format {
            throw VTXError(
                .usage, "\(.imageFormat, asked.rawValue) and the name '\(last)' contradict each other",
                remedy: "leave out \(.imageFormat)")
        }
        let directory = parts.dropLast().joined(separator: "/")
        guard !directory.isEmpty else {
            throw VTXError(
                .usage, "frames are written to a directory of their own, and '\(options.output)' names none",
                remedy: "use -o frames/\(last)")
        }
        let names =
            last.contains("%") ? String(last) : "\(last.dropLast(options.suffix.count + 1))-%04d.\(options.suffix)"
        guard NumberedName(names) != nil else {
            throw VTXError(
                .usage, "'\(last)' is not a pattern of names", cause: "it needs one number, and no other percent sign",
                remedy: "use a name such as frame-%04d.\(options.suffix)")
        }
        return (directory, names, format)
    }

    private func checkStill(_ format: ImageFormat) throws(VTXError) {
        guard format.holdsStills else {
            throw VTXError(
                .usage, "\(format.title) is written as an animation only", remedy: "use .png, .jpg or .webp for frames")
        }
    }
}

/// Whether a decision of a transcode changes what frames look like, and was not asked for.
private func isAboutFrames(_ decision: Decision) -> Bool {
    switch decision {
    case .video(.keptShortSide), .video(.keptSize), .video(.constantRate): false
    case .video: true
    default: false
    }
}

extension MediaTime {
    /// `number` of `count` equal parts.
    fileprivate func part(_ number: Int64, of count: Int64) -> MediaTime {
        let micros = rescaled(to: MediaTime.microsecond).ticks
        return MediaTime(micros / count * number + micros % count * number / count, MediaTime.microsecond)
    }
}
