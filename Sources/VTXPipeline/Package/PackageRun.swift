// Second pass of packaging: each file is read on a thread of its own, and its packets are cut into segments
// on that very thread. Nothing is decoded, and no packet changes threads.

import LibAV
package import VTXModel
package import VTXSystem

/// One pass over all inputs of a package.
package final class PackageRun: Sendable {
    private let plan: PackagePlan
    private let interrupt: Interrupt
    private let receiver: Receiver

    /// Takes what the renditions produce.
    package typealias Receiver = PackageReceiver

    /// What became of one rendition's packets.
    package typealias RenditionOutcome = CopyOutcome

    /// - Parameter interrupt: ends the run with `Aborted`.
    package init(plan: PackagePlan, interrupt: Interrupt, receiver: Receiver) {
        self.plan = plan
        self.interrupt = interrupt
        self.receiver = receiver
    }

    /// - Parameter progress: called on this thread with each rendition's state, in the plan's order.
    package func run(
        every interval: Double, progress report: ([(name: String, state: RenditionProgress)]) -> Void
    ) throws -> (renditions: [String: RenditionOutcome], subtitles: [Int: SubtitleOutcome]) {
        let group = StageGroup(interrupt: interrupt)
        var states: [(name: String, progress: Guarded<RenditionProgress>)] = []
        for name in plan.video.map(\.name) + plan.audio.map(\.name) {
            states.append((name, Guarded(RenditionProgress())))
        }
        let progress = Dictionary(uniqueKeysWithValues: states.map { ($0.name, $0.progress) })
        let outcomes = Guarded<[String: RenditionOutcome]>([:])
        let subtitles = Guarded<[Int: SubtitleOutcome]>([:])
        for (index, input) in plan.inputs.enumerated() where plan.uses(input: index) {
            group.start("copy \(index + 1)") { [self] in
                let demuxer = try Demuxer(opening: input.path, interrupt: interrupt)
                let file = try InputCopy(
                    plan: plan, input: index, demuxer: demuxer, receiver: receiver, progress: progress)
                try file.run()
                let (done, texts) = (file.outcomes, file.subtitleOutcomes)
                outcomes.with { $0.merge(done) { $1 } }
                subtitles.with { $0.merge(texts) { $1 } }
            }
        }
        for (index, subtitle) in plan.subtitles.enumerated() where subtitle.input == nil {
            guard let path = subtitle.track.file else { continue }
            group.start("subtitles \(index + 1)") { [self] in
                let input = try SubtitleInput(
                    opening: path, encoding: subtitle.track.encoding.flatMap(TextEncoding.init(named:)),
                    interrupt: interrupt)
                let counts = try readSubtitles(input.demuxer, stream: subtitle.track.stream, index: index)
                var outcome = SubtitleOutcome(declared: input.cues)
                outcome.counts = counts
                subtitles.with { [outcome] in $0[index] = outcome }
            }
        }
        try group.wait(every: interval) { report(states.map { ($0.name, $0.progress.with { $0 }) }) }
        return (outcomes.with { $0 }, subtitles.with { $0 })
    }

    private func readSubtitles(_ demuxer: Demuxer, stream: Int, index: Int) throws -> CueCounts {
        demuxer.keepOnly([stream])
        let converter = try SubtitleConverter(from: demuxer.parameters(of: stream), to: .webvtt)
        while let packet = try demuxer.read() {
            guard packet.stream == stream else { continue }
            try converter.convert(packet) { cue in
                if let text = SubtitleCue(cue) { try receiver.cue(index, text) }
            }
        }
        return converter.counts
    }
}

extension PackagePlan {
    fileprivate func uses(input: Int) -> Bool {
        video.contains { $0.input == input } || audio.contains { $0.input == input }
            || subtitles.contains { $0.input == input }
    }
}
