// The work of an extraction, by what is made.

import LibAV
import VTXModel
import VTXPipeline
import VTXSystem

/// One extraction that runs.
struct Extraction {
    /// What was made.
    struct Result {
        var files = 1
        /// Frames or cues.
        var count = 1
        var duration = MediaTime.zero
        var size: Int64 = 0
        var warnings: [String] = []
        /// What was changed without being a fault.
        var notices: [String] = []
    }

    let plan: ExtractPlan
    let source: MediaDescription
    let run: JobRun
    let allowsTruncated: Bool

    private var interrupt: Interrupt { run.context.interrupt }

    /// - Parameters:
    ///   - demuxer: the source at its beginning; it is used up.
    ///   - path: the file to write, or the directory that its files are written to.
    func write(from demuxer: Demuxer, to path: String) throws -> Result {
        switch plan.kind {
        case .subtitles: try writeText(from: demuxer, to: path)
        case .cover: try writeCover(from: demuxer, to: path)
        case .frame: try writeFrame(from: demuxer, to: path)
        case .frames: try writeFrames(from: demuxer, to: path)
        case .sheet: try writeSheet(from: demuxer, to: path)
        case .clip: try writeClip(from: demuxer, to: path)
        }
    }

    private func report(_ position: MediaTime, of expected: MediaTime?, frames: Int, bytes: Int64, began: Double) {
        let progress = JobProgress(
            phase: .encode, position: position, expected: expected, frames: frames, bytes: bytes,
            elapsed: now() - began)
        // Images have no duration.
        run.report(progress, reached: plan.images == nil || plan.kind == .clip ? position : .zero)
    }

    private var expected: MediaTime? {
        let whole = source.duration.map { $0 - (plan.skipped ?? .zero) }
        return [whole, plan.limit].compactMap { $0 }.min()
    }

    // MARK: Text and cover art

    private func writeText(from demuxer: Demuxer, to path: String) throws -> Result {
        let began = now()
        let text = TextRun(plan: plan, source: demuxer, output: path, interrupt: interrupt)
        let outcome = try text.run(every: JobRun.interval) { state in
            report(state.position, of: expected, frames: 0, bytes: state.bytes, began: began)
        }
        var result = Result(count: outcome.text.cues.written, duration: outcome.written.end)
        try verdict(outcome.reading, decoders: [:], reached: outcome.written.position).check(adding: &result.warnings)
        if let track = plan.subtitle {
            SubtitleVerdict(tracks: [(track, outcome.text)]).check(adding: &result.warnings, notices: &result.notices)
        }
        result.size = FileStatus(path)?.size ?? 0
        return result
    }

    private func verdict(
        _ reading: SourceReading, decoders: [Int: DecoderCounts], reached: MediaTime
    ) -> SourceVerdict {
        SourceVerdict(
            path: plan.input, source: source, reading: reading, decoders: decoders, origin: plan.origin,
            limit: plan.limit, streams: Array(decoders.keys), reached: reached, allowsTruncated: allowsTruncated)
    }

    private func writeCover(from demuxer: Demuxer, to path: String) throws -> Result {
        guard let bytes = demuxer.attachedImage(of: plan.stream) else {
            throw VTXError(.badMedia, "the cover art of \(plan.input) is empty", remedy: "leave out \(.coverArt)")
        }
        try writeFile(bytes, to: path)
        return Result(size: Int64(bytes.count))
    }

    // MARK: Frames

    /// Hands out the frames that were planned.
    private func pick(
        from demuxer: Demuxer, adding result: inout Result, _ take: @escaping (consuming Frame, Int) throws -> Int64
    ) throws {
        guard let images = plan.images else { throw VTXError(.internal, "no frames to take", remedy: .report()) }
        let began = now()
        var moments = Moments(images, limit: plan.limit)
        let picker = try FramePicker(
            demuxer, stream: plan.stream, origin: plan.origin, images: images, interrupt: interrupt
        ) { moments.next() }
        var (count, size, told) = (0, Int64(0), 0.0)
        let expected = images.times?.last ?? self.expected
        let outcome = try picker.run { frame, time in
            count += 1
            size += try take(frame, count)
            guard now() - told > JobRun.interval else { return }
            told = now()
            report(time, of: expected, frames: count, bytes: size, began: began)
        }
        result.count = count
        result.size = size
        try check(outcome, images, adding: &result.warnings)
    }

