// Frames for thumbnails and the poster, kept in chunks like encoded video.

import LibAV
import VTXModel

/// Keeps every n-th frame, scaled and as raw samples, until its chunk is assembled.
struct SampleStage: Sendable {
    let name: String
    let frames: Channel<Frame>
    /// Filters that make what is kept of a frame.
    let chain: [String]
    let every: Int
    /// If set, only the last frame of a chunk is kept, and none with a higher number.
    let latest: Int64?
    let store: ChunkStore
    let schedule: ChunkSchedule
    let pass: ChunkPass
    let finished: @Sendable () throws -> Void

    func run() throws {
        let layout = schedule.layout
        var graph: FilterGraph?
        var work: (chunk: Int, writer: PacketFile.Writer)?
        var seen = 0
        var last: Frame?

        func keep(_ frame: consuming Frame, _ writer: PacketFile.Writer) throws {
            let number = frame.time ?? 0
            if graph == nil {
                graph = try FilterGraph(
                    video: frame, timeBase: Rational(1, 25), frameRate: nil, chain: chain, threads: 1)
            }
            try graph?.push(frame) { image in
                let packet = try Packet(image.imageBytes())
                packet.presentation = number
                try writer.write(packet)
            }
        }
        func finish() throws {
            guard let (chunk, writer) = work else { return }
            guard seen == layout.due(chunk, every: every, source: schedule.source) else { return }
            if let frame = last.take() { try keep(frame, writer) }
            try store.finish(name, chunk, writer)
            try finished()
        }

        while let frame = try frames.receive() {
            let number = frame.time ?? 0
            let chunk = layout.chunk(of: number)
            // Of the chunk where the pass ends it sees a little.
            guard schedule.isOwner(pass, of: chunk) else { continue }
            if work?.chunk != chunk {
                try finish()
                work = (chunk, try store.writer(name, chunk))
                seen = 0
            }
            guard let work, number % Int64(every) == 0 else { continue }
            seen += 1
            if let latest {
                if number <= latest || chunk == 0 && seen == 1 { last = consume frame }
            } else {
                try keep(frame, work.writer)
            }
        }
        try finish()
    }
}
