// Who encodes which chunk. Pure: what is finished on disk is passed in.

/// Which chunks are claimed, and by which passes.
struct ChunkClaims: Hashable, Sendable {
    /// Number of the next pass.
    var passes = 0
    /// Whether passes may begin anywhere but at the beginning of the file.
    var maySeek: Bool
    /// Chunks that a pass encodes, or has encoded.
    private var claimed: Set<Int> = []
    /// By chunk, the number of the pass that encodes it, until that pass has ended.
    private var owners: [Int: Int] = [:]
    /// Chunks with streams to encode again, once the passes that encode the others have ended.
    private var dropped: Set<Int> = []

    init(maySeek: Bool) { self.maySeek = maySeek }

    /// Chooses where a new pass begins.
    ///
    /// - Parameters:
    ///   - count: chunks of the source, as many as are known or expected.
    ///   - finished: chunks that every stream has.
    /// - Returns: `nil` if there is nothing to begin now.
    mutating func begin(count: Int, finished: Set<Int>) -> ChunkPass? {
        let free = (0..<max(0, count)).filter { !finished.contains($0) && !claimed.contains($0) }
        let chunk: Int
        if maySeek {
            guard let found = Self.start(in: free, active: claimed.subtracting(finished)) else {
                return nil
            }
            chunk = found
        } else {
            guard let first = free.first, claimed.isSubset(of: finished) else { return nil }
            chunk = first
        }
        claim(chunk, by: passes)
        passes += 1
        return ChunkPass(number: passes - 1, chunk: chunk, seeks: maySeek && chunk > 0)
    }

    /// The beginning of the longest run of free chunks, or its middle if a pass is about to walk into it.
    private static func start(in free: [Int], active: Set<Int>) -> Int? {
        var longest: Range<Int>?
        var run: Range<Int>?
        for chunk in free {
            run = run?.upperBound == chunk ? run!.lowerBound..<chunk + 1 : chunk..<chunk + 1
            if run!.count > longest?.count ?? 0 { longest = run }
        }
        guard let longest else { return nil }
        return active.contains(longest.lowerBound - 1)
            ? longest.lowerBound + longest.count / 2 : longest.lowerBound
    }

    /// Decides whether a pass continues into a chunk, and claims it then.
    ///
    /// - Parameters:
    ///   - finished: chunks that every stream has.
    ///   - count: chunks of the source, if its end has been seen.
    mutating func enter(_ chunk: Int, _ pass: ChunkPass, finished: Set<Int>, count: Int?) -> Bool {
        if chunk == pass.chunk { return true }
        if pass.seeks || maySeek {
            guard !finished.contains(chunk), !claimed.contains(chunk) else { return false }
        } else if let count {
            // Finished chunks are passed over; the source is not read again for each gap.
            guard chunk < count, (chunk..<count).contains(where: { !finished.contains($0) }) else {
                return false
            }
        }
        claim(chunk, by: pass.number)
        return true
    }

    private mutating func claim(_ chunk: Int, by pass: Int) {
        claimed.insert(chunk)
        owners[chunk] = pass
    }

    /// Frees a chunk of which one stream has to be encoded again.
    ///
    /// - Parameter isWhole: whether all of its streams were finished. If not, the chunk stays with the pass that
    ///   encodes the others until that has ended: no two passes write one file.
    mutating func drop(_ chunk: Int, isWhole: Bool) {
        if !isWhole, owners[chunk] != nil {
            dropped.insert(chunk)
        } else {
            claimed.remove(chunk)
        }
    }

    /// Takes away what a pass owns that has ended.
    mutating func leave(_ pass: ChunkPass) {
        let left = owners.filter { $0.value == pass.number }.keys
        claimed.subtract(dropped.intersection(left))
        dropped.subtract(left)
        for chunk in left { owners[chunk] = nil }
    }

    /// Whether `pass` encodes that chunk, and does not only look into it.
    func isOwner(_ pass: ChunkPass, of chunk: Int) -> Bool { owners[chunk] == pass.number }

    /// Frees all chunks.
    mutating func reset() { (claimed, dropped) = ([], []) }
}
