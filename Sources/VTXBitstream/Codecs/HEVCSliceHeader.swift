// Where the slice segment header of an HEVC NAL unit ends (ITU-T H.265, 7.3.6).

import VTXModel

extension HEVCHeaders {
    /// Where slice data begins in the NAL unit, in bytes from the start of the buffer.
    ///
    /// - Returns: `nil` if the unit is no slice.
    func sliceData(_ bytes: [UInt8], _ unit: Range<Int>) throws(VTXError) -> Int? {
        guard unit.count > 2 else { return nil }
        let nal = Self.type(bytes[unit.lowerBound])
        guard nal < 32 else { return nil }
        var reader = NALReader(bytes, unit.lowerBound + 2..<unit.upperBound)
        let isFirst = try reader.flag()
        if (16...23).contains(nal) { try reader.skip(1) }
        guard let picture = pictures[try reader.unsigned(upTo: 63)], let set = sequences[picture.sequence]
        else { throw damaged("a slice without its parameter sets") }
        var isDependent = false
        if !isFirst {
            if picture.hasDependentSegments { isDependent = try reader.flag() }
            try reader.skip(bitWidth(set.blocks))
        }
        if !isDependent { try skipIndependentPart(&reader, picture, set, nal: nal) }
        if picture.hasEntryPoints {
            let count = try reader.unsigned(upTo: 1 << 16)
            if count > 0 {
                let length = try reader.unsigned(upTo: 31) + 1
                for _ in 0..<count { try reader.skip(length) }
            }
        }
        if picture.hasExtension { try reader.skip(8 * (try reader.unsigned(upTo: 256))) }
        return reader.afterAlignment
    }

    private func skipIndependentPart(
        _ reader: inout NALReader, _ picture: Picture, _ set: Sequence, nal: Int
    ) throws(VTXError) {
        try reader.skip(picture.extraBits)
        let type = try reader.unsigned(upTo: 2)
        let (isB, isIntra) = (type == 0, type == 2)
        if picture.hasOutputFlag { try reader.skip(1) }
        if set.hasSeparatePlanes { try reader.skip(2) }
        var used = 0
        var usesTemporalVectors = false
        if nal != 19, nal != 20 {
            used = try readReferences(&reader, set)
            if set.hasTemporalVectors { usesTemporalVectors = try reader.flag() }
        }
        var isOffsetUsed = false
        if set.hasSampleAdaptiveOffset {
            isOffsetUsed = try reader.flag()
            if set.chromaArrayType != 0, try reader.flag() { isOffsetUsed = true }
        }
        if !isIntra {
            try skipPrediction(
                &reader, picture, set, isB: isB, used: used, usesTemporalVectors: usesTemporalVectors)
        }
        try reader.signed()
        if picture.hasChromaOffsets { for _ in 0..<2 { try reader.signed() } }
        if picture.hasChromaOffsetLists { try reader.skip(1) }
        var isDeblockingOff = picture.isDeblockingOff
        if picture.overridesDeblocking, try reader.flag() {
            isDeblockingOff = try reader.flag()
            if !isDeblockingOff { for _ in 0..<2 { try reader.signed() } }
        }
        if picture.filtersAcrossSlices, isOffsetUsed || !isDeblockingOff { try reader.skip(1) }
    }

    /// - Returns: how many pictures the current one may use.
    private func readReferences(_ reader: inout NALReader, _ set: Sequence) throws(VTXError) -> Int {
        try reader.skip(set.orderBits)
        let sets = set.shortTermSets
        let references: [Reference]
        if try reader.flag() {
            let index = try reader.bits(bitWidth(sets.count))
            guard sets.indices.contains(index) else { throw damaged("a slice without its reference set") }
            references = sets[index]
        } else {
            references = try readShortTermSet(&reader, index: sets.count, known: sets, count: sets.count)
        }
        var used = references.count(where: \.isUsed)
        guard set.hasLongTerm else { return used }
        let known = set.longTermIsUsed
        let listed = known.isEmpty ? 0 : try reader.unsigned(upTo: 32)
        let own = try reader.unsigned(upTo: 32)
        for index in 0..<listed + own {
            if index < listed {
                let entry = try reader.bits(bitWidth(known.count))
                if known.indices.contains(entry), known[entry] { used += 1 }
            } else {
                try reader.skip(set.orderBits)
                if try reader.flag() { used += 1 }
            }
            if try reader.flag() { _ = try reader.unsigned() }
        }
        return used
    }

    private func skipPrediction(
        _ reader: inout NALReader, _ picture: Picture, _ set: Sequence, isB: Bool, used: Int,
        usesTemporalVectors: Bool
    ) throws(VTXError) {
        let lists = isB ? 2 : 1
        var counts = picture.references
        if try reader.flag() { for list in 0..<lists { counts[list] = try reader.unsigned(upTo: 14) + 1 } }
        if picture.modifiesLists, used > 1 {
            for list in 0..<lists where try reader.flag() { try reader.skip(counts[list] * bitWidth(used)) }
        }
        if isB { try reader.skip(1) }
        if picture.choosesContextInit { try reader.skip(1) }
        if usesTemporalVectors {
            let list = isB ? (try reader.flag() ? 0 : 1) : 0
            if counts[list] > 1 { _ = try reader.unsigned() }
        }
        if picture.isWeighted && !isB || picture.isBipredictionWeighted && isB {
            let hasChroma = set.chromaArrayType != 0
            _ = try reader.unsigned()
            if hasChroma { try reader.signed() }
            for count in counts.prefix(lists) {
                var numbers = 0
                for _ in 0..<count where try reader.flag() { numbers += 2 }
                if hasChroma { for _ in 0..<count where try reader.flag() { numbers += 4 } }
                for _ in 0..<numbers { try reader.signed() }
            }
        }
        _ = try reader.unsigned()
    }
}
