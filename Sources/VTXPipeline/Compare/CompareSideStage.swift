// Decodes one side of a comparison and brings its frames to the common size and format.

package import LibAV
package import VTXModel
import VTXSystem

/// What reading one side told.
package struct CompareReading: Sendable {
    /// Frames that were decoded.
    package var frames = 0
    /// Bytes of the packets of the stream.
    package var bytes: Int64 = 0
    /// Packets of the stream.
    package var packets = 0
    /// From the first frame to the end of the last.
    package var duration = MediaTime.zero
    /// Packets and frames that were damaged.
    package var failures = 0
    package var lastFailure: AVFailure?
    /// What ended reading before the end of the file.
    package var readFailure: AVFailure?
    /// How often the frames' size or format changed.
    package var changes = 0
}

/// Reads, decodes and filters one side. Runs on one thread.
final class CompareSideStage: @unchecked Sendable {
    // @unchecked: runs on one thread.
    private let demuxer: Demuxer
    private let decoder: Decoder
    private let side: CompareSide
    private let plan: ComparePlan
    private let frames: Channel<Frame>
    private let result: Guarded<CompareReading>
    private let interrupt: Interrupt
    private let base: Rational
    private var graph: FilterGraph?
    private var shape: FrameShape?
    private var reading = CompareReading()
    private var first: Int64?
    private var end: Int64 = 0
    private var isDone = false

    /// - Parameters:
    ///   - demuxer: at its beginning; it is used up.
    ///   - frames: takes the frames, their times in the unit of the stream.
    init(
        _ demuxer: Demuxer, _ side: CompareSide, of plan: ComparePlan, threads: Int, to frames: Channel<Frame>,
        result: Guarded<CompareReading>, interrupt: Interrupt
    ) throws {
        self.demuxer = demuxer
        self.side = side
        self.plan = plan
        self.frames = frames
        self.result = result
        self.interrupt = interrupt
        base = demuxer.timeBase(of: side.stream)
        decoder = try Decoder(for: demuxer.parameters(of: side.stream), threads: threads)
        demuxer.keepOnly([side.stream])
    }

    func run() throws {
        while !isDone, let packet = try read() {
            if interrupt.isSet { throw Aborted() }
            guard packet.stream == side.stream else { continue }
            reading.packets += 1
            reading.bytes += Int64(packet.size)
            try decoder.decode(packet, emit: take)
            publish()
        }
        if !isDone { try decoder.drain(emit: take) }
        try finishGraph()
        publish()
        frames.close()
    }

    private func publish() {
        reading.failures = decoder.failures
        reading.lastFailure = decoder.lastFailure
        result.with { $0 = reading }
    }

    private func read() throws -> Packet? {
        do { return try demuxer.read() } catch {
            if error.isInterrupt { throw Aborted() }
            reading.readFailure = error
            return nil
        }
    }

    private func take(_ frame: consuming Frame) throws {
        let rate = plan.frameRate
        let usual = max(1, rescale(1, from: rate.inverse, to: base))
        let time = frame.time ?? end
        first = first ?? time
        end = max(end, time + (frame.duration > 0 ? frame.duration : usual))
        frame.time = time
        reading.frames += 1
        reading.duration = MediaTime(end - (first ?? time), base)
        let shape = frame.shape
        if self.shape != shape {
            if self.shape != nil { reading.changes += 1 }
            try finishGraph()
            self.shape = shape
            let filters = self.filters(for: shape)
            if !filters.isEmpty {
                graph = try FilterGraph(video: frame, timeBase: base, frameRate: nil, chain: filters, threads: 1)
            }
        }
        guard let graph else { return try send(frame) }
        try graph.push(frame, emit: send)
    }

    /// The planned filters, and what else frames of another size or format need.
    private func filters(for shape: FrameShape) -> [String] {
        let isPlanned = shape.size == side.size
        if isPlanned, !side.filters.isEmpty { return side.filters }
        if isPlanned, shape.size == plan.size, shape.pixelFormat.replacing("yuvj", with: "yuv") == plan.pixelFormat {
            return []
        }
        let size = plan.size
        return side.filters
            + [
                "scale=w=\(size.width):h=\(size.height):flags=bicubic+accurate_rnd+full_chroma_int",
                "format=\(plan.pixelFormat)",
            ]
    }

    private func finishGraph() throws {
        guard let graph else { return }
        try graph.drain(emit: send)
        self.graph = nil
    }

    private func send(_ frame: consuming Frame) throws {
        if try !frames.send(frame) { isDone = true }
    }
}
