// Which program of a source is used.

public import VTXModel

/// What is asked of a source that carries several programs.
public struct ProgramChoice: Hashable, Sendable {
    /// `program_number`; `nil`: decide from the source.
    public var number: Int?
    /// Source stream index (absolute) that was chosen as the video.
    public var videoStream: Int?

    /// - Parameters:
    ///   - number: `program_number`; `nil`: decide from the source.
    ///   - videoStream: the stream that was chosen as the video, if one was.
    public init(number: Int? = nil, videoStream: Int? = nil) {
        self.number = number
        self.videoStream = videoStream
    }
}

/// The program to use: the one asked for, that of the video asked for, or else the first one that has video, or audio.
///
/// - Parameters:
///   - choice: what is asked for.
///   - programs: those that have streams, in the order of the file.
///   - streams: all streams of the file.
///   - path: the file, for errors.
/// - Returns: `nil` if the file has fewer than two programs.
/// - Throws: `.usage` for a number that the file does not have, or that names a program without audio and video.
public func chooseProgram(
    _ choice: ProgramChoice, among programs: [ProgramDescription], streams: [StreamDescription], of path: String
) throws(VTXError) -> ProgramDescription? {
    if let number = choice.number {
        return try asked(number, among: programs, streams: streams, of: path)
    }
    guard programs.count > 1 else { return nil }
    if let stream = choice.videoStream, let owner = programs.first(where: { $0.streams.contains(stream) }) {
        return owner
    }
    func first(_ holds: (StreamDescription) -> Bool) -> ProgramDescription? {
        programs.first { program in program.streams.contains { streams.indices.contains($0) && holds(streams[$0]) } }
    }
    // What is announced, but missing or scrambled, has no size and no rate.
    return first { $0.kind == .video && $0.isDecodable && ($0.video?.size.area ?? 0) > 0 }
        ?? first { $0.kind == .audio && $0.isDecodable && ($0.audio?.sampleRate ?? 0) > 0 }
        ?? first { $0.kind == .video } ?? first { $0.kind == .audio } ?? programs.first
}

private func asked(
    _ number: Int, among programs: [ProgramDescription], streams: [StreamDescription], of path: String
) throws(VTXError) -> ProgramDescription? {
    func isPlayable(_ program: ProgramDescription) -> Bool {
        program.streams.contains { stream in
            streams.indices.contains(stream) && [.video, .audio].contains(streams[stream].kind)
        }
    }
    let list = programs.filter(isPlayable).map(\.title).joined(separator: ", ")
    guard let program = programs.first(where: { $0.number == number }) else {
        throw VTXError(
            .usage, "no program \(number) in '\(path)'",
            remedy: list.isEmpty ? .leaveOut(.program) : "it has \(list)")
    }
    guard isPlayable(program) else {
        throw VTXError(
            .usage, "program \(program.title) of '\(path)' has no audio or video",
            remedy: list.isEmpty ? .leaveOut(.program) : "choose \(list)")
    }
    return programs.count > 1 ? program : nil
}

extension MediaDescription {
    /// The program that is used if none is asked for; `nil` if there are fewer than two.
    var usualProgram: ProgramDescription? {
        try? chooseProgram(ProgramChoice(), among: programs ?? [], streams: streams, of: path)
    }
}

/// Which program is used and which are not, where there are several.
func noteProgram(of source: MediaDescription) -> [Decision] {
    guard let number = source.program, let chosen = source.programs?.first(where: { $0.number == number }) else {
        return []
    }
    let others = (source.programs ?? []).filter { $0.number != number }.map(\.title)
    return [.output(.chosenProgram(path: source.path, program: chosen.title, others: others))]
}
