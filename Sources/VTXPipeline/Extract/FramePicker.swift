// Frames of a few moments of a source.
//
// Moments that are far apart are sought, since decoding all that lies between may take hours.

package import LibAV
package import VTXModel
package import VTXSystem

/// Decodes a video as far as is needed for the frames that are shown at some times. Stays on one thread.
package final class FramePicker {
    /// What the reading told.
    package struct Outcome: Sendable {
        /// Frames that were handed out.
        package var frames = 0
        /// Times that the source does not reach.
        package var missed = 0
        /// End of the last frame that was decoded.
        package var end: MediaTime?
        package var packets = 0
        package var failures = 0
        package var lastFailure: AVFailure?
        /// What ended reading before the end of the file.
        package var readFailure: AVFailure?
    }

    private let demuxer: Demuxer
    private let stream: Int
    private let decoder: Decoder
    private let images: ImagePlan
    private let interrupt: Interrupt
    /// Of the frames, in their unit.
    private let origin: Int64
    private let base: Rational
    private var maySeek: Bool
    /// The latest frame, which is shown until the next one comes.
    private var held: Frame?
    /// Where the latest frame ends.
    private var heldEnd: Int64?
    /// The time that is due; `nil` at the end.
    private var due: MediaTime?
    private var next: () -> MediaTime?
    private var emit: (consuming Frame, MediaTime) throws -> Void = { _, _ in }
    private var outcome = Outcome()

    /// Seconds from one time to the next from which on it is worth while to seek.
    private static let farAway = 4.0

    /// - Parameters:
    ///   - demuxer: at its beginning; it is used up.
    ///   - origin: time of the source that is 0.
    ///   - next: the times, which rise, one after the other.
    package init(
        _ demuxer: Demuxer, stream: Int, origin: MediaTime, images: ImagePlan, interrupt: Interrupt,
        next: @escaping () -> MediaTime?
    ) throws {
        self.demuxer = demuxer
        self.stream = stream
        self.images = images
        self.interrupt = interrupt
        self.next = next
        decoder = try Decoder(for: demuxer.parameters(of: stream), threads: images.decoderThreads)
        base = demuxer.timeBase(of: stream)
        self.origin = rescale(origin.ticks, from: origin.base, to: base)
        maySeek = try Demuxer.isSeekable(demuxer.path, stream: stream, interrupt: interrupt)
        demuxer.keepOnly([stream])
    }

    /// Hands out the frame that is shown at each time, filtered.
    ///
    /// - Parameter emit: takes a frame, and the time that was asked for.
    /// - Throws: `Aborted` if the job was stopped.
    package func run(_ emit: @escaping (consuming Frame, MediaTime) throws -> Void) throws -> Outcome {
        self.emit = emit
        due = next()
        while due != nil {
            if interrupt.isSet { throw Aborted() }
            try seekIfFar()
            guard let packet = try read() else { break }
            if packet.stream == stream { try decoder.decode(packet, emit: take) }
        }
        if due != nil {
            try decoder.drain(emit: take)
            try finish()
        }
        outcome.packets = decoder.packets
        outcome.failures = decoder.failures
        outcome.lastFailure = decoder.lastFailure
        return outcome
    }

    private func read() throws -> Packet? {
        do { return try demuxer.read() } catch {
            if error.isInterrupt { throw Aborted() }
            outcome.readFailure = error
            return nil
        }
    }

    /// Goes ahead if what is due is far away.
    private func seekIfFar() throws {
        guard maySeek, let due, due.seconds - (outcome.end?.seconds ?? 0) > Self.farAway else { return }
        let before = outcome.end
        let target = rescale(ticks(due) + origin, from: base, to: MediaTime.microsecond)
        do { try demuxer.seek(to: target, stream: stream) } catch {
            if error.isInterrupt { throw Aborted() }
            outcome.readFailure = error
            maySeek = false
            return
        }
        decoder.restart()
        _ = held.take()
        heldEnd = nil
        // Known when frames come again; a source that leads back each time is read through instead.
        outcome.end = due
        place = before ?? .zero
    }

    /// Where the reading was before the last seek; `nil` once frames have come after it.
    private var place: MediaTime?

    private func ticks(_ time: MediaTime) -> Int64 { rescale(time.ticks, from: time.base, to: base) }

    private func take(_ frame: consuming Frame) throws {
        let time = frame.time.map { $0 - origin } ?? heldEnd ?? 0
        frame.time = time
        if let before = place.take(), MediaTime(time, base) < before { maySeek = false }
        while let due, time > ticks(due) {
            try hand(try shown(before: frame), at: due)
        }
        outcome.end = MediaTime(time + max(0, frame.duration), base)
        heldEnd = time + max(1, frame.duration)
        held = consume frame
    }

    /// The frame that is shown until another one comes; the first one before there is any.
    private func shown(before frame: borrowing Frame) throws -> Frame {
        guard let last = held.take() else { return try frame.copy() }
        let copy = try last.copy()
        held = consume last
        return copy
    }

    /// Hands out the last frame for what is due while it is shown.
    private func finish() throws {
        if let last = held.take() {
            while let due, let end = heldEnd, ticks(due) < end { try hand(try last.copy(), at: due) }
        }
        guard due != nil, images.times != nil else { return }
        repeat { outcome.missed += 1 } while next() != nil
    }

    private func hand(_ frame: consuming Frame, at time: MediaTime) throws {
        due = next()
        outcome.frames += 1
        try filter(frame, at: time)
    }

    /// Filters one frame by itself: the graph is made for it, since frames are far apart.
    private func filter(_ frame: consuming Frame, at time: MediaTime) throws {
        var isFirst = true
        let chain = isExpected(frame) ? images.filters : images.refit
        func give(_ image: consuming Frame) throws {
            if isFirst { try emit(image, time) }
            isFirst = false
        }
        let graph = try FilterGraph(video: frame, timeBase: base, frameRate: nil, chain: chain, threads: 1)
        try graph.push(frame, emit: give)
        if isFirst { try graph.drain(emit: give) }
    }

    private func isExpected(_ frame: borrowing Frame) -> Bool {
        var shape = frame.shape
        if let usual = images.expected.sampleAspectRatio {
            let own = frame.sampleAspectRatio ?? Rational(1)
            shape.sampleAspectRatio = own.isSameShape(as: usual) ? usual : own
        }
        return shape == images.expected
    }
}
