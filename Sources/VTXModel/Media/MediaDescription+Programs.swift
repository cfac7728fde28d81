// A file of which one program is used.

extension MediaDescription {
    /// Whether a stream may be used: all may be as long as no program is chosen.
    public func isInProgram(_ stream: Int) -> Bool {
        guard let program, let chosen = programs?.first(where: { $0.number == program }) else { return true }
        return chosen.streams.contains(stream)
    }

    /// The streams that may be used, in the order of the file.
    public var programStreams: [StreamDescription] { streams.filter { isInProgram($0.index) } }

    /// The same file with one of its programs chosen: start and duration are those of its streams.
    public func choosing(_ chosen: ProgramDescription) -> MediaDescription {
        guard programs != nil else { return self }
        var file = self
        file.program = chosen.number
        let streams = file.programStreams
        let timed = streams.filter { $0.start != nil && ($0.kind == .video || $0.kind == .audio) }
        let used = timed.isEmpty ? streams : timed
        let unit = MediaTime.microsecond
        file.start = used.compactMap { $0.start?.rescaled(to: unit) }.min()
        file.duration = nil
        if let start = file.start {
            let ends = used.compactMap { stream in
                stream.duration.flatMap { length in stream.start.map { $0.rescaled(to: unit) + length } }
            }
            file.duration = ends.max().map { ($0 - start).rescaled(to: unit) }
        }
        if file.duration == nil { file.durationSource = .unknown }
        return file
    }

    /// The file as the program of a stream shows it; of several, the first.
    public func program(of stream: Int) -> MediaDescription {
        guard program == nil, let own = programs?.first(where: { $0.streams.contains(stream) }) else { return self }
        return choosing(own)
    }
}
