// Estimates of the time left, checked against simulated jobs whose end is known.

import Testing
import VTXKit
import VTXModel
import VTXPipeline
import VTXPlanning

@Suite("remaining time")
struct RemainingTimeTests {
    /// A job whose output advances by `speed` of its work per second at each moment, after `warmUp` seconds.
    struct Course: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var warmUp = 0.0
        /// Work per second when a part of the work is done.
        var speed: @Sendable (Double) -> Double
    }

    static let courses = [
        Course(testDescription: "steady") { _ in 0.02 },
        Course(testDescription: "short", warmUp: 0.5) { _ in 0.2 },
        Course(testDescription: "an encoder that looks ahead", warmUp: 8) { _ in 0.02 },
        Course(testDescription: "a machine that gets busier") { $0 < 0.5 ? 0.025 : 0.018 },
        Course(testDescription: "a source that gets harder") { 0.03 - 0.008 * $0 },
        Course(testDescription: "chunks that come in bursts", warmUp: 4) { Int($0 * 200) % 4 == 0 ? 0.08 : 0.016 },
        Course(testDescription: "a slow job", warmUp: 60) { _ in 0.0005 },
    ]

    @Test("At 10, 30, 60 and 90 % an estimate is within a quarter of the truth", arguments: courses)
    func estimates(course: Course) throws {
        let step = 0.2
        var (time, done) = (0.0, 0.0)
        var remaining = RemainingTime()
        var estimates: [(time: Double, seconds: Double?)] = []
        var marks = [0.1, 0.3, 0.6, 0.9][...]
        while done < 1 {
            time += step
            if time > course.warmUp { done = min(1, done + course.speed(done) * step) }
            remaining.add(done: done, at: time)
            if let mark = marks.first, done >= mark {
                estimates.append((time, remaining.seconds))
                marks = marks.dropFirst()
            }
        }
        for (moment, seconds) in estimates {
            let ratio = try #require(seconds) / max(step, time - moment)
            #expect((0.75...1.25).contains(ratio), "at \(moment) of \(time) s: \(seconds ?? -1)")
        }
    }

    @Test("A run that resumes another goes by its own speed")
    func resumed() throws {
        var remaining = RemainingTime()
        for tick in 0...20 { remaining.add(done: 0.8 + 0.001 * Double(tick), at: Double(tick)) }
        #expect(abs(try #require(remaining.seconds) - 180) < 1)
    }

    @Test("Work that has to be done again is still to be done, at the speed so far")
    func again() throws {
        var remaining = RemainingTime()
        for tick in 0...90 { remaining.add(done: 0.01 * Double(tick), at: Double(tick)) }
        #expect(abs(try #require(remaining.seconds) - 10) < 0.5)
        for tick in 91...100 { remaining.add(done: 0.01 * Double(tick), of: 1.2, at: Double(tick)) }
        #expect(abs(try #require(remaining.seconds) - 20) < 1)
    }

    @Test("Half of the work is where the bytes are")
    func curve() throws {
        // All bytes are in the second half.
        let curve = try #require(WorkCurve(bytes: [0, 0, 0, 50, 100]))
        #expect(curve.work(at: 0) == 0 && curve.work(at: 1) == 1 && curve.work(at: 0.5) == 0.25)
        #expect(curve.work(at: 0.75) == 0.625 && curve.work(at: -1) == 0 && curve.work(at: 2) == 1)
        #expect(WorkCurve(bytes: []) == nil && WorkCurve(bytes: [5]) == nil && WorkCurve(bytes: [5, 5]) == nil)
        let constant = try #require(WorkCurve(bytes: [10, 20, 30]))
        #expect([0.1, 0.5, 0.7].allSatisfy { abs(constant.work(at: $0) - $0) < 1e-9 })
    }

    @Test("Too little tells nothing")
    func early() {
        var remaining = RemainingTime()
        #expect(remaining.seconds == nil)
        for tick in 0...50 { remaining.add(done: 0, at: Double(tick)) }
        #expect(remaining.seconds == nil)
        remaining.add(done: 0.001, at: 51)
        #expect(remaining.seconds == nil)
    }
}

@Suite("progress of ladders")
struct LadderMeterTests {
    private func plan() throws -> LadderPlan {
        let video = StreamDescription(
            index: 0, kind: .video, codec: "h264", start: .zero, duration: MediaTime(seconds: 100), disposition: [],
            video: VideoDescription(
                codedSize: PixelSize(640, 360), averageFrameRate: Rational(25), nominalFrameRate: Rational(25)))
        let source = MediaDescription(
            path: "in.mkv", format: "matroska", formatLongName: "Matroska", duration: MediaTime(seconds: 100),
            durationSource: .header, start: .zero, streams: [video])
        var options = LadderOptions(output: "out")
        options.rungs = [RungRequest(shortSide: 360), RungRequest(shortSide: 240)]
        return try planLadder(
            of: source, options: options, capabilities: Capabilities(encoders: ["libx264"], filters: []))
    }

    private func state(_ packets: Int, dropped: Int = 0, redone: Int = 0, foreseen: Int = 0) -> RenditionProgress {
        var state = RenditionProgress()
        state.add(frames: packets, bytes: Int64(packets), rate: Rational(25))
        (state.dropped, state.redone, state.foreseen) = (dropped, redone, foreseen)
        return state
    }

    @Test("Chunks that are encoded again never make progress fall")
    func again() throws {
        let names = try plan().video?.rungs.map(\.name) ?? []
        var meter = LadderMeter(plan: try plan(), isResumed: false)
        var last: JobProgress?
        // Frames that are done, dropped, encoded again, and expected to be dropped.
        let course: [(Int, Int, Int, Int)] = [
            (0, 0, 0, 0), (600, 0, 0, 0), (1200, 0, 0, 600), (1800, 0, 0, 600), (2500, 0, 0, 1200), (1900, 600, 0, 600),
            (1300, 1200, 0, 0), (1900, 1200, 600, 0), (2500, 1200, 1200, 0),
        ]
        for (done, dropped, redone, foreseen) in course {
            let again = state(done, dropped: dropped, redone: redone, foreseen: foreseen)
            let states = [(names[0], again), (names[1], state(min(2500, done + dropped)))]
            let progress = meter.progress(states, elapsed: 1)
            let before = last
            last = progress
            guard let before else { continue }
            #expect(try #require(progress.fraction) >= before.fraction ?? 0)
            #expect(progress.position >= before.position && progress.frames >= before.frames)
            for (now, then) in zip(progress.renditions, before.renditions) {
                #expect(try #require(now.fraction) >= then.fraction ?? 0)
            }
        }
        #expect(last?.fraction == 1)
    }

    @Test("Work that is foreseen counts before it is due")
    func foreseen() throws {
        let names = try plan().video?.rungs.map(\.name) ?? []
        var meter = LadderMeter(plan: try plan(), isResumed: false)
        let all = meter.progress([(names[0], state(2500, foreseen: 1250)), (names[1], state(2500))], elapsed: 1)
        #expect(try #require(all.fraction) < 0.8)
    }
}
