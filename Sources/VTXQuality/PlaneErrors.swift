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
    let (one, other) = (WideRows(width: luma.width), WideRows(width: luma.width))
    return zip(reference.planes, distorted.planes).map { plane, second in
        one.look(at: plane, depth: reference.depth)
        other.look(at: second, depth: reference.depth)
        return errors(
            one, other, of: plane, weights, width: max(1, weights.side * plane.width / luma.width),
            height: max(1, weights.side * plane.height / luma.height))
    }
}

private func errors(
    _ one: WideRows, _ other: WideRows, of plane: SamplePlane, _ weights: BlockWeights, width: Int, height: Int
) -> PlaneErrors {
    var sum: UInt64 = 0
    var weighted = 0.0
    let lastRow = weights.values.count / weights.columns - 1
    let columns = (plane.width + width - 1) / width
    for top in stride(from: 0, to: plane.height, by: height) {
        var blocks = [UInt64](repeating: 0, count: columns)
        for y in top..<min(top + height, plane.height) {
            let (a, b) = (one.row(y), other.row(y))
            for block in 0..<columns {
                let end = min((block + 1) * width, plane.width)
                for x in stride(from: block * width, to: end, by: longestRun) {
                    blocks[block] += UInt64(squaredDifferences(a + x, b + x, min(longestRun, end - x)))
                }
            }
        }
        let first = min(top / height, lastRow) * weights.columns
        for (block, error) in blocks.enumerated() {
            sum += error
            weighted += weights.values[first + min(block, weights.columns - 1)] * Double(error)
        }
    }
    return PlaneErrors(sum: sum, weighted: weighted.rounded(), samples: plane.width * plane.height)
}
