// Rectangles of a frame, and where they lie when the frame is turned.

/// A rectangle of a frame, in pixels from its upper left corner.
public struct PixelArea: Hashable, Codable, Sendable, CustomStringConvertible {
    /// Columns left of it.
    public var x: Int
    /// Rows above it.
    public var y: Int
    /// Width and height.
    public var size: PixelSize

    /// A rectangle of `size` with `x` columns to its left and `y` rows above it.
    public init(x: Int, y: Int, size: PixelSize) {
        self.x = x
        self.y = y
        self.size = size
    }

    /// As libavfilter writes it: `1920:800:0:140`.
    public var description: String { "\(size.width):\(size.height):\(x):\(y)" }

    /// Reads `1920:800:0:140`; `nil` for anything else, and for sides of 0.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 4, let width = parts[0], let height = parts[1], let x = parts[2], let y = parts[3],
            width > 0, height > 0, x >= 0, y >= 0, max(width, height, x, y) <= 1 << 16
        else { return nil }
        self.init(x: x, y: y, size: PixelSize(width, height))
    }

    /// Whether all of it lies within a frame of `size`.
    public func fits(_ frame: PixelSize) -> Bool {
        x >= 0 && y >= 0 && x + size.width <= frame.width && y + size.height <= frame.height
    }

    /// Where it lies when a frame is turned as `orientation` says.
    ///
    /// - Parameters:
    ///   - orientation: what is done to the frame.
    ///   - frame: its size before.
    public func turned(_ orientation: Orientation, in frame: PixelSize) -> PixelArea {
        let mirrored = orientation.isMirrored ? mirrored(in: frame) : self
        return mirrored.turned(quarters: orientation.quarterTurns, in: frame)
    }

    /// Where it lay before a frame was turned as `orientation` says.
    ///
    /// - Parameters:
    ///   - orientation: what was done to the frame.
    ///   - frame: its size before.
    public func turnedBack(_ orientation: Orientation, in frame: PixelSize) -> PixelArea {
        let turned = orientation.exchangesSides ? frame.transposed : frame
        let stored = self.turned(quarters: (4 - orientation.quarterTurns) % 4, in: turned)
        return orientation.isMirrored ? stored.mirrored(in: frame) : stored
    }

    private func mirrored(in frame: PixelSize) -> PixelArea {
        PixelArea(x: frame.width - x - size.width, y: y, size: size)
    }

    private func turned(quarters: Int, in frame: PixelSize) -> PixelArea {
        switch quarters {
        case 1: PixelArea(x: frame.height - y - size.height, y: x, size: size.transposed)
        case 2: PixelArea(x: frame.width - x - size.width, y: frame.height - y - size.height, size: size)
        case 3: PixelArea(x: y, y: frame.width - x - size.width, size: size.transposed)
        default: self
        }
    }
}
