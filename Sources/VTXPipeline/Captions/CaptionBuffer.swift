// Captions between the frames that come in and the frames that go out.

import LibAV
import VTXBitstream

/// Carries the captions of frames that are dropped to others, so that none are lost and none come twice.
///
/// Frames of other rates and fields are copies of one another, and would each have the captions of the frame they come
/// from; or that frame would be gone with them.
struct CaptionBuffer {
    private var waiting: [(time: Int64, data: CaptionData)] = []
    private var due = CaptionData()
    /// Triplets that had to wait too long.
    private(set) var lost = 0

    /// Triplets for which frames had no room, at the end.
    var allLost: Int { lost + waiting.reduce(due.contentCount) { $0 + $1.data.contentCount } }

    /// Most triplets that wait for later frames: half a second at 30 frames a second.
    private static let most = 15 * CaptionData.most

    /// Takes the captions off a frame.
    ///
    /// - Returns: whether it had any, apart from padding.
    @discardableResult
    mutating func take(from frame: borrowing Frame, at time: Int64 = 0) -> Bool {
        let data = CaptionData(frame.takeCaptions())
        if !data.isEmpty { waiting.append((time, data)) }
        return data.hasContent
    }

    /// Gives a frame what came up to `time`, as far as it can carry it; the rest waits for the next one.
    mutating func give(to frame: borrowing Frame, until time: Int64 = .max) throws {
        while let first = waiting.first, first.time <= time {
            due.append(first.data)
            waiting.removeFirst()
        }
        guard !due.isEmpty else { return }
        var data = CaptionData(frame.captions)
        data.append(due)
        let given = data.takeFrame()
        lost += data.truncate(to: Self.most)
        due = data
        try frame.setCaptions(given.bytes)
    }
}
