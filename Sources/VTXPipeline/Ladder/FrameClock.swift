// Puts frames onto the ladder's constant frame rate.

import LibAV
import VTXModel
import VTXSystem

/// Puts frames on the grid: frame n is the last one whose time, rounded to the grid, is not after n.
///
/// A pure function of the source's times, so every rendition and every run shows the same frames.
struct FrameClock: Sendable {
    let input: Channel<Frame>
    let output: Channel<Frame>
    /// Unit of incoming times.
    let base: Rational
    let frameRate: Rational
    /// Frames that are shown of the chunk where the pass ends.
    let overlap: Int
    let endOfTracks: EndOfTracks
    let pass: ChunkSchedule.Pass
    let schedule: ChunkSchedule
    /// Called before each chunk.
    let note: @Sendable () throws -> Void
    /// Where the picture ends, once all of it has come.
    let reached: @Sendable () -> MediaTime
    /// Whether the source could be read to its end.
    let isWhole: @Sendable () -> Bool

    func run() throws {
        try tick()
        output.close()
    }

    private func tick() throws {
        let layout = schedule.layout
        var pending: Frame?
        var index = layout.start(of: pass.chunk)
        var last = Int64.max

        /// - Returns: whether the pass goes on.
        func show(until end: Int64) throws -> Bool {
            guard let shown = pending.take() else { return true }
            while index < end {
                if last == .max, index == layout.start(of: layout.chunk(of: index)) {
                    let identity = FrameIdentity(time: shown.time ?? 0, checksum: try shown.imageChecksum())
                    try note()
                    if try !schedule.enter(layout.chunk(of: index), pass, showing: identity) {
                        last = index + Int64(overlap)
                    }
                }
                guard index < last else { return false }
                let copy = try shown.copy()
                copy.time = index
                copy.duration = 1
                index += 1
                guard try output.send(copy) else { return false }
            }
            pending = consume shown
            return true
        }

        var end: Int64 = 0
        while let frame = try input.receive() {
            guard let time = frame.time else { continue }
            let place = max(0, rescale(time, from: base, to: frameRate.inverse))
            if pending != nil {
                if try !show(until: place) { return input.refuse() }
            } else if pass.seeks, place > index {
                schedule.missed(pass.chunk)
                return input.refuse()
            }
            end = max(end, rescale(time + max(0, frame.duration), from: base, to: frameRate.inverse), place + 1)
            pending = consume frame
        }
        guard pending != nil else {
            if pass.seeks { schedule.missed(pass.chunk) }
            return
        }
        // A source whose audio lasts longer keeps its last picture until then; half a frame is no difference.
        let latest = try endOfTracks.latestEnd()
        let source = max(end, rescale(latest.ticks, from: latest.base, to: frameRate.inverse))
        if try show(until: source) { try schedule.end(frames: source, picture: reached(), isCertain: isWhole()) }
    }
}
