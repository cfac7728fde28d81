// The parameter sets of an HEVC stream (ITU-T H.265, 7.3.2, 7.3.4 and 7.3.7).

import VTXModel

/// The parameter sets of a stream, as far as slice headers depend on them.
struct HEVCHeaders {
    var sequences: [Int: Sequence] = [:]
    var pictures: [Int: Picture] = [:]

    /// One picture that a set refers to: its distance, and whether the current picture uses it.
    struct Reference {
        var delta: Int
        var isUsed: Bool
    }

    struct Sequence {
        var chromaArrayType = 1
        var hasSeparatePlanes = false
        var orderBits = 4
        var blocks = 1
        var hasSampleAdaptiveOffset = false
        /// Nearest first, the earlier pictures before the later ones.
        var shortTermSets: [[Reference]] = []
        var hasLongTerm = false
        var longTermIsUsed: [Bool] = []
        var hasTemporalVectors = false
    }

    struct Picture {
        var sequence = 0
        var hasDependentSegments = false
        var hasOutputFlag = false
        var extraBits = 0
        var choosesContextInit = false
        var references = [1, 1]
        var hasChromaOffsets = false
        var hasChromaOffsetLists = false
        var isWeighted = false
        var isBipredictionWeighted = false
        var hasEntryPoints = false
        var filtersAcrossSlices = false
        var overridesDeblocking = false
        var isDeblockingOff = false
        var modifiesLists = false
        var hasExtension = false
    }

    /// - Parameter configuration: the content of `hvcC`.
    init(configuration: [UInt8]) throws(VTXError) {
        var reader = ByteReader(configuration)
        try reader.skip(22)
        for _ in 0..<(try reader.u8()) {
            try reader.skip(1)
            for _ in 0..<(try reader.u16()) {
                let unit = try reader.take(Int(try reader.u16()))
                try take(unit, unit.indices)
            }
        }
    }

    static func type(_ byte: UInt8) -> Int { Int(byte >> 1 & 63) }

    /// Remembers the unit if it is a parameter set.
    mutating func take(_ bytes: [UInt8], _ unit: Range<Int>) throws(VTXError) {
        guard unit.count > 2 else { return }
        var reader = NALReader(bytes, unit.lowerBound + 2..<unit.upperBound)
        switch Self.type(bytes[unit.lowerBound]) {
        case 33: try readSequence(&reader)
        case 34: try readPicture(&reader)
        default: break
        }
    }

    // MARK: Parameter sets

    private mutating func readSequence(_ reader: inout NALReader) throws(VTXError) {
        var set = Sequence()
        try reader.skip(4)
        let layers = try reader.bits(3)
        try reader.skip(1)
        try skipProfile(&reader, layers: layers)
        let id = try reader.unsigned(upTo: 15)
        let chroma = try reader.unsigned(upTo: 3)
        if chroma == 3 { set.hasSeparatePlanes = try reader.flag() }
        set.chromaArrayType = set.hasSeparatePlanes ? 0 : chroma
        let (width, height) = (try reader.unsigned(upTo: 1 << 16), try reader.unsigned(upTo: 1 << 16))
        if try reader.flag() { for _ in 0..<4 { _ = try reader.unsigned() } }
        _ = try reader.unsigned()
        _ = try reader.unsigned()
        set.orderBits = try reader.unsigned(upTo: 12) + 4
        for _ in (try reader.flag() ? 0 : layers)...layers { for _ in 0..<3 { _ = try reader.unsigned() } }
        let smallest = try reader.unsigned(upTo: 3) + 3
        let block = 1 << (smallest + (try reader.unsigned(upTo: 3)))
        set.blocks = ((width + block - 1) / block) * ((height + block - 1) / block)
        for _ in 0..<4 { _ = try reader.unsigned() }
        if try reader.flag(), try reader.flag() { try skipScalingLists(&reader) }
        try reader.skip(1)
        set.hasSampleAdaptiveOffset = try reader.flag()
        if try reader.flag() {
            try reader.skip(8)
            _ = try reader.unsigned()
            _ = try reader.unsigned()
            try reader.skip(1)
        }
        let count = try reader.unsigned(upTo: 64)
        for index in 0..<count {
            set.shortTermSets.append(
                try readShortTermSet(&reader, index: index, known: set.shortTermSets, count: count))
        }
        set.hasLongTerm = try reader.flag()
        if set.hasLongTerm {
            for _ in 0..<(try reader.unsigned(upTo: 32)) {
                try reader.skip(set.orderBits)
                set.longTermIsUsed.append(try reader.flag())
            }
        }
        set.hasTemporalVectors = try reader.flag()
        sequences[id] = set
    }

