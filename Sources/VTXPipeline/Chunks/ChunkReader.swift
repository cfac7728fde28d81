// Finished chunks of one stream, in order, however they come.

import LibAV
import VTXModel
import VTXSystem

/// Takes the chunks of one stream in their order, as soon as each is there.
final class ChunkReader: @unchecked Sendable {
    // @unchecked: `next` is guarded, and held while chunks are read.
    private let name: String
    private let store: ChunkStore
    private let next = Guarded(0)

    init(_ name: String, _ store: ChunkStore) {
        self.name = name
        self.store = store
    }

    /// Reads all chunks that can be read.
    ///
    /// - Parameters:
    ///   - prepare: called before the first packet of each chunk, with its number and what is in it; the chunk has to
    ///     be encoded again if it returns `false`.
    ///   - take: called with each packet, in decoding order.
    func advance(
        prepare: (Int, ChunkSummary) throws -> Bool = { _, _ in true },
        take: (consuming Packet) throws -> Void
    ) throws {
        try next.with { next in
            while let summary = store.summary(name, next), try prepare(next, summary) {
                try store.read(name, next, each: take)
                next += 1
            }
        }
    }

    /// Chunks that have been read.
    var count: Int { next.with { $0 } }
}
