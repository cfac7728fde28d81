// First stage: reads the file once and hands each packet to whoever needs its stream.
//
// Packets leave here in output time: the plan's origin is subtracted, so nobody downstream has to know
// when the source began or what was cut off.

import LibAV
import VTXModel
import VTXSystem

/// Reads a source to its end, or until nobody wants more.
struct DemuxStage: Sendable {
    let demuxer: Demuxer
    let origin: MediaTime
    let routes: [Int: Route]
    let result: Guarded<SourceReading>
    /// Whether the rest need not be read, since the output is of no use.
    var isGivenUp: @Sendable () -> Bool = { false }

    func run() throws {
        try read()
        for route in routes.values { route.close() }
    }

    private func read() throws {
        var reading = SourceReading()
        let known = demuxer.streamCount
        defer {
            reading.note(demuxer, origin: origin, known: known, used: routes.keys)
            result.with { $0 = reading }
        }
        let bases = (0..<demuxer.streamCount).map { demuxer.timeBase(of: $0) }
        let shifts = bases.map { -rescale(origin.ticks, from: origin.base, to: $0) }
        var open = Set(routes.keys)
        let links = try CopiedLinks(demuxer, copied: routes.filter { $0.value.isCopy }.map(\.key))
        while true {
            let next: Packet?
            do {
                next = try demuxer.read()
            } catch {
                if error.isInterrupt { throw Aborted() }
                // The file is damaged here. What was read is kept; the job decides what it is worth.
                reading.failure = error
                return
            }
            guard let packet = next else { return }
            if isGivenUp() {
                reading.stoppedEarly = true
                return
            }
            let stream = packet.stream
            guard stream < bases.count else { continue }  // appeared midway
            packet.shift(by: shifts[stream])
            if try links?.leavesOut(packet, of: stream) == true { continue }
            reading.streams[stream, default: StreamReading()].note(packet, base: bases[stream])
            guard let route = routes[stream] else { continue }
            if try !route.send(packet) {
                open.remove(stream)
                if open.isEmpty {
                    reading.stoppedEarly = true
                    return
                }
            }
        }
    }
}
