// A frame that several readers look at, with its samples as the metrics see them.

import LibAV
import VTXModel
import VTXQuality

/// Holds a frame, since arrays take no values that have only one owner.
final class SharedFrame {
    private let frame: Frame
    /// Valid as long as this object.
    let image: SampleImage
    /// In the unit of its stream.
    let time: Int64

    /// - Parameters:
    ///   - frame: of planes in the common format.
    ///   - depth: bits of a sample.
    init(_ frame: consuming Frame, depth: Int) throws {
        let bytes = depth > 8 ? 2 : 1
        image = SampleImage(
            planes: try frame.planes().prefix(3).map {
                SamplePlane(base: $0.start, stride: $0.stride, width: $0.length / bytes, height: $0.rows)
            }, depth: depth)
        time = frame.time ?? 0
        self.frame = frame
    }
}

/// The frames of the reference around the one that is compared.
///
/// XPSNR looks at the two frames before each. At the beginning there are none: those after it are taken in reverse
/// order, as the first frame would count as the most lively of all after a black one.
struct ReferenceWindow {
    private var frames: [SharedFrame] = []
    /// Number of the first of `frames`.
    private var first = 0
    private let next: () throws -> SharedFrame?
    private var isAtEnd = false

    init(_ next: @escaping () throws -> SharedFrame?) { self.next = next }

    /// A frame and those before it; `nil` after the last one.
    ///
    /// - Parameter number: from 0, and rising.
    mutating func frame(_ number: Int) throws -> (frame: SharedFrame, previous: SharedFrame, second: SharedFrame)? {
        try read(until: number < 2 ? number + 2 : number)
        guard let frame = self[number] else { return nil }
        let previous = self[abs(number - 1)] ?? frame
        let second = self[abs(number - 2)] ?? previous
        let oldest = number - 1
        if first < oldest {
            frames.removeFirst(oldest - first)
            first = oldest
        }
        return (frame, previous, second)
    }

    private subscript(_ number: Int) -> SharedFrame? {
        frames.indices.contains(number - first) ? frames[number - first] : nil
    }

    private mutating func read(until number: Int) throws {
        while !isAtEnd, first + frames.count <= number {
            if let frame = try next() { frames.append(frame) } else { isAtEnd = true }
        }
    }
}
