// From existing files to the renditions of a package: which track of which file becomes what.
//
// Where they are cut is decided when their packets have been read: PackageAlignment.

public import VTXModel

/// Decides which tracks become which renditions; `align` completes the plan.
///
/// - Parameters:
///   - sources: the files, in the order given.
///   - options: what is asked for.
///   - capabilities: of the libav that runs the plan.
/// - Throws: `.usage` for tracks that cannot be packaged, `.badMedia` for files with nothing to package,
///   `.unavailable` if this libav cannot write WebVTT.
public func planPackage(
    of sources: [MediaDescription], options: PackageOptions, capabilities: Capabilities
) throws(VTXError) -> PackagePlan {
    var planner = PackagePlanner(sources: sources, options: options, capabilities: capabilities)
    return try planner.plan()
}

/// What the parts of a package's planning know, and what was decided so far. The parts are in the files beside this
/// one.
struct PackagePlanner {
    let sources: [MediaDescription]
    let options: PackageOptions
    let capabilities: Capabilities
    var decisions: [Decision] = []

    /// A track and where it is.
    struct Track {
        var input: Int
        var stream: StreamDescription
    }

    var rules: TrackRules { .segments(options.segments) }

    mutating func decide(_ decision: PackageDecision) { decisions.append(.package(decision)) }

    mutating func plan() throws(VTXError) -> PackagePlan {
        guard options.captions == .keep else {
            throw VTXError(
                .usage, "\(.captions, options.captions.rawValue) needs an encoder, and a package copies video as it is",
                remedy: "leave it out, or change the renditions with \(command: .transcode) first")
        }
        var plan = PackagePlan(
            inputs: sources.map { PackageInput(path: $0.path, origin: $0.start ?? .zero) },
            output: options.output, segments: options.segments, isSingleFile: options.isSingleFile)
        for source in sources {
            decisions +=
                noteProgram(of: source) + ignoredEditRates(of: source) + ignoredCrops(of: source)
                + decodedTags(of: source)
            try checkContents(of: source)
        }
        plan.video = try planVideo()
        try planAudio(&plan)
        guard !plan.video.isEmpty || !plan.audio.isEmpty else {
            throw VTXError(.usage, "nothing is left to package", remedy: "choose at least one track of audio")
        }
        if !plan.video.isEmpty { plan.subtitles = try planSubtitles(plan) }
        decisions += tagsNotPackaged(of: sources)
        plan.player = options.player
        plan.title = packageTitle(of: sources)
        if let encryption = options.encryption {
            let (made, reasons) = try planEncryption(
                encryption, output: plan.output, segments: plan.segments, codecs: plan.video.map(\.codec),
                clear: plan.subtitles.isEmpty ? [] : ["subtitles"])
            plan.encryption = made
            decisions += reasons
        }
        plan.decisions = decisions
        return plan
    }

    private func checkContents(of source: MediaDescription) throws(VTXError) {
        guard !source.programStreams.contains(where: { isVideo($0) || $0.kind == .audio }) else { return }
        throw VTXError(
            .badMedia, "\(source.path) has no video and no audio",
            remedy: source.programStreams.contains(where: { $0.kind == .subtitle })
                ? "give it with \(.subtitleFile)" : "leave it out")
    }

    func isVideo(_ stream: StreamDescription) -> Bool {
        stream.kind == .video && !stream.isCoverArt && stream.video != nil
    }
}
