// How much of the work of a job is done at each place of its source.

import LibAV
import VTXModel

/// The course of the work over the duration of a source.
///
/// What moves much and shows much detail takes longer to encode, and has more bytes in the source. With the work taken
/// to be half in the duration and half in the bytes, a 720p trailer of 52 s whose last fifth has one fortieth of the bytes
/// was within 5 % of the CPU time that libx264 had used, at each of its places; by the duration alone it was 12 % off.
package struct WorkCurve: Hashable, Sendable {
    /// Part of the bytes before moments at equal distances, from 0 to 1.
    private let bytes: [Double]

    private static let steps = 200
    /// The part of the work that the bytes stand for.
    private static let byteShare = 0.5

    /// - Parameter bytes: before moments at equal distances, never falling.
    /// - Returns: `nil` if there are none.
    package init?(bytes: [Double]) {
        guard bytes.count > 1, let first = bytes.first, let last = bytes.last, last > first else { return nil }
        self.bytes = bytes.map { ($0 - first) / (last - first) }
    }

    /// - Parameters:
    ///   - stream: of the source; its video if it has any.
    ///   - origin: where the part that is used begins.
    ///   - duration: of that part, in the source's own time.
    /// - Returns: `nil` if the container's index does not tell.
    init?(of source: Demuxer, stream: Int?, from origin: MediaTime, duration: MediaTime?) {
        guard let stream, let duration,
            let bytes = source.byteCurve(of: stream, from: origin, to: origin + duration, steps: Self.steps)
        else { return nil }
        self.init(bytes: bytes)
    }

    /// The part of the work that is done when a part of the duration is.
    package func work(at fraction: Double) -> Double {
        let place = min(1, max(0, fraction)) * Double(bytes.count - 1)
        let lower = Int(place)
        let upper = min(lower + 1, bytes.count - 1)
        let part = bytes[lower] + (place - Double(lower)) * (bytes[upper] - bytes[lower])
        return (1 - Self.byteShare) * min(1, max(0, fraction)) + Self.byteShare * part
    }
}
