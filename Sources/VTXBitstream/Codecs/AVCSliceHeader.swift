// Where the slice header of an H.264 NAL unit ends (ITU-T H.264, 7.3.2 and 7.3.3).
//
// Nothing else tells: the header has no length, so everything before its end has to be read.

import VTXModel

/// The parameter sets of a stream, as far as slice headers depend on them.
struct AVCHeaders {
    private var sequences: [Int: Sequence] = [:]
    private var pictures: [Int: Picture] = [:]

    private struct Sequence {
        var chromaArrayType = 1
        var hasSeparatePlanes = false
        var frameNumberBits = 4
        var orderType = 0
        var orderBits = 4
        var isDeltaAlwaysZero = false
        var isFrameOnly = true
    }

    private struct Picture {
        var sequence = 0
        var usesArithmeticCoding = false
        var hasFieldOrder = false
        var references = [1, 1]
        var isWeighted = false
        var bipredictiveWeights = 0
        var controlsDeblocking = false
        var hasRedundantPictures = false
    }

    /// Without any set.
    init() {}

    /// Whether all sets say that all frames are coded as frames.
    var isFrameOnly: Bool { sequences.values.allSatisfy(\.isFrameOnly) }

    /// - Parameter configuration: the content of `avcC`.
    init(configuration: [UInt8]) throws(VTXError) {
        var reader = ByteReader(configuration)
        try reader.skip(5)
        for mask: UInt8 in [31, 255] {
            for _ in 0..<(try reader.u8() & mask) {
                let unit = try reader.take(Int(try reader.u16()))
                try take(unit, unit.indices)
            }
        }
    }

    /// Remembers the unit if it is a parameter set.
    mutating func take(_ bytes: [UInt8], _ unit: Range<Int>) throws(VTXError) {
        guard let first = unit.first else { return }
        var reader = NALReader(bytes, unit.lowerBound + 1..<unit.upperBound)
        switch bytes[first] & 31 {
        case 7: try readSequence(&reader)
        case 8: try readPicture(&reader)
        default: break
        }
    }

    private mutating func readSequence(_ reader: inout NALReader) throws(VTXError) {
        var set = Sequence()
        let profile = try reader.bits(8)
        try reader.skip(16)
        let id = try reader.unsigned(upTo: 31)
        if [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135].contains(profile) {
            let chroma = try reader.unsigned(upTo: 3)
            if chroma == 3 { set.hasSeparatePlanes = try reader.flag() }
            set.chromaArrayType = set.hasSeparatePlanes ? 0 : chroma
            _ = try reader.unsigned()
            _ = try reader.unsigned()
            try reader.skip(1)
            if try reader.flag() {
                for index in 0..<(chroma == 3 ? 12 : 8) where try reader.flag() {
                    try skipScalingList(&reader, count: index < 6 ? 16 : 64)
                }
            }
        }
        set.frameNumberBits = try reader.unsigned(upTo: 12) + 4
        set.orderType = try reader.unsigned(upTo: 2)
        if set.orderType == 0 { set.orderBits = try reader.unsigned(upTo: 12) + 4 }
        if set.orderType == 1 {
            set.isDeltaAlwaysZero = try reader.flag()
            try reader.signed()
            try reader.signed()
            for _ in 0..<(try reader.unsigned(upTo: 255)) { try reader.signed() }
        }
        _ = try reader.unsigned()
        try reader.skip(1)
        _ = try reader.unsigned()
        _ = try reader.unsigned()
        set.isFrameOnly = try reader.flag()
        sequences[id] = set
    }

    private func skipScalingList(_ reader: inout NALReader, count: Int) throws(VTXError) {
        var (last, next) = (8, 8)
        for _ in 0..<count {
            if next != 0 { next = (last + (try reader.signed()) + 256) & 255 }
            if next != 0 { last = next }
        }
    }

