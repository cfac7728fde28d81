// Clocks that jump: which offset each packet gets. Times are seconds here.

import Testing
import VTXModel

@testable import LibAV

@Suite("clock repair")
struct ClockRepairTests {
    private struct Step {
        var stream: Int
        var time: Double
        /// Where it belongs.
        var due: Double
    }

    /// Packets of picture (0) and audio (1), 0.04 s each.
    private func check(
        _ steps: [Step], closesGaps: Bool = true, jumps: Int, location: SourceLocation = #_sourceLocation
    ) -> ClockRepair {
        var repair = ClockRepair(closesGaps: closesGaps)
        for (index, step) in steps.enumerated() {
            let time = Int64((step.time * 1e6).rounded())
            let offset = repair.offset(
                of: step.stream, at: time, lasting: 40_000, leads: step.stream < 2, isOrdered: true)
            let found = Double(time + offset) / 1e6
            #expect(
                abs(found - step.due) < 1e-6, "packet \(index): \(found), not \(step.due)", sourceLocation: location)
        }
        #expect(repair.count == jumps, sourceLocation: location)
        return repair
    }

    private func source(_ range: ClosedRange<Int>, from start: Double, due: Double) -> [Step] {
        range.flatMap { number in
            let time = 0.04 * Double(number - range.lowerBound)
            return [0, 1].map { Step(stream: $0, time: start + time, due: due + time) }
        }
    }

    @Test(
        "A clock that starts anew, jumps ahead or back goes on where it was, all streams alike",
        arguments: [0, 7200, 3, 90_000, -50] as [Double])
    func jump(to second: Double) {
        let repair = check(source(0...249, from: 0, due: 0) + source(0...249, from: second, due: 10), jumps: 1)
        #expect(abs(repair.jumps[0].distance.seconds - (second - 10)) < 1e-6)
        #expect(repair.jumps[0].time.seconds == 10)
    }

    @Test("Audio of the old clock that comes after picture of the new one keeps its place")
    func crossing() {
        var steps = source(0...249, from: 0, due: 0)
        let late = steps.removeLast()
        steps += [Step(stream: 0, time: 500, due: 10), late, Step(stream: 0, time: 500.04, due: 10.04)]
        steps += [Step(stream: 1, time: 500, due: 10), Step(stream: 1, time: 500.04, due: 10.04)]
        _ = check(steps, jumps: 1)
    }

    @Test("The last packet of a stream that ends early, which comes at the end of the file, is no jump")
    func endsEarly() {
        var steps = source(0...249, from: 0, due: 0)
        let last = steps.removeLast()
        steps += (250...999).map { Step(stream: 0, time: 0.04 * Double($0), due: 0.04 * Double($0)) }
        _ = check(steps + [last], jumps: 0)
    }

    @Test("A single wild time is put where it belongs, and its neighbours stay")
    func wild() {
        var steps = source(0...249, from: 0, due: 0)
        steps.append(Step(stream: 0, time: 40_000, due: 10))
        steps += [Step(stream: 0, time: 10.04, due: 10.04), Step(stream: 1, time: 10, due: 10)]
        _ = check(steps, jumps: 1)
    }

    @Test("A stream that is silent for a while, or begins late, is where the others are")
    func pause() {
        let before = source(0...9, from: 0, due: 0)
        let alone = (10...1500).map { Step(stream: 0, time: 0.04 * Double($0), due: 0.04 * Double($0)) }
        _ = check(before + alone + source(0...9, from: 60.04, due: 60.04), jumps: 0)
        _ = check(alone + source(0...9, from: 60.04, due: 60.04), jumps: 0)
    }

    @Test("A gap of a few seconds stays, and so does any gap where times are the file's own")
    func gap() {
        _ = check(source(0...9, from: 0, due: 0) + source(0...9, from: 9, due: 9), jumps: 0)
        let hour = source(0...9, from: 0, due: 0) + source(0...9, from: 3600, due: 3600)
        _ = check(hour, closesGaps: false, jumps: 0)
        let back = source(0...99, from: 50, due: 50) + source(0...9, from: 0, due: 54)
        _ = check(back, closesGaps: false, jumps: 1)
    }

    @Test("Programmes with clocks of their own keep them")
    func programmes() {
        let steps = (0...499).flatMap { number in
            let time = 0.04 * Double(number)
            return [Step(stream: 0, time: time, due: time), Step(stream: 1, time: 50_000 + time, due: 50_000 + time)]
        }
        _ = check(steps, jumps: 0)
    }

    @Test("Subtitles follow the clock that picture and audio show")
    func followers() {
        let steps =
            source(0...249, from: 100, due: 100) + [Step(stream: 2, time: 105, due: 105)]
            + source(0...249, from: 0, due: 110) + [Step(stream: 2, time: 9, due: 119)]
        _ = check(steps, jumps: 1)
    }

    @Test("Any times at all are taken without a fault, and little is kept of them")
    func noise() {
        var repair = ClockRepair(closesGaps: true)
        var dice = SystemRandomNumberGenerator()
        for number in 0..<10_000 {
            // Packets carry at most 31 years.
            let time = Int64.random(in: -1_000_000_000_000_000...1_000_000_000_000_000, using: &dice)
            _ = repair.offset(
                of: number % 5, at: time, lasting: 40_000, leads: number % 5 < 3, isOrdered: number % 2 == 0)
        }
        #expect(repair.jumps.count <= 8)
    }

    @Test("Links of chained Ogg follow each other, however short", arguments: [0.08, 1, 3, 20], [0, 500])
    func chain(length: Double, start: Double) {
        var repair = ClockRepair(closesGaps: true, isChain: true)
        var due = 0.0
        for link in 0..<4 {
            let from = link == 0 ? 0 : start
            for number in 0..<Int((length / 0.02).rounded()) {
                // A decoder's lead has times below 0, and the packet after it none that is due.
                let time = from + 0.02 * Double(number) - (start == 0 && number == 0 ? 0.0065 : 0)
                let offset = repair.offset(
                    of: 0, at: Int64((time * 1e6).rounded()), lasting: 20_000, leads: true, isOrdered: true)
                let found = time + Double(offset) / 1e6
                #expect(abs(found - due) < 0.0132, "link \(link), packet \(number): \(found), not \(due)")
                due += 0.02
            }
        }
    }

    @Test("Headers of a link, which have durations to libav, do not move what follows them")
    func chainHeaders() {
        var repair = ClockRepair(closesGaps: true, isChain: true)
        func time(_ time: Double, _ duration: Double) -> Double {
            let micros = Int64((time * 1e6).rounded())
            let offset = repair.offset(
                of: 0, at: micros, lasting: Int64(duration * 1e6), leads: true, isOrdered: true)
            return Double(micros + offset) / 1e6
        }
        #expect(time(0, 0.5) == 0 && time(0.5, 0.5) == 0.5)
        #expect(time(0, 0.06) == 1 && time(0, 0.06) == 1 && time(0, 0.1) == 1 && time(0.1, 0.1) == 1.1)
        #expect(repair.count == 1)
    }
}
