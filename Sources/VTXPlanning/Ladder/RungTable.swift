// The rungs of a ladder and their bit rates, where none are asked for.

import VTXModel

/// Average bits per second of H.264 at up to 30 frames a second, by short side: Apple's HLS authoring
/// specification, the lower of its two points where it has two.
private let usualRates: [(shortSide: Int, bitRate: Int64)] = [
    (234, 250_000), (360, 730_000), (432, 1_100_000), (480, 1_400_000), (540, 2_000_000), (720, 3_000_000),
    (1080, 6_000_000), (1440, 9_500_000), (2160, 18_000_000),
]

/// The average bit rate of a rung: a straight line between Apple's points, 1.5 times as much above 30
/// frames a second, and 0.6 and 0.5 of it for HEVC and AV1.
func usualBitRate(shortSide: Int, frameRate: Rational, codec: VideoCodec) -> Int64 {
    let points = usualRates
    var rate: Double
    if let next = points.firstIndex(where: { $0.shortSide >= shortSide }), next > 0 {
        let (low, high) = (points[next - 1], points[next])
        let part = Double(shortSide - low.shortSide) / Double(high.shortSide - low.shortSide)
        rate = Double(low.bitRate) + part * Double(high.bitRate - low.bitRate)
    } else {
        let end = shortSide < points[0].shortSide ? points[0] : points[points.count - 1]
        let ratio = Double(shortSide) / Double(end.shortSide)
        rate = Double(end.bitRate) * ratio * ratio
    }
    if frameRate > Rational(32) { rate *= 1.5 }
    rate *= codec.traits.ladderRate ?? 1
    return max(32_000, Int64((rate / 1000).rounded()) * 1000)
}

/// Short sides of the default rungs, largest first.
///
/// The source's own size is the top where it lies between rungs; nothing is enlarged; and there are always
/// two, so that a player has something to switch to.
func defaultRungs(shortSide: Int) -> [Int] {
    let own = shortSide - shortSide % 2
    let standard = [1080, 720, 480, 360]
    var rungs = own >= standard[0] ? [standard[0]] : [own]
    rungs += standard.filter { Double($0) * 1.2 <= Double(rungs[0]) }
    let smaller = (own * 2 / 3) / 2 * 2
    if rungs.count == 1, smaller >= 2 { rungs.append(smaller) }
    return rungs
}

extension PixelSize {
    /// The size of the same shape whose shorter side is `side`.
    func scaled(toShortSide side: Int) -> PixelSize {
        width >= height ? scaled(toHeight: side) : scaled(toWidth: side)
    }
}
