// The parameter sets of an H.264 stream as bytes (ITU-T H.264, 7.3.2; ISO/IEC 14496-15, 5.3.3.1).

import VTXModel

/// What the parameter sets of a stream say about it as a whole.
package struct AVCParameterSets: Hashable, Sendable {
    /// `profile_idc` of all sequence parameter sets.
    package private(set) var profiles: Set<Int> = []
    /// `level_idc` of all sequence parameter sets.
    package private(set) var levels: Set<Int> = []
    /// Numbers of all sets, of both kinds.
    package private(set) var numbers: Set<Int> = []
    /// Whether all frames are coded as frames; `true` as long as no set says otherwise.
    package private(set) var isFrameOnly = true
    /// Bytes of the length before each unit of a packet; `nil`: start codes.
    package let lengthSize: Int?

    /// - Parameter header: `avcC`, or a byte stream, or nothing.
    package init(header: [UInt8]) {
        let record = AVCRecord(header)
        lengthSize = record?.lengthSize
        for unit in record.map({ $0.sequences + $0.pictures }) ?? annexBUnits(in: header).map(Array.init) { note(unit) }
    }

    /// Takes the parameter sets in front of a coded frame.
    ///
    /// - Returns: the numbers of those that were found.
    @discardableResult
    package mutating func note(packet bytes: UnsafeRawBufferPointer) -> Set<Int> {
        let units = leadingUnits(of: bytes, lengthSize: lengthSize) { (1...5).contains(bytes[$0] & 31) }
        var found: Set<Int> = []
        for unit in units.leading where !unit.isEmpty && [7, 8].contains(bytes[unit.lowerBound] & 31) {
            if let number = note(Array(bytes[unit])) { found.insert(number) }
        }
        return found
    }

    /// - Returns: the number of the set; `nil` for other units, and for damage.
    @discardableResult
    private mutating func note(_ unit: [UInt8]) -> Int? {
        guard let first = unit.first else { return nil }
        switch first & 31 {
        case 7:
            guard unit.count > 4 else { return nil }
            var reader = NALReader(unit, 4..<unit.count)
            guard let number = try? reader.unsigned(upTo: 31) else { return nil }
            profiles.insert(Int(unit[1]))
            levels.insert(Int(unit[3]))
            numbers.insert(number)
            var headers = AVCHeaders()
            if (try? headers.take(unit, unit.indices)) != nil, !headers.isFrameOnly { isFrameOnly = false }
            return number
        case 8:
            var reader = NALReader(unit, 1..<unit.count)
            guard let number = try? reader.unsigned(upTo: 255) else { return nil }
            numbers.insert(number)
            return number
        default: return nil
        }
    }
}

/// The header of a stream of H.264 with the parameter sets of an encoder behind its own.
///
/// - Parameters:
///   - header: of the stream: `avcC`, or a byte stream.
///   - encoder: of the encoder, as a byte stream.
/// - Returns: in the form of `header`; `nil` if one of them has no parameter sets, or there is no room for more.
package func joinedAVCHeader(_ header: [UInt8], with encoder: [UInt8]) -> [UInt8]? {
    let units = annexBUnits(in: encoder).map(Array.init)
    let sequences = units.filter { $0.first.map { $0 & 31 == 7 } ?? false }
    let pictures = units.filter { $0.first.map { $0 & 31 == 8 } ?? false }
    guard !sequences.isEmpty, !pictures.isEmpty else { return nil }
    if var record = AVCRecord(header) {
        return record.add(sequences: sequences, pictures: pictures) ? record.bytes : nil
    }
    guard !annexBUnits(in: header).isEmpty else { return nil }
    return header + byteStream(sequences + pictures)
}

/// The parameter sets of an encoder's header, as a byte stream without anything else.
package func avcParameterSets(in encoder: [UInt8]) -> [UInt8] {
    byteStream(annexBUnits(in: encoder).map(Array.init).filter { [7, 8].contains(($0.first ?? 0) & 31) })
}

/// A coded frame of a byte stream with lengths in place of start codes.
///
/// - Returns: `nil` if a unit is too large for its length.
package func lengthPrefixed(_ bytes: UnsafeRawBufferPointer, lengthSize: Int) -> [UInt8]? {
    let units = leadingUnits(of: bytes, lengthSize: nil) { _ in false }.leading
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + 16)
    for unit in units where !unit.isEmpty {
        guard lengthSize >= 4 || unit.count < 1 << (8 * lengthSize) else { return nil }
        for byte in (0..<lengthSize).reversed() { result.append(UInt8(truncatingIfNeeded: unit.count >> (8 * byte))) }
        result.append(contentsOf: bytes[unit])
    }
    return result
}

private func byteStream(_ units: [[UInt8]]) -> [UInt8] { units.flatMap { [0, 0, 0, 1] + $0 } }
