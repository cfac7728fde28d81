// What becomes of an orientation when the upright image is turned or mirrored again.

/// Ways to mirror an image.
public enum FlipDirection: String, Hashable, Codable, Sendable, CaseIterable {
    /// Left and right are exchanged.
    case horizontal
    /// Top and bottom are exchanged.
    case vertical
}

extension Orientation {
    /// With further quarter turns clockwise.
    public func turned(clockwise quarters: Int) -> Orientation {
        Orientation(quarterTurns: quarterTurns + quarters, isMirrored: isMirrored)
    }

    /// With the result mirrored.
    public func flipped(_ direction: FlipDirection) -> Orientation {
        // A mirror after turns is one before as many turns the other way.
        let mirrored = Orientation(quarterTurns: -quarterTurns, isMirrored: !isMirrored)
        return direction == .horizontal ? mirrored : mirrored.turned(clockwise: 2)
    }
}
