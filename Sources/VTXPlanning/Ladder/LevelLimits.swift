// The largest frames of a ladder: those of level 5.2, beyond which players are not expected to decode.

import VTXModel

/// What level 5.2 of a codec allows.
private struct LevelLimit {
    /// Side of the blocks that are counted.
    var block = 1
    /// Blocks in a frame.
    var frame: Int
    /// Blocks in a second.
    var second: Double
    /// Blocks along the width, and along the height.
    var width: Int
    var height: Int

    init?(_ codec: VideoCodec) {
        switch codec {
        case .h264:  // ISO/IEC 14496-10, table A-1 and A.3.1: sides up to the square root of 8 × MaxFS
            (block, frame, second, width, height) = (16, 36_864, 2_073_600, 543, 543)
        case .hevc:  // ISO/IEC 23008-2, tables A.8 and A.9
            (frame, second, width, height) = (8_912_896, 1_069_547_520, 8444, 8444)
        case .av1:  // AV1, A.3
            (frame, second, width, height) = (8_912_896, 1_069_547_520, 8192, 4352)
        default: return nil
        }
    }

    func allows(_ size: PixelSize, frameRate: Rational) -> Bool {
        let columns = (size.width + block - 1) / block
        let rows = (size.height + block - 1) / block
        return columns <= width && rows <= height && columns * rows <= frame
            && Double(columns * rows) * frameRate.value <= second
    }
}

extension LadderPlanner {
    /// The rungs, each made as small as level 5.2 of all codecs asks.
    ///
    /// - Parameters:
    ///   - requests: largest first.
    ///   - display: upright size of the source in square pixels.
    func limitRungs(
        _ requests: [RungRequest], of display: PixelSize, frameRate: Rational
    ) -> Decided<[RungRequest]> {
        var decided = Decided<[RungRequest]>(value: [])
        for var request in requests {
            let asked = request.shortSide
            var codec: VideoCodec?
            while request.shortSide > 2,
                let other = codecTooSmall(for: display.scaled(toShortSide: request.shortSide), frameRate)
            {
                codec = other
                request.shortSide -= request.shortSide % 2 == 0 ? 2 : 1
            }
            if let codec {
                let size = display.scaled(toShortSide: request.shortSide)
                decided.decisions.append(.video(.limitedRung(shortSide: asked, to: size, codec)))
            }
            guard !decided.value.contains(where: { $0.shortSide == request.shortSide }) else { continue }
            decided.value.append(request)
        }
        // A rung that became smaller may be next to the one after it.
        decided.value.sort { $0.shortSide > $1.shortSide }
        return decided
    }

    private func codecTooSmall(for size: PixelSize, _ rate: Rational) -> VideoCodec? {
        options.codecs.first { LevelLimit($0)?.allows(size, frameRate: rate) == false }
    }
}
