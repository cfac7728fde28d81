// Output that is played faster or slower than the source.
//
// Times become those of the output where packets are decoded (the unit of their time stamps is divided by the speed), so
// that everything behind knows one time only. Audio is decoded in its own time, and its last filter changes the tempo.

import VTXModel

/// - Throws: `.usage` for a speed that is out of range, and for what cannot follow it.
func checkSpeedUp(_ options: TranscodeOptions) throws(VTXError) {
    guard let speed = options.speedUp, speed != Rational(1) else { return }
    guard (Rational(1, 4)...Rational(8)).contains(speed) else {
        throw VTXError(
            .usage, "\(.speedUp) \(decimalText(speed.value)) is out of range", remedy: "it goes from 0.25 to 8")
    }
    let others: [(Setting, Bool)] = [
        (.burnSubtitle, options.burn != nil), (.deinterlacing, options.deinterlace == .pulldown),
    ]
    if let other = others.first(where: \.1)?.0 {
        throw VTXError(
            .usage, "\(.speedUp) and \(other) cannot be combined", remedy: "do it in two steps: the other one first")
    }
}

extension Cut {
    /// What copied tracks cannot follow.
    var needingEncoder: [(setting: Setting, isSet: Bool)] { [(.speedUp, isSpedUp)] }

    /// Filters that change the tempo of audio and keep its pitch.
    var tempoFilters: [String] {
        guard isSpedUp else { return [] }
        // One filter leaves out pieces above twice the speed.
        var rest = speed.value
        var steps: [Double] = []
        while rest > 2 {
            steps.append(2)
            rest /= 2
        }
        while rest < 0.5 {
            steps.append(0.5)
            rest *= 2
        }
        return (steps + [rest]).map { "atempo=\(decimalText($0))" }
    }
}
