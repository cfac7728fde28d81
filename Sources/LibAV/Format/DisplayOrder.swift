// In which order the frames of an elementary stream are shown, which come in the order in which they are decoded.

/// Numbers frames in the order of display.
struct DisplayOrder {
    /// What a frame says about its place.
    enum Place {
        /// Picture order count (ITU-T H.264, 8.2.1); `isFirst`: all frames before are shown first.
        case count(Int, isFirst: Bool)
        /// MPEG-1 and MPEG-2: a frame that others refer to is shown when the next such frame comes.
        case reference
        /// A frame that nothing refers to, shown at once.
        case bidirectional
    }

    /// Frames that decoders hold back at most.
    private static let most = 16

    /// Counts of frames that have no number yet, with their places in file order.
    private var waiting: [(count: Int, frame: Int)] = []
    /// The last frame of MPEG-2 that others refer to.
    private var reference: Int?
    private var numbers: [Int: Int] = [:]
    private var frames = 0
    private var next = 0
    /// Count of the latest frame that has a number, since the last frame that all before precede.
    private var latest: Int?

    /// Takes the next frame.
    ///
    /// - Returns: `false` if its place was given away to later frames: the order cannot be told.
    mutating func add(_ place: Place) -> Bool {
        defer { frames += 1 }
        switch place {
        case .count(let count, let isFirst):
            if isFirst { settle(leaving: 0) }
            if isFirst { latest = nil }
            if let latest, count <= latest { return false }
            let index = waiting.firstIndex { $0.count > count } ?? waiting.endIndex
            waiting.insert((count, frames), at: index)
            settle(leaving: Self.most)
        case .reference:
            if let reference { number(reference) }
            reference = frames
        case .bidirectional:
            number(frames)
        }
        return true
    }

    /// No more frames come.
    mutating func finish() {
        settle(leaving: 0)
        if let reference { number(reference) }
        reference = nil
    }

    /// The number of a frame, by its place in file order; `nil` if it is not known yet. Can be asked once.
    mutating func take(_ frame: Int) -> Int? { numbers.removeValue(forKey: frame) }

    private mutating func settle(leaving count: Int) {
        while waiting.count > count {
            let first = waiting.removeFirst()
            latest = first.count
            number(first.frame)
        }
    }

    private mutating func number(_ frame: Int) {
        numbers[frame] = next
        next += 1
    }
}
