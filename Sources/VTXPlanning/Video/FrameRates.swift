// How fast the frames come, and in what unit their timestamps are written.

import VTXModel

/// What the source says about its frame rate, with the lies taken out.
struct SourceRate: Equatable {
    var rate: Rational
    var isVariable: Bool
    /// Neither header nor timestamps gave a believable rate.
    var isGuess = false
}

/// Header fields may hold a clock (600, 1000, 90000) where a frame rate should be.
func isSane(_ rate: Rational?) -> Bool {
    rate.map { $0 >= Rational(1) && $0 <= Rational(240) } ?? false
}

/// WebM and others round 30000/1001 to 29.97.
private func exactNTSC(_ rate: Rational) -> Rational {
    [24, 30, 48, 60, 120].map { Rational($0 * 1000, 1001) }
        .first { abs($0.value / rate.value - 1) < 2e-5 } ?? rate
}

func sourceRate(_ video: VideoDescription) -> SourceRate {
    let nominal = isSane(video.nominalFrameRate) ? video.nominalFrameRate.map(exactNTSC) : nil
    let average = isSane(video.averageFrameRate) ? video.averageFrameRate.map(exactNTSC) : nil
    guard let either = nominal ?? average else {
        return SourceRate(rate: Rational(30), isVariable: true, isGuess: true)
    }
    // Two frames that are near, of few that stand for seconds, tell no rate.
    if video.hasVariableFrameRate == nil, average == nil, let slow = video.averageFrameRate, slow.isPositive,
        slow < Rational(1), either.value > 10 * slow.value
    {
        return SourceRate(rate: Rational(30), isVariable: true, isGuess: true)
    }
    if video.hasVariableFrameRate == true { return SourceRate(rate: average ?? either, isVariable: true) }
    guard let nominal, let average else { return SourceRate(rate: either, isVariable: false) }
    let ratio = nominal.value / average.value
    if abs(ratio - 1) <= 0.01 { return SourceRate(rate: nominal, isVariable: false) }
    // The index shows frames of equal length, or the nominal rate counts fields.
    if video.hasVariableFrameRate == false || (video.fieldOrder.isInterlaced && abs(ratio - 2) < 0.02) {
        return SourceRate(rate: average, isVariable: false)
    }
    return SourceRate(rate: average, isVariable: true)
}

/// A constant rate for frames that came at varying distances: the nominal one unless that is far above what
/// is there, and the usual rate nearby rather than an odd one.
func constantRate(for video: VideoDescription) -> Rational {
    let found = sourceRate(video)
    var rate = found.rate
    // Timestamps have told the rate of most frames; an average may be spoilt by one that is held.
    if video.hasVariableFrameRate == true, let nominal = video.nominalFrameRate, isSane(nominal) {
        rate = nominal
    } else if let nominal = video.nominalFrameRate, isSane(nominal), nominal.value <= 2 * rate.value {
        rate = max(rate, nominal)
    }
    let usual = [
        Rational(24000, 1001), Rational(24), Rational(25), Rational(30000, 1001), Rational(30),
        Rational(48), Rational(50), Rational(60000, 1001), Rational(60), Rational(100),
        Rational(120_000, 1001), Rational(120),
    ]
    let near = usual.min { abs($0.value - rate.value) < abs($1.value - rate.value) }!
    return abs(near.value / rate.value - 1) < 0.005 ? near : rate
}

/// The decision to make the varying or unusable rate of a source constant.
func madeConstant(
    _ rate: Rational, from video: VideoDescription, because reason: ConstantRateReason
) -> VideoDecision {
    guard sourceRate(video).isGuess else { return .constantRate(rate, because: reason) }
    let own = video.averageFrameRate ?? video.nominalFrameRate
    return .assumedRate(rate, source: own.flatMap { $0.isPositive ? $0 : nil }, because: reason)
}

/// The unit for frames at a constant rate: fine enough for other clocks, and a whole number of ticks a frame.
///
/// 25 → 1/12800, 30000/1001 → 1/30000, 24 → 1/12288.
func timeBase(forConstant rate: Rational) -> Rational {
    guard rate.numerator <= 1_000_000 else { return Rational(1, 90_000) }
    var ticks = rate.numerator
    while ticks < 10_000 { ticks *= 2 }
    return Rational(1, ticks)
}

/// The unit for frames that keep their timestamps.
func timeBase(forVariable source: Rational) -> Rational {
    source.numerator == 1 && (1000...1_000_000).contains(source.denominator) ? source : Rational(1, 90_000)
}

extension CodecClock {
    /// The rate nearest to `rate` that the codec can express.
    func nearest(_ rate: Rational) -> Rational {
        guard case .frames(let most) = self, rate.numerator > most else { return rate }
        let parts: Int64 = rate.value < 65 ? 1000 : 100
        return Rational(Int64((rate.value * Double(parts)).rounded()), parts)
    }
}

/// `29.97 fps`.
func rateText(_ rate: Rational) -> String { rate.framesPerSecond }
