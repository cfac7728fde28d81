// Outputs to standard output: which containers, and what cannot be asked of them.

import VTXModel

extension TranscodeOptions {
    /// Whether the output is standard output.
    package var isStreamed: Bool { output == standardOutputName }
}

/// The container that was asked for: nothing else tells it.
///
/// - Throws: `.usage` without one, and for one that needs to be changed once it is written.
func streamedContainer(_ options: TranscodeOptions) throws(VTXError) -> Container {
    let possible = Container.allCases.filter { $0.traits.streaming != .impossible }.map(\.rawValue)
        .joined(separator: ", ")
    guard let container = options.container else {
        throw VTXError(
            .usage, "standard output has no extension to tell its format",
            remedy: "use \(.container, "NAME"); possible are \(possible)")
    }
    guard container.traits.streaming != .impossible else {
        throw VTXError(
            .usage, "\(container.title) cannot be written to standard output",
            cause: "its header and its index are written in the end", remedy: "use \(.container, "mkv"), or name a file"
        )
    }
    return container
}

extension TranscodeOptions {
    /// - Throws: `.usage` for what needs an output that can be written again, or resumed.
    func checkStream() throws(VTXError) {
        guard isStreamed else { return }
        if let chunkDuration, chunkDuration != Rational(0) {
            throw VTXError(
                .usage, "\(.chunkDuration) and standard output cannot be combined",
                cause: "an interrupted job cannot resume in a pipe", remedy: .leaveOut(.chunkDuration))
        }
        guard sizeGoal != nil else { return }
        let what: Message = targetSize == nil ? "preset '\(preset.name)'" : "\(.targetSize)"
        throw VTXError(
            .usage, "\(what) and standard output cannot be combined",
            cause: "the size is met by several encodes, of which one is kept",
            remedy: targetSize == nil ? "use another preset, or name a file" : "use \(.bitRate), or name a file")
    }
}

/// Options of libavformat's muxer for MP4 and MOV in fragments: of one to five seconds, or 16 MiB, so that memory does not
/// grow with the distance of keyframes. The header comes with the first fragment, when it is known how much of the audio is the
/// encoder's delay.
let fragmentOptions = [
    "movflags": "+frag_keyframe+delay_moov+default_base_moof", "min_frag_duration": "1000000",
    "frag_duration": "5000000", "frag_size": "16777216",
]

/// Leaves out of a plan what standard output has no place for: cover art of MP4 and MP3, whose header libavformat 59 mends
/// when it knows its size.
func planStream(of plan: inout TranscodePlan) -> [Decision] {
    guard plan.isStreamed else { return [] }
    var decisions: [Decision] = []
    let hasNoPlace = plan.container.traits.streaming == .fragmented || plan.container == .mp3
    if hasNoPlace, plan.cover != nil || !plan.attachments.isEmpty {
        decisions.append(.output(.droppedCoverArt(codec: "streamed", plan.container)))
        (plan.cover, plan.attachments) = (nil, [])
    }
    return decisions + [.output(.streamed(plan.container))]
}
