// Which part of the source is used, and what becomes time 0.

import VTXModel

/// The cut, in microseconds.
struct Times {
    /// Source time of output time 0.
    var origin: MediaTime
    var skipped: MediaTime?
    var limit: MediaTime?
    var expected: MediaTime?

    var isCut: Bool { skipped != nil || limit != nil }
}

extension Planner {
    /// `origin` is the earliest start of what is used: a stream that starts later keeps its distance.
    func planTimes(over streams: [StreamDescription]) throws(VTXError) -> Times {
        let unit = MediaTime.microsecond
        let earliest = streams.compactMap(\.start).min() ?? source.start ?? .zero
        let first = earliest.rescaled(to: unit)

        var whole: MediaTime?  // from `first` to the source's end
        if let duration = source.duration?.rescaled(to: unit) {
            whole = (source.start?.rescaled(to: unit) ?? first) + duration - first
        }
        // Streams that are left out may be longer than those that are used.
        let ends = streams.compactMap { stream in
            stream.duration.map { (stream.start ?? earliest).rescaled(to: unit) + $0 - first }
        }
        if ends.count == streams.count, let end = ends.max(), end > .zero {
            whole = whole.map { min($0, end) } ?? end
        }

        let start = options.start?.rescaled(to: unit) ?? .zero
        guard start >= .zero else { throw VTXError(.usage, "\(.start) \(start) is before the beginning") }
        if options.end != nil, options.duration != nil {
            throw VTXError(.usage, "\(.end) and \(.duration) exclude each other", remedy: "give one of them")
        }
        var limit: MediaTime?
        if let end = options.end?.rescaled(to: unit) {
            guard end > start else { throw VTXError(.usage, "\(.end) \(end) is not after \(.start) \(start)") }
            limit = end - start
        } else if let duration = options.duration?.rescaled(to: unit) {
            guard duration > .zero else { throw VTXError(.usage, "\(.duration) \(duration) leaves nothing") }
            limit = duration
        }
        // Other lengths are guesses: of a recording whose clock jumps, the last time says little.
        if let whole, source.durationSource == .header, start > .zero, start >= whole {
            throw VTXError(
                .usage, "\(.start) \(start) is beyond the end of '\(source.path)'", remedy: "it is \(whole) long")
        }
        let rest = whole.map { max(.zero, $0 - start) }
        let expected = [rest, rest == nil ? nil : limit].compactMap { $0 }.min()
        return Times(
            origin: first + start, skipped: start > .zero ? start : nil, limit: limit,
            expected: expected ?? limit)
    }
}
