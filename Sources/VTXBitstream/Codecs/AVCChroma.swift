// Whether H.264 has colour, which libav's decoder does not tell: it gives gray frames gray colour planes.

/// Whether H.264 is gray, by its first sequence parameter set (ITU-T H.264, 7.3.2.1.1); `false` if there is none.
///
/// - Parameter configuration: an `avcC` record or an Annex B byte stream.
package func isGrayAVC(_ configuration: [UInt8]) -> Bool {
    (try? chromaFormat(configuration)) == 0
}

private func chromaFormat(_ configuration: [UInt8]) throws -> Int? {
    guard let set = try firstSequenceSet(configuration), set.count > 4 else { return nil }
    var reader = NALReader(set, 1..<set.count)
    // Profiles below High have no such field, and 4:2:0.
    guard [100, 110, 122, 244, 44, 118, 128].contains(try reader.bits(8)) else { return 1 }
    try reader.skip(16)
    _ = try reader.unsigned(upTo: 31)
    return try reader.unsigned(upTo: 3)
}

private func firstSequenceSet(_ configuration: [UInt8]) throws -> [UInt8]? {
    guard configuration.first == 1 else {
        return annexBUnits(in: configuration).first { $0.first.map { $0 & 31 } == 7 }.map { Array($0) }
    }
    var reader = ByteReader(configuration)
    try reader.skip(5)
    guard try reader.u8() & 31 > 0 else { return nil }
    return Array(try reader.take(Int(try reader.u16())))
}
