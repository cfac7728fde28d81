// Every n-th frame of the grid, with the captions of those that are left out.

import LibAV
import VTXModel

/// Frames whose number is a multiple of a divisor. Each has the captions of the frames up to the next one.
struct DividedFrames: ~Copyable {
    private let input: Channel<Frame>
    private let divisor: Int64
    private var captions = CaptionBuffer()
    /// Triplets for which the frames that are left had no room.
    var lostCaptions: Int { captions.lost }
    private var held: Frame?

    init(input: Channel<Frame>, divisor: Int64) {
        self.input = input
        self.divisor = divisor
    }

    /// `nil` at the end.
    mutating func next() throws -> Frame? {
        while let frame = try input.receive() {
            guard let number = frame.time else { continue }
            guard divisor > 1 else { return frame }
            guard number % divisor == 0 else {
                captions.take(from: frame)
                continue
            }
            let ready = try release()
            captions.take(from: frame)
            held = consume frame
            if ready != nil { return ready }
        }
        return try release()
    }

    private mutating func release() throws -> Frame? {
        guard let frame = held.take() else { return nil }
        try captions.give(to: frame)
        return frame
    }
}