    private mutating func readPicture(_ reader: inout NALReader) throws(VTXError) {
        var set = Picture()
        let id = try reader.unsigned(upTo: 255)
        set.sequence = try reader.unsigned(upTo: 31)
        set.usesArithmeticCoding = try reader.flag()
        set.hasFieldOrder = try reader.flag()
        guard try reader.unsigned() == 0 else { throw damaged("an H.264 stream with slice groups") }
        set.references = [try reader.unsigned(upTo: 31) + 1, try reader.unsigned(upTo: 31) + 1]
        set.isWeighted = try reader.flag()
        set.bipredictiveWeights = try reader.bits(2)
        for _ in 0..<3 { try reader.signed() }
        set.controlsDeblocking = try reader.flag()
        try reader.skip(1)
        set.hasRedundantPictures = try reader.flag()
        pictures[id] = set
    }

    /// Where slice data begins in the NAL unit, in bytes from the start of the buffer; where that is inside
    /// a byte (CAVLC), the byte after it.
    ///
    /// - Returns: `nil` if the unit is no slice.
    func sliceData(_ bytes: [UInt8], _ unit: Range<Int>) throws(VTXError) -> Int? {
        guard let first = unit.first, [1, 5].contains(bytes[first] & 31) else { return nil }
        let isIDR = bytes[first] & 31 == 5
        let isReference = bytes[first] & 0x60 != 0
        var reader = NALReader(bytes, unit.lowerBound + 1..<unit.upperBound)
        _ = try reader.unsigned()
        let type = try reader.unsigned(upTo: 9) % 5
        let (isP, isB, isIntra) = (type == 0 || type == 3, type == 1, type == 2 || type == 4)
        guard let picture = pictures[try reader.unsigned(upTo: 255)], let set = sequences[picture.sequence]
        else { throw damaged("a slice without its parameter sets") }
        if set.hasSeparatePlanes { try reader.skip(2) }
        try reader.skip(set.frameNumberBits)
        var isField = false
        if !set.isFrameOnly {
            isField = try reader.flag()
            if isField { try reader.skip(1) }
        }
        if isIDR { _ = try reader.unsigned() }
        if set.orderType == 0 {
            try reader.skip(set.orderBits)
            if picture.hasFieldOrder, !isField { try reader.signed() }
        } else if set.orderType == 1, !set.isDeltaAlwaysZero {
            try reader.signed()
            if picture.hasFieldOrder, !isField { try reader.signed() }
        }
        if picture.hasRedundantPictures { _ = try reader.unsigned() }
        if isB { try reader.skip(1) }
        let lists = isB ? 2 : isP ? 1 : 0
        var references = picture.references
        if lists > 0, try reader.flag() {
            for list in 0..<lists { references[list] = try reader.unsigned(upTo: 31) + 1 }
        }
        for _ in 0..<lists where try reader.flag() {
            while try reader.unsigned(upTo: 3) != 3 { _ = try reader.unsigned() }
        }
        if picture.isWeighted && isP || picture.bipredictiveWeights == 1 && isB {
            try skipWeights(&reader, references: references.prefix(lists), hasChroma: set.chromaArrayType != 0)
        }
        if isReference { try skipMarking(&reader, isIDR: isIDR) }
        if picture.usesArithmeticCoding, !isIntra { _ = try reader.unsigned() }
        try reader.signed()
        if type == 3 { try reader.skip(1) }
        if type >= 3 { try reader.signed() }
        if picture.controlsDeblocking, try reader.unsigned(upTo: 2) != 1 {
            try reader.signed()
            try reader.signed()
        }
        return reader.nextByte
    }

    private func skipWeights(
        _ reader: inout NALReader, references: ArraySlice<Int>, hasChroma: Bool
    ) throws(VTXError) {
        _ = try reader.unsigned()
        if hasChroma { _ = try reader.unsigned() }
        for count in references {
            for _ in 0..<count {
                if try reader.flag() { for _ in 0..<2 { try reader.signed() } }
                if hasChroma, try reader.flag() { for _ in 0..<4 { try reader.signed() } }
            }
        }
    }

    private func skipMarking(_ reader: inout NALReader, isIDR: Bool) throws(VTXError) {
        if isIDR { return try reader.skip(2) }
        guard try reader.flag() else { return }
        while true {
            let operation = try reader.unsigned(upTo: 6)
            if operation == 0 { return }
            if operation != 5 { _ = try reader.unsigned() }
            if operation == 3 { _ = try reader.unsigned() }
        }
    }
}