    private func skipProfile(_ reader: inout NALReader, layers: Int) throws(VTXError) {
        try reader.skip(96)
        var present: [(profile: Bool, level: Bool)] = []
        for _ in 0..<layers { present.append((try reader.flag(), try reader.flag())) }
        if layers > 0 { try reader.skip(2 * (8 - layers)) }
        for layer in present { try reader.skip((layer.profile ? 88 : 0) + (layer.level ? 8 : 0)) }
    }

    private func skipScalingLists(_ reader: inout NALReader) throws(VTXError) {
        for size in 0..<4 {
            for _ in stride(from: 0, to: 6, by: size == 3 ? 3 : 1) {
                guard try reader.flag() else {
                    _ = try reader.unsigned()
                    continue
                }
                if size > 1 { try reader.signed() }
                for _ in 0..<min(64, 1 << (4 + 2 * size)) { try reader.signed() }
            }
        }
    }

    /// 7.3.7 and 7.4.8: a set of its own, or one derived from another by a shift.
    func readShortTermSet(
        _ reader: inout NALReader, index: Int, known: [[Reference]], count: Int
    ) throws(VTXError) -> [Reference] {
        var before: [Reference] = []
        var after: [Reference] = []
        if index > 0, try reader.flag() {
            let distance = index == count ? try reader.unsigned(upTo: index - 1) + 1 : 1
            let isNegative = try reader.flag()
            let size = try reader.unsigned(upTo: 1 << 15) + 1
            let shift = isNegative ? -size : size
            let base = known[index - distance]
            // In the order that the flags stand: base's earlier pictures, its later ones, the base itself.
            for reference in base + [Reference(delta: 0, isUsed: false)] {
                let isUsed = try reader.flag()
                let isKept = isUsed ? true : try reader.flag()
                let delta = reference.delta + shift
                guard isKept, delta != 0 else { continue }
                if delta < 0 {
                    before.append(Reference(delta: delta, isUsed: isUsed))
                } else {
                    after.append(Reference(delta: delta, isUsed: isUsed))
                }
            }
            before.sort { $0.delta > $1.delta }
            after.sort { $0.delta < $1.delta }
        } else {
            let (earlier, later) = (try reader.unsigned(upTo: 16), try reader.unsigned(upTo: 16))
            var delta = 0
            for _ in 0..<earlier {
                delta -= try reader.unsigned(upTo: 1 << 15) + 1
                before.append(Reference(delta: delta, isUsed: try reader.flag()))
            }
            delta = 0
            for _ in 0..<later {
                delta += try reader.unsigned(upTo: 1 << 15) + 1
                after.append(Reference(delta: delta, isUsed: try reader.flag()))
            }
        }
        guard before.count + after.count <= 16 else { throw damaged("a set of more than 16 reference pictures") }
        return before + after
    }

    private mutating func readPicture(_ reader: inout NALReader) throws(VTXError) {
        var set = Picture()
        let id = try reader.unsigned(upTo: 63)
        set.sequence = try reader.unsigned(upTo: 15)
        set.hasDependentSegments = try reader.flag()
        set.hasOutputFlag = try reader.flag()
        set.extraBits = try reader.bits(3)
        try reader.skip(1)
        set.choosesContextInit = try reader.flag()
        set.references = [try reader.unsigned(upTo: 14) + 1, try reader.unsigned(upTo: 14) + 1]
        try reader.signed()
        try reader.skip(1)
        let skipsTransform = try reader.flag()
        if try reader.flag() { _ = try reader.unsigned() }
        try reader.signed()
        try reader.signed()
        set.hasChromaOffsets = try reader.flag()
        set.isWeighted = try reader.flag()
        set.isBipredictionWeighted = try reader.flag()
        try reader.skip(1)
        let (hasTiles, isSynchronous) = (try reader.flag(), try reader.flag())
        set.hasEntryPoints = hasTiles || isSynchronous
        if hasTiles {
            let (columns, rows) = (try reader.unsigned(upTo: 1 << 10), try reader.unsigned(upTo: 1 << 10))
            if !(try reader.flag()) { for _ in 0..<columns + rows { _ = try reader.unsigned() } }
            try reader.skip(1)
        }
        set.filtersAcrossSlices = try reader.flag()
        if try reader.flag() {
            set.overridesDeblocking = try reader.flag()
            set.isDeblockingOff = try reader.flag()
            if !set.isDeblockingOff { for _ in 0..<2 { try reader.signed() } }
        }
        if try reader.flag() { try skipScalingLists(&reader) }
        set.modifiesLists = try reader.flag()
        _ = try reader.unsigned()
        set.hasExtension = try reader.flag()
        if try reader.flag() {
            let hasRange = try reader.flag()
            guard try reader.bits(7) == 0 else { throw damaged("an HEVC stream with several layers or for screens") }
            if hasRange {
                if skipsTransform { _ = try reader.unsigned() }
                try reader.skip(1)
                set.hasChromaOffsetLists = try reader.flag()
            }
        }
        pictures[id] = set
    }
}
