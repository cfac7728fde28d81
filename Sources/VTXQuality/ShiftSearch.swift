// Whether one side is some frames ahead of the other.
//
// Small gray images are compared, which neither compression nor scaling changes much.

/// Tries shifts of up to two frames on the first frames that move.
package struct ShiftSearch: Sendable {
    /// Most frames that are looked at.
    package static let sample = 600
    /// Largest shift that is tried.
    package static let most = 2

    private var reference: [[Int16]] = []
    private var distorted: [[Int16]] = []
    private var errors: [Int: (sum: Double, count: Int)] = [:]
    private var count = 0

    /// Frames before a shift can be reported.
    private static let fewest = 12

    /// A search that has seen nothing.
    package init() {}

    /// Whether more frames are of use.
    package var wantsMore: Bool { count < Self.sample }

    /// Adds a pair of frames with the same number.
    package mutating func add(_ one: [Int16], _ other: [Int16]) {
        count += 1
        reference.append(one)
        distorted.append(other)
        if reference.count > Self.most + 1 {
            reference.removeFirst()
            distorted.removeFirst()
        }
        guard reference.count == Self.most + 1 else { return }
        for shift in -Self.most...Self.most {
            // The newest of the side that is late belongs to an older one of the other.
            let a = reference[Self.most - max(0, shift)]
            let b = distorted[Self.most - max(0, -shift)]
            let error = zip(a, b).reduce(0.0) { $0 + Double(Int($1.0 - $1.1) * Int($1.0 - $1.1)) }
            let before = errors[shift] ?? (0, 0)
            errors[shift] = (before.sum + error / Double(a.count), before.count + 1)
        }
    }

    /// Frames by which the distorted side is late; negative if it is early. `nil` if the sides fit as they are, or if
    /// too little moves to tell.
    package var shift: Int? {
        guard count >= Self.fewest else { return nil }
        let means = errors.mapValues { $0.sum / Double($0.count) }
        guard let unshifted = means[0],
            let best = means.min(by: { ($0.value, abs($0.key), $0.key) < ($1.value, abs($1.key), $1.key) }),
            best.key != 0, best.value < unshifted / 2, unshifted > 0.25
        else { return nil }
        return best.key
    }
}

/// A small gray image: means of 8 × 8 samples of luma, at 8 bits and in quarters.
package func grayImage(of image: SampleImage) -> [Int16] {
    image.depth == 8 ? grayImage(image.luma, UInt8.self, 8) : grayImage(image.luma, UInt16.self, image.depth)
}

private func grayImage<Sample: FixedWidthInteger & UnsignedInteger>(
    _ plane: SamplePlane, _: Sample.Type, _ depth: Int
) -> [Int16] {
    let (width, height) = (max(1, plane.width / 8), max(1, plane.height / 8))
    let (side, rows) = (min(8, plane.width), min(8, plane.height))
    var image = [Int16](repeating: 0, count: width * height)
    for y in 0..<height {
        for x in 0..<width {
            var sum: UInt32 = 0
            // Every second row is enough.
            for row in stride(from: 0, to: rows, by: 2) {
                let samples: UnsafePointer<Sample> = plane.row(y * 8 + row) + x * 8
                for column in 0..<side { sum &+= UInt32(truncatingIfNeeded: samples[column]) }
            }
            let count = UInt32(side * ((rows + 1) / 2))
            image[y * width + x] = Int16(truncatingIfNeeded: (sum * 4 / count) >> UInt32(depth - 8))
        }
    }
    return image
}
