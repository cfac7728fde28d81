// Puts the frames of a ladder on a grid of constant frame rate.

import LibAV
import VTXModel
import VTXSystem

/// Numbers the frames of the grid: frame n is the last one whose timestamp, rounded to the grid, is not after n.
///
/// A pure function of the source's timestamps, so every rendition and every run shows the same frames.
final class FrameClock: @unchecked Sendable {
    // @unchecked: runs on one thread.
    private let input: Channel<Frame>
    private let output: Channel<Frame>
    private let base: Rational
    private let frameRate: Rational
    private let overlap: Int64
    private let endOfTracks: EndOfTracks
    private let pass: ChunkPass
    private let schedule: ChunkSchedule
    private let reading: any VideoReading
    private let counts: Guarded<DecoderCounts>
    /// The latest frame: it is shown until the next one comes.
    private var pending: Frame?
    /// Of the frames that came, for the place of the latest.
    private var captions = CaptionBuffer()
    /// Number of the next frame of the grid.
    private var index: Int64
    /// Where the pass ends; `.max` until a chunk comes that it does not encode.
    private var last = Int64.max

    /// - Parameters:
    ///   - base: unit of incoming timestamps.
    ///   - frameRate: of the grid.
    ///   - overlap: frames that are shown of the chunk where the pass ends.
    ///   - reading: what the stages before have seen.
    ///   - counts: takes captions that found no place.
    init(
        input: Channel<Frame>, output: Channel<Frame>, base: Rational, frameRate: Rational,
        overlap: Int,
        endOfTracks: EndOfTracks, pass: ChunkPass, schedule: ChunkSchedule, reading: any VideoReading,
        counts: Guarded<DecoderCounts>
    ) {
        self.input = input
        self.output = output
        self.base = base
        self.frameRate = frameRate
        self.overlap = Int64(overlap)
        self.endOfTracks = endOfTracks
        self.pass = pass
        self.schedule = schedule
        self.reading = reading
        self.counts = counts
        index = schedule.layout.start(of: pass.chunk)
    }

    func run() throws {
        try tick()
        counts.with { $0.lostCaptions += captions.lost }
        output.close()
    }

    private func tick() throws {
        var end: Int64 = 0
        while let frame = try input.receive() {
            guard let time = frame.time else { continue }
            let place = max(0, number(of: time))
            if pending != nil {
                if try !show(until: place) { return input.refuse() }
            } else if pass.seeks, place > index {
                schedule.missed(pass.chunk)
                return input.refuse()
            }
            end = max(end, number(of: time + max(0, frame.duration)), place + 1)
            // What is shown before the pass begins has its captions there.
            if place >= index { captions.take(from: frame) } else { _ = frame.takeCaptions() }
            pending = consume frame
        }
        guard pending != nil else {
            if pass.seeks { schedule.missed(pass.chunk) }
            return
        }
        // If the audio lasts longer, the last frame is shown until it ends; less than half a frame does not count.
        let latest = try endOfTracks.latestEnd()
        let source = max(end, rescale(latest.ticks, from: latest.base, to: frameRate.inverse))
        if try show(until: source) {
            try schedule.end(frames: source, video: reading.end, isCertain: reading.isWhole)
        }
    }

    private func number(of time: Int64) -> Int64 { rescale(time, from: base, to: frameRate.inverse) }

    /// Sends the pending frame once for each number up to `end`.
    ///
    /// - Returns: whether the pass continues.
    private func show(until end: Int64) throws -> Bool {
        guard let shown = pending.take() else { return true }
        while index < end {
            if last == .max { try enterChunk(with: shown) }
            guard index < last else { return false }
            let copy = try shown.copy()
            copy.time = index
            copy.duration = 1
            try captions.give(to: copy)
            index += 1
            guard try output.send(copy) else { return false }
        }
        pending = consume shown
        return true
    }

    /// At a chunk boundary, asks whether the pass continues into the chunk that begins there.
    private func enterChunk(with frame: borrowing Frame) throws {
        let layout = schedule.layout
        let chunk = layout.chunk(of: index)
        guard index == layout.start(of: chunk) else { return }
        let identity = FrameIdentity(time: frame.time ?? 0, checksum: try frame.imageChecksum())
        try reading.noteCounts()
        if try !schedule.enter(chunk, pass, showing: identity) { last = index + overlap }
    }
}
