// Telling drift from jitter and gaps, and making it up.

import Testing

@testable import VTXPipeline

@Suite("drift of audio")
struct DriftTests {
    private static let frame = 1024.0 / 48000

    /// Timestamps in whole milliseconds of audio whose timestamps are `late(time)` seconds after its samples.
    private func firstDrift(frames: Int, late: (Double) -> Double) -> (time: Double, deviation: Double, share: Double)?
    {
        var detector = DriftDetector()
        for number in 0..<frames {
            let due = Double(number) * Self.frame
            let deviation = ((due + late(due)) * 1000).rounded() / 1000 - due
            if let share = detector.add(deviation: deviation, duration: Self.frame) { return (due, deviation, share) }
        }
        return nil
    }

    @Test(
        "Drift is found before it would be a gap, with its pace",
        arguments: [0.007, -0.007, 0.02, -0.02, 0.001, -0.001, 0.0001, 0.00001])
    func found(share: Double) throws {
        let frames = Int(0.03 / abs(share) / Self.frame)
        let drift = try #require(firstDrift(frames: frames) { share * $0 })
        #expect(abs(drift.deviation) < 0.02, "at \(drift.time) s: \(drift.deviation)")
        #expect(abs(drift.share / share - 1) < 0.15, "\(drift.share)")
    }

    @Test("Drift that begins late is found, too")
    func late() throws {
        let drift = try #require(firstDrift(frames: 6000) { max(0, $0 - 60) * 0.007 })
        #expect(drift.time > 60 && drift.deviation < 0.02)
    }

    @Test("Jitter, steps and small differences are no drift", arguments: ["none", "jitter", "step", "steps", "offset"])
    func notFound(kind: String) {
        var random: UInt64 = 1
        func noise() -> Double {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(random >> 40) / Double(1 << 24) - 0.5
        }
        let drift = firstDrift(frames: 20_000) { time in
            switch kind {
            case "jitter": noise() * 0.038
            case "step": time > 30 ? 0.018 : 0
            case "steps": time > 200 ? 0.019 : time > 30 ? 0.009 : 0
            case "offset": time > 0 ? 0.0175 : 0
            default: 0
            }
        }
        #expect(drift == nil, "\(String(describing: drift))")
    }

    @Test(
        "Stretched audio stays with its timestamps, whatever becomes of the drift",
        arguments: [0.007, -0.007, 0.02, 0.0005])
    func control(share: Double) throws {
        func late(_ time: Double) -> Double { time < 60 ? share * time : share * 60 + share / 2 * (time - 60) }
        var detector = DriftDetector()
        var control: DriftControl?
        // What was added to the audio so far.
        var (added, most) = (0.0, 0.0)
        for number in 0..<Int(180 / Self.frame) {
            let due = Double(number) * Self.frame
            let deviation = ((due + late(due)) * 1000).rounded() / 1000 - due - added
            if abs(share) > 0.001 { #expect(abs(deviation) < 0.02, "\(deviation) at \(due)") }
            if control == nil, let trend = detector.add(deviation: deviation, duration: Self.frame) {
                control = DriftControl(trend: trend, deviation: deviation)
            }
            if control != nil { added += control!.next(deviation: deviation, duration: Self.frame) * Self.frame }
            if due > 40, due < 60 || due > 120 { most = max(most, abs(deviation)) }
        }
        try #require(control != nil)
        #expect(most < (abs(share) > 0.001 ? 0.003 : 0.016), "\(most)")
    }
}
