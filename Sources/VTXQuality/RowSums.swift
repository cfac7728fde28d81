// Sums over parts of rows: what all metrics spend their time with.
//
// The loops are written so that the compiler makes vector instructions of them: no branches, no overflow checks, and
// 16 bits wherever the values of samples of 10 bits fit. Sums of 32 bits hold for `longestRun` samples.

/// Samples that one call may take.
let longestRun = 1024

/// Σ (a − b)².
func squaredDifferences(_ a: UnsafePointer<Int16>, _ b: UnsafePointer<Int16>, _ count: Int) -> UInt32 {
    var sum: Int32 = 0
    for x in 0..<count {
        let difference = a[x] &- b[x]
        sum &+= Int32(difference) &* Int32(difference)
    }
    return UInt32(bitPattern: sum)
}

/// Σ |a − b|.
func absoluteDifferences(_ a: UnsafePointer<Int16>, _ b: UnsafePointer<Int16>, _ count: Int) -> UInt32 {
    var sum: UInt32 = 0
    for x in 0..<count { sum &+= magnitude(a[x] &- b[x]) }
    return sum
}

/// Σ |a − b| of bytes, for which processors have an instruction.
func absoluteDifferences(_ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, _ count: Int) -> UInt32 {
    var sum: Int32 = 0
    for x in 0..<count { sum &+= abs(Int32(truncatingIfNeeded: a[x]) &- Int32(truncatingIfNeeded: b[x])) }
    return UInt32(bitPattern: sum)
}

/// Σ |a − 2b + c|.
func absoluteBends(
    _ a: UnsafePointer<Int16>, _ b: UnsafePointer<Int16>, _ c: UnsafePointer<Int16>, _ count: Int
) -> UInt32 {
    var sum: UInt32 = 0
    for x in 0..<count { sum &+= magnitude(a[x] &+ c[x] &- b[x] &- b[x]) }
    return sum
}

/// Σ |12 center − 2 (its four neighbors) − (its diagonals)|; a sample beyond either end is read.
///
/// - Parameters:
///   - row: the samples.
///   - around: sums of the rows above and below.
func highPass(_ row: UnsafePointer<Int16>, _ around: UnsafePointer<Int16>, _ count: Int) -> UInt32 {
    var sum: UInt32 = 0
    for x in 0..<count {
        let beside = row[x - 1] &+ row[x + 1] &+ around[x]
        let diagonal = around[x - 1] &+ around[x + 1]
        sum &+= magnitude(row[x] &* 12 &- beside &- beside &- diagonal)
    }
    return sum
}

/// Sums of two rows.
func addRows(
    _ a: UnsafePointer<Int16>, _ b: UnsafePointer<Int16>, _ count: Int, to sums: UnsafeMutablePointer<Int16>
) {
    for x in 0..<count { sums[x] = a[x] &+ b[x] }
}

/// Σ |a wider filter| at every second sample, together with its right and lower neighbors:
///
///     .  -1  -1  -1  -1   .
///    -1  -2  -3  -3  -2  -1
///    -1  -3  12  12  -3  -1     and the same below, in reverse order
///
/// Two samples before the first and three behind the last are read.
///
/// - Parameters:
///   - inner: sums of the rows with the samples and that below.
///   - middle: sums of the rows around those.
///   - outer: sums of the rows around these.
func widePass(
    _ inner: UnsafePointer<Int16>, _ middle: UnsafePointer<Int16>, _ outer: UnsafePointer<Int16>, _ count: Int
) -> UInt32 {
    var sum: UInt32 = 0
    for index in 0..<count {
        let x = index * 2
        let center = Int32(inner[x]) &+ Int32(inner[x + 1])
        let near = Int32(inner[x - 1]) &+ Int32(inner[x + 2]) &+ Int32(middle[x]) &+ Int32(middle[x + 1])
        let diagonal = Int32(middle[x - 1]) &+ Int32(middle[x + 2])
        let far =
            Int32(inner[x - 2]) &+ Int32(inner[x + 3]) &+ Int32(middle[x - 2]) &+ Int32(middle[x + 3])
            &+ Int32(outer[x - 1]) &+ Int32(outer[x]) &+ Int32(outer[x + 1]) &+ Int32(outer[x + 2])
        let value = center &* 12 &- near &* 3 &- diagonal &* 2 &- far
        sum &+= UInt32(bitPattern: max(value, 0 &- value))
    }
    return sum
}

/// Σ |a − b|, or |a − 2b + c|, of sums of 2 × 2 samples, of which the rows have two added.
func pairChanges(
    _ a: UnsafePointer<Int16>, _ b: UnsafePointer<Int16>, _ c: UnsafePointer<Int16>?, _ count: Int
) -> UInt32 {
    var sum: UInt32 = 0
    if let c {
        for index in 0..<count {
            let x = index * 2
            let middle = b[x] &+ b[x + 1]
            sum &+= magnitude(a[x] &+ a[x + 1] &+ c[x] &+ c[x + 1] &- middle &- middle)
        }
    } else {
        for index in 0..<count {
            let x = index * 2
            sum &+= magnitude(a[x] &+ a[x + 1] &- b[x] &- b[x + 1])
        }
    }
    return sum
}

@inline(__always)
private func magnitude(_ value: Int16) -> UInt32 { UInt32(UInt16(bitPattern: max(value, 0 &- value))) }
