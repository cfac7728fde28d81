// Which part of the source is used, and what becomes time 0.

import VTXModel

/// The part of the source that is used, in microseconds.
struct Cut {
    /// Source time of output time 0.
    var origin = MediaTime.zero
    var skipped: MediaTime?
    var limit: MediaTime?
    var expected: MediaTime?
    /// Seconds of the source in a second of the output; `limit` and `expected` are lengths of the output.
    var speed = Rational(1)
    /// How the part is cut out.
    var mode = CutMode.exact

    var isSpedUp: Bool { speed != Rational(1) }
    var isCut: Bool { skipped != nil || limit != nil }
    /// Whether packets cannot be copied, since they cannot be divided.
    var needsExactness: Bool { isCut && mode == .exact }

    /// The time in the output of a time in the source.
    func outputTime(of time: MediaTime) -> MediaTime {
        (time.rescaled(to: MediaTime.microsecond) - origin).played(at: speed)
    }
}

/// The part of the source that was asked for; all of it if nothing is set.
struct CutOptions {
    var start: MediaTime?
    var end: MediaTime?
    var duration: MediaTime?
    /// Seconds of the source in a second of the output.
    var speed = Rational(1)
}

/// Decides which part of `source` is used.
///
/// `origin` is the earliest start of what is used: a stream that starts later keeps its distance.
///
/// - Parameter streams: those that are used.
/// - Throws: `.usage` if nothing is left.
func planCut(
    of source: MediaDescription, over streams: [StreamDescription], options: CutOptions = CutOptions()
) throws(VTXError) -> Cut {
    let unit = MediaTime.microsecond
    let first = (streams.compactMap(\.start).min() ?? source.start ?? .zero).rescaled(to: unit)
    let whole = length(of: source, over: streams, from: first)

    let start = options.start?.rescaled(to: unit) ?? .zero
    guard start >= .zero else {
        throw VTXError(
            .usage, "\(.start) \(start) is before the beginning", cause: "times count from the beginning of the source",
            remedy: "use 0 or more, or leave out \(.start)")
    }
    let limit = try askedLength(options, from: start)
    // Other lengths are guesses: of a recording whose clock jumps, the last timestamp says little.
    if let whole, source.durationSource == .header, start > .zero, start >= whole {
        throw VTXError(
            .usage, "\(.start) \(start) is beyond the end of '\(source.path)'",
            remedy: "it is \(whole) long: use less")
    }
    let rest = whole.map { max(.zero, $0 - start).played(at: options.speed) }
    let expected = [rest, rest == nil ? nil : limit].compactMap { $0 }.min()
    return Cut(
        origin: first + start, skipped: start > .zero ? start : nil, limit: limit,
        expected: expected ?? limit, speed: options.speed)
}

/// From `first` to the end of the source, or of the used streams if that is earlier; `nil` if neither is known.
private func length(
    of source: MediaDescription, over streams: [StreamDescription], from first: MediaTime
) -> MediaTime? {
    let unit = MediaTime.microsecond
    var whole: MediaTime?
    if let duration = source.duration?.rescaled(to: unit) {
        whole = (source.start?.rescaled(to: unit) ?? first) + duration - first
    }
    // Streams that are left out may be longer than those that are used.
    let ends = streams.compactMap { stream in
        stream.duration.map { (stream.start?.rescaled(to: unit) ?? first) + $0 - first }
    }
    if ends.count == streams.count, let end = ends.max(), end > .zero {
        whole = whole.map { min($0, end) } ?? end
    }
    return whole
}

/// The length that was asked for, counted from `start`.
private func askedLength(_ options: CutOptions, from start: MediaTime) throws(VTXError) -> MediaTime? {
    let unit = MediaTime.microsecond
    if options.end != nil, options.duration != nil {
        throw VTXError(.usage, "\(.end) and \(.duration) cannot be combined", remedy: "give one of them")
    }
    if let end = options.end?.rescaled(to: unit) {
        guard end > start else {
            throw VTXError(
                .usage, "\(.end) \(end) is not after \(.start) \(start)", cause: "both are times in the source",
                remedy: "use a later \(.end), or \(.duration) for the length of the output")
        }
        return (end - start).played(at: options.speed)
    }
    guard let duration = options.duration?.rescaled(to: unit) else { return nil }
    guard duration > .zero else { throw VTXError(.usage, "\(.duration) \(duration) leaves nothing") }
    return duration
}
