// Sums over parts of rows: what all metrics spend their time with.
//
// The loops are written so that the compiler makes vector instructions of them: no branches, no overflow checks, 16 bits
// wherever the values fit (`Lane`), and sums of 32 bits, which hold for the 1,024 samples at most that one call gets.

/// Samples that one call may take.
let longestRun = 1024

/// Σ (a − b)² over `count` samples of at most 10 bits.
@inline(__always)
func squaredDifferences<Sample: FixedWidthInteger & UnsignedInteger>(
    _ a: UnsafePointer<Sample>, _ b: UnsafePointer<Sample>, _ count: Int
) -> UInt32 {
    var sum: Int32 = 0
    for x in 0..<count {
        let difference = Int16(truncatingIfNeeded: a[x]) &- Int16(truncatingIfNeeded: b[x])
        sum &+= Int32(difference) &* Int32(difference)
    }
    return UInt32(bitPattern: sum)
}

/// Σ |a − b| over `count` samples of at most 10 bits.
@inline(__always)
func absoluteDifferences<Sample: FixedWidthInteger & UnsignedInteger>(
    _ a: UnsafePointer<Sample>, _ b: UnsafePointer<Sample>, _ count: Int
) -> UInt32 {
    var sum: UInt32 = 0
    for x in 0..<count {
        let difference = Int16(truncatingIfNeeded: a[x]) &- Int16(truncatingIfNeeded: b[x])
        sum &+= UInt32(UInt16(bitPattern: max(difference, 0 &- difference)))
    }
    return sum
}

/// Σ |a − 2b + c| over `count` samples of at most 10 bits.
@inline(__always)
func absoluteBends<Sample: FixedWidthInteger & UnsignedInteger>(
    _ a: UnsafePointer<Sample>, _ b: UnsafePointer<Sample>, _ c: UnsafePointer<Sample>, _ count: Int
) -> UInt32 {
    var sum: UInt32 = 0
    for x in 0..<count {
        let middle = Int16(truncatingIfNeeded: b[x])
        let bend =
            Int16(truncatingIfNeeded: a[x]) &+ Int16(truncatingIfNeeded: c[x]) &- middle &- middle
        sum &+= UInt32(UInt16(bitPattern: max(bend, 0 &- bend)))
    }
    return sum
}

/// Σ |12 c − 2 (n + s + e + w) − (the diagonals)| over `count` samples of at most 10 bits; one sample beyond either end
/// of each row is read.
@inline(__always)
func highPass<Sample: FixedWidthInteger & UnsignedInteger>(
    _ above: UnsafePointer<Sample>, _ row: UnsafePointer<Sample>, _ below: UnsafePointer<Sample>, _ count: Int
) -> UInt32 {
    var sum: UInt32 = 0
    for x in 0..<count {
        let center = Int16(truncatingIfNeeded: row[x])
        let vertical = Int16(truncatingIfNeeded: above[x]) &+ Int16(truncatingIfNeeded: below[x])
        let horizontal = Int16(truncatingIfNeeded: row[x - 1]) &+ Int16(truncatingIfNeeded: row[x + 1])
        let upper = Int16(truncatingIfNeeded: above[x - 1]) &+ Int16(truncatingIfNeeded: above[x + 1])
        let lower = Int16(truncatingIfNeeded: below[x - 1]) &+ Int16(truncatingIfNeeded: below[x + 1])
        let value = center &* 12 &- (vertical &+ horizontal) &* 2 &- (upper &+ lower)
        sum &+= UInt32(UInt16(bitPattern: max(value, 0 &- value)))
    }
    return sum
}

/// Sums of two samples, one below the other, of 16 bits each.
@inline(__always)
func addRows<Sample: FixedWidthInteger & UnsignedInteger>(
    _ a: UnsafePointer<Sample>, _ b: UnsafePointer<Sample>, _ count: Int, to sums: UnsafeMutablePointer<Int16>
) {
    for x in 0..<count { sums[x] = Int16(truncatingIfNeeded: a[x]) &+ Int16(truncatingIfNeeded: b[x]) }
}
