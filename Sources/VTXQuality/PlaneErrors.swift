// Squared errors of a plane, as they are and weighted by blocks.

/// Squared errors of one plane of one frame.
package struct PlaneErrors: Hashable, Sendable {
    /// Σ (reference − distorted)².
    package var sum: UInt64
    /// The same weighted by block, rounded.
    package var weighted: Double
    /// How many samples the plane has.
    package var samples: Int
}

/// Squared errors of all planes.
///
/// - Parameters:
///   - reference: the frame as it should be.
///   - distorted: a frame of the same format.
///   - weights: of the reference; `nil` weights nothing.
package func planeErrors(
    _ reference: SampleImage, _ distorted: SampleImage, weights: BlockWeights?
) -> [PlaneErrors] {
    let luma = reference.luma
    let weights =
        weights ?? BlockWeights(side: max(luma.width, luma.height), columns: 1, values: [1])
    return zip(reference.planes, distorted.planes).map { one, other in
        let width = max(1, weights.side * one.width / luma.width)
        let height = max(1, weights.side * one.height / luma.height)
        return reference.depth == 8
            ? errors(one, other, UInt8.self, weights, width, height)
            : errors(one, other, UInt16.self, weights, width, height)
    }
}

private func errors<Sample: FixedWidthInteger & UnsignedInteger>(
    _ a: SamplePlane, _ b: SamplePlane, _: Sample.Type, _ weights: BlockWeights, _ width: Int, _ height: Int
) -> PlaneErrors {
    var sum: UInt64 = 0
    var weighted = 0.0
    let lastRow = weights.values.count / weights.columns - 1
    for y in stride(from: 0, to: a.height, by: height) {
        let first = min(y / height, lastRow) * weights.columns
        for x in stride(from: 0, to: a.width, by: width) {
            var block: UInt64 = 0
            let end = min(x + width, a.width)
            for line in y..<min(y + height, a.height) {
                let (one, other): (UnsafePointer<Sample>, UnsafePointer<Sample>) = (a.row(line), b.row(line))
                for part in stride(from: x, to: end, by: longestRun) {
                    block += UInt64(squaredDifferences(one + part, other + part, min(longestRun, end - part)))
                }
            }
            sum += block
            weighted += weights.values[first + min(x / width, weights.columns - 1)] * Double(block)
        }
    }
    return PlaneErrors(sum: sum, weighted: weighted.rounded(), samples: a.width * a.height)
}
