// Encodes a source in chunks that look like parts of one encode.

import LibAV
import VTXModel

/// Encodes each chunk with a new encoder, one after the other.
///
/// A new encoder does not know how much detail frames keep at that quality: its first key frame is coarser than the
/// frames around it. And the last frames it gets are worth less to it, since nothing refers to them.
/// Both show (dips of 1 to 2 dB were measured with libx264 and a constant rate factor). So each encoder sees the first
/// frames of its chunk twice, and at its end the first ones of the next chunk; what comes out of those is dropped.
final class ChunkedEncoder {
    /// What is done with chunks.
    struct Client {
        /// Begins a chunk; `nil` if nobody has to encode it here.
        var begin: (_ chunk: Int) throws -> Start?
        /// Takes packets of a chunk, in decoding order.
        var write: (consuming Packet) throws -> Void
        /// Whether `frames` is all of the chunk; if not, what was written of it is dropped.
        var isWhole: (_ chunk: Int, _ frames: Int) -> Bool
        /// Ends a chunk that is whole; the encoder made it, or nobody did.
        var finish: (_ chunk: Int, _ frames: Int, Encoder?) throws -> Void
    }

    /// A chunk's encoder, and what it sees besides the chunk.
    struct Start {
        var encoder: Encoder
        var overlap: ChunkOverlap
    }

    /// The most that any chunk's encoder sees.
    private let overlap: ChunkOverlap
    /// Usual ticks of a frame.
    private let length: Int64
    private let client: Client
    private var current: Chunk?
    /// First frames of the chunk that comes next.
    private var head: Head?

    /// The chunk that is being encoded, or passes by.
    private final class Chunk {
        let number: Int
        let encoder: Encoder?
        let overlap: ChunkOverlap
        var frames = 0
        /// Packets with timestamps outside are not of the chunk.
        var start: Int64 = .min
        var end: Int64 = .max
        var packets = 0

        init(_ number: Int, _ start: Start?) {
            self.number = number
            encoder = start?.encoder
            overlap = start?.overlap ?? ChunkOverlap()
        }
    }

    private final class Head {
        let chunk: Int
        var frames: [Held] = []

        init(_ chunk: Int) { self.chunk = chunk }
    }

    /// A frame in a list.
    private final class Held {
        let frame: Frame

        init(_ frame: consuming Frame) { self.frame = frame }
    }

    /// - Parameter length: usual ticks of a frame.
    init(overlap: ChunkOverlap, length: Int64, client: Client) {
        self.overlap = overlap
        self.length = length
        self.client = client
    }

    /// Frames that the encoder has received and that have not come out of it yet.
    var pending: Int { current.map { $0.encoder == nil ? 0 : max(0, $0.frames - $0.packets) } ?? 0 }

    /// Takes the next frame, whose time is in the encoder's unit.
    func encode(_ frame: consuming Frame, chunk: Int) throws {
        if (head?.chunk ?? current?.number) != chunk {
            try openHead()
            head = Head(chunk)
        }
        guard let head else { return try pass(frame) }
        head.frames.append(Held(frame))
        if head.frames.count >= max(1, overlap.held) { try openHead() }
    }

    /// Ends the last chunk.
    func finish() throws {
        try openHead()
        try close(followedBy: [])
    }

    private func pass(_ frame: borrowing Frame) throws {
        guard let current else { return }
        current.frames += 1
        try current.encoder?.encode(frame) { try take($0, current) }
    }

    /// Ends the chunk at hand and begins the next one.
    private func openHead() throws {
        guard let head else { return }
        self.head = nil
        try close(followedBy: head.frames)
        let chunk = Chunk(head.chunk, try client.begin(head.chunk))
        current = chunk
        if let encoder = chunk.encoder, head.chunk > 0, let first = head.frames.first?.frame.time {
            chunk.start = first
            let known = head.frames.prefix(chunk.overlap.before)
            for (place, held) in known.enumerated() {
                let frame = try held.frame.copy()
                frame.time = first - Int64(known.count - place) * length
                // B-frames tell the encoder less.
                frame.chooseFrameType(isKey: place == 0)
                try encoder.encode(frame) { try take($0, chunk) }
            }
            if !known.isEmpty { head.frames[0].frame.chooseFrameType(isKey: true) }
        }
        for held in head.frames { try pass(held.frame) }
    }

    private func close(followedBy next: [Held]) throws {
        guard let chunk = current else { return }
        current = nil
        guard client.isWhole(chunk.number, chunk.frames) else { return }
        if let encoder = chunk.encoder {
            let tail = next.prefix(chunk.overlap.after)
            chunk.end = tail.first?.frame.time ?? .max
            for (place, held) in tail.enumerated() {
                let frame = try held.frame.copy()
                if place == 0 { frame.chooseFrameType(isKey: true) }
                try encoder.encode(frame) { try take($0, chunk) }
            }
            try encoder.drain(until: { chunk.packets == chunk.frames }, emit: { try take($0, chunk) })
            guard chunk.packets == chunk.frames else {
                throw VTXError(
                    .internal,
                    "of \(chunk.frames) frames of chunk \(chunk.number + 1), \(chunk.packets) came out of the encoder",
                    remedy: .report())
            }
        }
        try client.finish(chunk.number, chunk.frames, chunk.encoder)
    }

    private func take(_ packet: consuming Packet, _ chunk: Chunk) throws {
        if let time = packet.presentation, time < chunk.start || time >= chunk.end { return }
        chunk.packets += 1
        try client.write(packet)
    }
}
