// Measures the loudness of whole tracks (EBU R 128, with libavfilter's `ebur128`), before they are encoded.

import Glibc
package import LibAV
package import VTXModel
package import VTXSystem

/// Reads the source once and measures the given tracks.
package final class LoudnessMeter {
    private let source: Demuxer
    private let plan: TranscodePlan
    private let interrupt: Interrupt

    /// - Parameter source: the plan's input, at its beginning; it is used up.
    package init(plan: TranscodePlan, source: Demuxer, interrupt: Interrupt) {
        self.plan = plan
        self.source = source
        self.interrupt = interrupt
    }

    /// - Parameter progress: called on this thread with the time that has been measured.
    /// - Returns: loudness by source stream, of tracks that ask for a target.
    package func run(every interval: Double, progress: (MediaTime) -> Void) throws -> [Int: Loudness] {
        let group = StageGroup(interrupt: interrupt)
        let results = Guarded<[Int: Loudness]>([:])
        let position = Guarded(MediaTime.zero)
        var routes: [Int: Route] = [:]
        var stages: [@Sendable () throws -> Void] = []
        for track in plan.audio {
            guard let encode = track.encode, encode.loudness != nil else { continue }
            let stream = track.stream
            let decoder = try Decoder(for: source.parameters(of: stream))
            let packets: Channel<Packet> = group.channel(capacity: 64)
            let decoded: Channel<Frame> = group.channel(capacity: 16)
            let measured: Channel<Frame> = group.channel(capacity: 16)
            let reached = Guarded<MediaTime?>(nil)
            let decode = AudioDecodeStage(
                decoder: decoder, packets: packets, frames: decoded, isCutAtStart: plan.skipped != nil,
                limit: plan.sourceLimit, reached: reached,
                counts: Guarded(DecoderCounts()))
            let join = try AudioJoin(
                track, first: decoded, source: source, group: group, isCutAtStart: plan.skipped != nil,
                limit: plan.sourceLimit)
            for part in join?.parts ?? [] { routes[part.stream] = .stage(part.packets) }
            stages += join?.stages.map(\.body) ?? []
            let chain = audioChain(
                plan: encode, isCutAtStart: plan.skipped != nil, limit: plan.sourceLimit, gain: [])
            let filter = AudioFilterStage(
                chain: { chain($0) + ["ebur128=metadata=1:peak=true"] }, frameSize: 0,
                outputBase: Rational(1, Int64(encode.sampleRate)), input: join?.frames ?? decoded, output: measured)
            routes[stream] = .stage(packets)
            stages.append { try decode.run() }
            stages.append { try filter.run() }
            stages.append {
                var loudness = Loudness(integrated: -70, truePeak: -.infinity)
                while let frame = try measured.receive() {
                    if let value = frame.metadata("lavfi.r128.I").flatMap(Double.init) {
                        loudness.integrated = value
                    }
                    // ebur128 reports each channel's highest amplitude so far.
                    var channel = 0
                    while let peak = frame.metadata("lavfi.r128.true_peaks_ch\(channel)").flatMap(Double.init) {
                        loudness.truePeak = max(loudness.truePeak, 20 * log10(peak))
                        channel += 1
                    }
                    if let reached = reached.with({ $0 }) { position.with { $0 = max($0, reached) } }
                }
                results.with { $0[stream] = loudness }
            }
        }
        if let skipped = plan.skipped, skipped.ticks > 0, let first = routes.keys.min() {
            try source.skip(to: plan.origin, stream: first, interrupt: interrupt)
        }
        let demux = DemuxStage(
            demuxer: source, origin: plan.origin, routes: routes, result: Guarded(SourceReading()))
        for stage in stages { group.start("loudness", stage) }
        group.start("demux") { try demux.run() }
        try group.wait(every: interval) { progress(position.with { $0 }) }
        return results.with { $0 }
    }
}
