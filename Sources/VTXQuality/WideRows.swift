// Rows of a plane as samples of 16 bits, which all sums are made of.
//
// Rows of bytes are widened once, and not by every sum that reads them.

/// The rows of one plane after another. Stays on one thread.
final class WideRows {
    private var plane: SamplePlane?
    private var isWide = true
    /// As many rows as the widest filter reads at a time.
    private let room: UnsafeMutablePointer<Int16>
    private let pitch: Int
    /// Which row is in which place.
    private var held = [Int](repeating: -1, count: WideRows.places)

    private static let places = 8

    /// - Parameter width: of the widest row.
    init(width: Int) {
        pitch = width + 16
        room = .allocate(capacity: pitch * Self.places)
        room.initialize(repeating: 0, count: pitch * Self.places)
    }

    deinit { room.deallocate() }

    /// Goes on to another plane of samples of 8 to 10 bits.
    func look(at plane: SamplePlane, depth: Int) {
        self.plane = plane
        isWide = depth > 8
        for place in held.indices { held[place] = -1 }
    }

    /// A row as it lies in memory; `nil` if its samples are no bytes.
    func bytes(_ y: Int) -> UnsafePointer<UInt8>? { isWide ? nil : plane?.row(y) }

    /// A row; valid until the eighth row from it is asked for.
    func row(_ y: Int) -> UnsafePointer<Int16> {
        guard let plane else { return UnsafePointer(room) }
        if isWide { return plane.row(y) }
        let place = y & (Self.places - 1)
        let row = room + place * pitch
        if held[place] != y {
            widen(plane.row(y), plane.width, to: row)
            held[place] = y
        }
        return UnsafePointer(row)
    }
}

private func widen(_ bytes: UnsafePointer<UInt8>, _ count: Int, to row: UnsafeMutablePointer<Int16>) {
    for x in 0..<count { row[x] = Int16(truncatingIfNeeded: bytes[x]) }
}