    private func check(
        _ outcome: FramePicker.Outcome, _ images: ImagePlan, adding warnings: inout [String]
    ) throws(VTXError) {
        if let failure = outcome.readFailure {
            try accept("reading \(plan.input) stopped at \(outcome.end ?? .zero)", failure.words, adding: &warnings)
        }
        if outcome.frames == 0 {
            guard let end = outcome.end, outcome.readFailure == nil else {
                throw VTXError(.badMedia, "no frame of \(plan.input) can be decoded", cause: outcome.lastFailure?.words)
            }
            let time = (plan.skipped ?? .zero) + (images.times?.first ?? .zero)
            throw VTXError(
                .usage, "\(plan.input) has no frame at \(time)",
                cause: "its video ends at \((plan.skipped ?? .zero) + end)",
                remedy: "use an earlier time")
        }
        if let shortfall = shortfall(outcome, images) {
            try accept(
                "\(plan.input) ends at \(outcome.end ?? .zero), and \(shortfall) is expected", "the file is truncated",
                adding: &warnings)
        }
        if outcome.failures > 0 {
            warnings.append(
                "stream \(plan.stream): \(outcome.failures) of \(counted(outcome.packets, "packet")) damaged"
                    + (outcome.lastFailure.map { " (\($0.words))" } ?? ""))
        }
    }

    /// Where the video should have ended, if it ended long before that.
    private func shortfall(_ outcome: FramePicker.Outcome, _ images: ImagePlan) -> MediaTime? {
        guard outcome.readFailure == nil else { return nil }
        if let times = images.times { return outcome.missed > 0 ? times.last : nil }
        let own = source.streams[plan.stream].duration.map { $0 - (plan.skipped ?? .zero) }
        guard source.durationSource == .header, let expected = [own, plan.limit].compactMap({ $0 }).min(),
            let end = outcome.end, expected.seconds - end.seconds > 0.5 + min(5, 0.005 * expected.seconds)
        else { return nil }
        return expected
    }

    private func accept(_ text: String, _ cause: String, adding warnings: inout [String]) throws(VTXError) {
        guard allowsTruncated else {
            throw VTXError(
                .badMedia, Message(text), cause: cause,
                remedy: "get a whole copy, or pass \(.allowTruncated) to keep what is there")
        }
        warnings.append("\(text): \(cause)")
    }

    private func writeFrame(from demuxer: Demuxer, to path: String) throws -> Result {
        var result = Result()
        let format = plan.images?.format ?? .png
        try pick(from: demuxer, adding: &result) { frame, _ in
            let bytes = try encodeStill(frame, as: format)
            try writeFile(bytes, to: path)
            return Int64(bytes.count)
        }
        return result
    }

    private func writeFrames(from demuxer: Demuxer, to directory: String) throws -> Result {
        var result = Result()
        guard let images = plan.images else { return result }
        try pick(from: demuxer, adding: &result) { frame, number in
            let bytes = try encodeStill(frame, as: images.format)
            try writeFile(bytes, to: "\(directory)/\(images.name(number))")
            return Int64(bytes.count)
        }
        result.files = result.count
        return result
    }

    private func writeSheet(from demuxer: Demuxer, to path: String) throws -> Result {
        var result = Result()
        guard let images = plan.images else { return result }
        let sheet = ContactSheet(images)
        try pick(from: demuxer, adding: &result) { frame, _ in
            try sheet.add(frame)
            return 0
        }
        let bytes = try sheet.finish()
        try writeFile(bytes, to: path)
        result.size = Int64(bytes.count)
        return result
    }

    private func writeClip(from demuxer: Demuxer, to path: String) throws -> Result {
        var palette: [UInt8] = []
        let began = now()
        if plan.images?.format == .gif {
            let clip = ClipRun(
                plan: plan, source: try Demuxer(opening: plan.input, interrupt: interrupt), interrupt: interrupt)
            palette = try clip.choosePalette(every: JobRun.interval) { position in
                let progress = JobProgress(
                    phase: .firstPass, position: position, expected: expected, frames: 0, bytes: 0,
                    elapsed: now() - began)
                run.report(progress, reached: position)
            }.palette
        }
        try run.checkStopped()
        let second = now()
        let clip = ClipRun(plan: plan, source: demuxer, interrupt: interrupt)
        let outcome = try clip.write(to: path, palette: palette, every: JobRun.interval) { position in
            report(position, of: expected, frames: 0, bytes: 0, began: second)
        }
        let rate = plan.images?.frameRate ?? Rational(25)
        var result = Result(count: outcome.frames, duration: MediaTime(Int64(outcome.frames), rate.inverse))
        try verdict(outcome.reading, decoders: outcome.decoders, reached: outcome.reached ?? .zero)
            .check(adding: &result.warnings)
        guard outcome.frames > 0 else {
            throw VTXError(
                .usage, "\(plan.input) has no frames in the part that was asked for", remedy: "use an earlier \(.start)"
            )
        }
        result.size = FileStatus(path)?.size ?? 0
        return result
    }
}

/// The times at which frames are taken, one after the other.
private struct Moments {
    private let times: [MediaTime]?
    private let interval: Rational
    private let limit: MediaTime?
    private var number: Int64 = 0

    init(_ images: ImagePlan, limit: MediaTime?) {
        times = images.times
        interval = images.interval ?? Rational(1)
        self.limit = limit
    }

    mutating func next() -> MediaTime? {
        defer { number += 1 }
        if let times { return number < times.count ? times[Int(number)] : nil }
        let time = MediaTime(number, interval)
        return limit.map { time < $0 } ?? true ? time : nil
    }
}
