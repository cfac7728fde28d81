// Key frames and frame rate of a video stream, packet by packet.

import LibAV
import VTXModel

/// Key frames and frame rate of one video stream.
struct VideoScan {
    private let reader: KeyFrameReader
    private let base: Rational
    private var rates: [RateFit]
    private var keyFrames: [Int64] = []
    private var isLastKeyOpen = false
    private var openKeyFrames = 0
    private var frames = 0
    private var latest = Int64.min
    private var lastDuration: Int64 = 0

    init(reader: KeyFrameReader, base: Rational, rates: [Rational]) {
        self.reader = reader
        self.base = base
        self.rates = rates.compactMap { RateFit($0, base: base) }
    }

    /// - Returns: whether the packet has a frame that is shown.
    mutating func note(_ packet: borrowing Packet) -> Bool {
        if reader.mayHideFrames, reader.isHidden(packet) { return false }
        if let time = packet.presentation { note(packet, at: time) }
        return true
    }

    private mutating func note(_ packet: borrowing Packet, at time: Int64) {
        if packet.isKey {
            if time > latest, reader.startsAnew(packet) {
                keyFrames.append(time)
            } else {
                openKeyFrames += 1
            }
        } else if let key = keyFrames.last, time < key {
            // Shown before the key frame that it follows: nothing can begin there.
            keyFrames.removeLast()
            openKeyFrames += 1
            if keyFrames.isEmpty {
                frames = 0
                rates = rates.map { RateFit($0.rate, base: base)! }
            }
        }
        if time > latest { lastDuration = packet.duration }
        latest = max(latest, time)
        guard let first = keyFrames.first, time >= first else { return }
        frames += 1
        for index in rates.indices { rates[index].note(time - first) }
    }

    func finish(_ times: inout TrackTimes) {
        times.keyFrames = keyFrames
        times.openKeyFrames = openKeyFrames
        times.frames = frames
        times.gridRate = rates.first { $0.fits && $0.places == frames }?.rate
        // The last frame of a file that does not say how long frames last: as long as others do.
        if lastDuration <= 1, frames > 1, let first = keyFrames.first {
            times.end = latest + (latest - first) / Int64(frames - 1)
        }
    }
}
