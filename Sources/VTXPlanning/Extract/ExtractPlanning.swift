// From what the source is and what was asked for to what will be extracted.

public import VTXModel

/// Decides everything about an extraction.
///
/// - Throws: `.usage` for what cannot be asked of this source or output, `.badMedia` for a source without it,
///   `.unavailable` for a codec or filter that this libav does not have.
public func planExtract(
    of source: MediaDescription, options: ExtractOptions, capabilities: Capabilities
) throws(VTXError) -> ExtractPlan {
    let planner = ExtractPlanner(source: source, options: options, capabilities: capabilities)
    var plan =
        switch try options.kind(of: source) {
        case .subtitles: try planner.planText()
        case .cover: try planner.planCover()
        case .frame: try planner.planFrame()
        case .frames: try planner.planFrames()
        case .sheet: try planner.planSheet()
        case .clip: try planner.planClip()
        }
    plan.decisions = noteProgram(of: source) + plan.decisions
    return plan
}

/// What the planning of an extraction knows.
struct ExtractPlanner {
    let source: MediaDescription
    let options: ExtractOptions
    let capabilities: Capabilities

    /// The part of the source that is used. Times count from the earliest start of audio and video, as those of a
    /// transcode do.
    ///
    /// - Throws: `.usage` if nothing is left.
    func cut(_ cut: CutOptions) throws(VTXError) -> Cut {
        try planCut(of: source, over: source.tracks(.video) + source.tracks(.audio), options: cut)
    }

    // MARK: Cover art

    /// The attached image, whose bytes are copied.
    ///
    /// - Throws: `.usage` if there is none, or one of another format.
    func planCover() throws(VTXError) -> ExtractPlan {
        let images = source.coverArt
        guard let format = ImageFormat(fileExtension: options.suffix) else {
            throw VTXError(
                .usage, "the output '\(options.output)' is not the name of an image", remedy: "use .jpg, .png or .webp")
        }
        guard let first = images.first else {
            throw VTXError(
                .usage, "'\(source.path)' has no cover art",
                remedy: source.tracks(.video).isEmpty
                    ? "choose another source" : "leave out \(.coverArt) to take a frame of the video")
        }
        let fitting = images.first { format.codecs.contains($0.codec) }
        guard let image = fitting else {
            let own = ImageFormat.allCases.first { $0.codecs.contains(first.codec) }
            throw VTXError(
                .usage, "the cover art of '\(source.path)' is \(own?.title ?? first.codec), not \(format.title)",
                cause: "its bytes are copied as they are",
                remedy: own.map { "use a name that ends in .\($0.fileExtension)" } ?? "choose another source")
        }
        var plan = ExtractPlan(input: source.path, output: options.output, kind: .cover, stream: image.index)
        if !options.takesCover { plan.decisions.append(.extract(.coverOnly)) }
        if images.count > 1 {
            plan.decisions.append(.extract(.chosenCover(stream: image.index, of: images.count)))
        }
        return plan
    }
}

extension ImageFormat {
    /// libavcodec's names of codecs whose packets are files of the format.
    fileprivate var codecs: Set<String> {
        switch self {
        case .jpeg: ["mjpeg"]
        case .png: ["png", "apng"]
        case .webp: ["webp"]
        case .gif: ["gif"]
        }
    }
}
