// Frame sizes, and how frames can be oriented in their file.

/// Width and height in pixels.
public struct PixelSize: Hashable, Codable, Sendable, CustomStringConvertible {
    /// Pixels in a row.
    public var width: Int
    /// Number of rows.
    public var height: Int

    /// A size of `width` × `height` pixels.
    public init(_ width: Int, _ height: Int) {
        self.width = width
        self.height = height
    }

    /// The smaller of both sides.
    public var shortSide: Int { min(width, height) }
    /// Number of pixels.
    public var area: Int { width * height }
    /// With sides exchanged.
    public var transposed: PixelSize { PixelSize(height, width) }
    /// As `1280x720`.
    public var description: String { "\(width)x\(height)" }

    /// Both sides rounded to the nearest even number, 2 at least: what 4:2:0 sampling needs.
    public var even: PixelSize { PixelSize(nearestEven(Double(width)), nearestEven(Double(height))) }

    /// The size of the same shape that is `height` rows tall, both sides even.
    public func scaled(toHeight height: Int) -> PixelSize {
        PixelSize(
            nearestEven(Double(width) * Double(height) / Double(self.height)), nearestEven(Double(height)))
    }

    /// The size of the same shape that is `width` columns wide, both sides even.
    public func scaled(toWidth width: Int) -> PixelSize { transposed.scaled(toHeight: width).transposed }
}

private func nearestEven(_ value: Double) -> Int { max(2, Int((value / 2).rounded()) * 2) }

/// How a stored frame has to be turned to be seen upright: quarter turns clockwise, after an optional
/// mirroring left to right (ISO/IEC 14496-12, 8.3.2, the track matrix).
public struct Orientation: Hashable, Codable, Sendable {
    /// Quarter turns clockwise, 0 to 3.
    public var quarterTurns: Int
    /// Whether left and right are exchanged before turning.
    public var isMirrored: Bool

    /// Quarter turns clockwise from 0 to 3, after an optional mirror.
    public init(quarterTurns: Int = 0, isMirrored: Bool = false) {
        self.quarterTurns = ((quarterTurns % 4) + 4) % 4
        self.isMirrored = isMirrored
    }

    /// No turn, no mirror.
    public static let upright = Orientation()
    /// Whether width and height change places.
    public var exchangesSides: Bool { quarterTurns % 2 == 1 }

    /// Reads the upper left 2 × 2 part of a display matrix, in 16.16 fixed point: a point (x, y) of the
    /// stored frame is shown at (a·x + c·y, b·x + d·y).
    ///
    /// - Returns: `nil` if the matrix is no quarter turn, within 1 %, of uniform positive scale.
    public init?(matrix a: Int32, _ b: Int32, _ c: Int32, _ d: Int32) {
        let values = [a, b, c, d].map(Double.init)
        let scale = values.map(abs).max() ?? 0
        guard scale > 0 else { return nil }
        let unit = values.map {
            abs($0 / scale) < 0.01 ? 0 : abs(abs($0 / scale) - 1) < 0.01 ? $0.sign == .minus ? -1 : 1 : 2
        }
        switch unit {
        case [1, 0, 0, 1]: self.init()
        case [0, 1, -1, 0]: self.init(quarterTurns: 1)
        case [-1, 0, 0, -1]: self.init(quarterTurns: 2)
        case [0, -1, 1, 0]: self.init(quarterTurns: 3)
        case [-1, 0, 0, 1]: self.init(isMirrored: true)
        // Mirrored first, then turned: x is negated in the columns of the turn.
        case [0, -1, -1, 0]: self.init(quarterTurns: 1, isMirrored: true)
        case [1, 0, 0, -1]: self.init(quarterTurns: 2, isMirrored: true)
        case [0, 1, 1, 0]: self.init(quarterTurns: 3, isMirrored: true)
        default: return nil
        }
    }
}
