// What an item will cost in CPU and memory, estimated before it runs.

/// The expected cost of an item.
package struct ItemCost: Hashable, Sendable {
    /// Pixels to decode and encode; only its proportion to that of other items means something.
    package var work: Double
    /// Bytes of memory that the worker will take at most.
    package var memory: Int64

    /// A known cost.
    package init(work: Double, memory: Int64) {
        self.work = work
        self.memory = memory
    }

    /// The cost of encoding a file.
    ///
    /// - Parameters:
    ///   - bytes: size of the source, for files without a duration.
    ///   - target: packages are no larger than 1080p.
    package init(_ facts: MediaFacts?, bytes: Int64, target: BatchTarget) {
        // Starting a worker costs about as much as two million pixels.
        let start = 2e6
        // Files without a duration: as if they had 2 Mb/s.
        let seconds = facts?.duration ?? Double(bytes) / 250_000
        let rate = facts?.pixels ?? 0 > 0 ? min(240, facts?.frameRate ?? 25) : 0
        // A second of audio costs about as much as half a million pixels.
        let audio = 5e5 * Double(facts?.audioTracks ?? 0)
        work = start + seconds * ((facts?.pixels ?? 0) * rate + audio)
        memory = Self.memory(facts, target: target)
    }

    /// Fitted from above to the peaks of twelve real files, 240p to 2160p, with x264's medium and default options: 80 MB,
    /// and 125 frames of 8 bits (x264 looks 40 frames ahead; most of the rest waits in channels and references), a third
    /// more of 10 bits. A package has no rendition above 1080p; of larger sources it holds twenty decoded frames.
    private static func memory(_ facts: MediaFacts?, target: BatchTarget) -> Int64 {
        let depth: Double = (facts?.bitDepth ?? 8) > 8 ? 1.33 : 1
        let pixels = facts?.pixels ?? 0
        let encoded = target == .hls ? min(pixels, 1920 * 1080) : pixels
        return 80_000_000 + Int64(1.5 * depth * (encoded * 125 + (pixels - encoded) * 20))
    }
}
