// What the demuxer and the decoder of one pass have seen.

import VTXModel
import VTXSystem

/// The shared state of a pass: written by its first stages, read by its frame clock.
struct PassReading: VideoReading {
    let pass: ChunkPass
    let schedule: ChunkSchedule
    /// Written by the demuxer when it ends.
    let source = Guarded(SourceReading())
    /// Latest end of a decoded frame, in output time.
    let reached = Guarded<MediaTime?>(nil)
    /// Written by the decoder and the filter.
    let counts = Guarded(DecoderCounts())

    func noteCounts() throws { try schedule.note(counts.with { $0 }, of: pass) }

    var end: MediaTime { reached.with { $0 } ?? .zero }

    var isWhole: Bool { source.with { $0.failure == nil } }
}
