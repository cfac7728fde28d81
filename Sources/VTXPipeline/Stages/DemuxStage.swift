// First stage: reads the file once and hands each packet to whoever needs its stream.
//
// Packets leave here in output time: the plan's origin is subtracted, so nobody downstream has to know
// when the source began or what was cut off.

package import LibAV
package import VTXModel
import VTXSystem

/// What reading the source told about one of its streams.
package struct StreamReading: Hashable, Sendable {
    package var packets = 0
    package var corrupt = 0
    /// End of the last packet in output time.
    package var end: MediaTime?

    package init() {}

    mutating func note(_ packet: borrowing Packet, base: Rational) {
        packets += 1
        if packet.isCorrupt { corrupt += 1 }
        guard let time = packet.presentation ?? packet.decoding else { return }
        let last = MediaTime(time &+ max(0, packet.duration), base)
        if end == nil || last > end! { end = last }
    }
}

/// What reading the source told.
package struct SourceReading: Sendable {
    package var streams: [Int: StreamReading] = [:]
    /// What ended reading before the end of the file.
    package var failure: AVFailure?
    /// Everything that was wanted had been read before the end of the file.
    package var stoppedEarly = false
    /// Places in output time where the file's clock jumps, the first few of `jumpCount`.
    package var jumps: [ClockJump] = []
    package var jumpCount = 0
    /// What the streams are that appeared only midway, and were left out.
    package var lateStreams: [String] = []

    package init() {}

    /// Adds what reading another part of the file, or other streams of it, told. Parts that overlap count twice.
    mutating func merge(_ other: SourceReading) {
        streams.merge(other.streams) { mine, more in
            var sum = mine
            sum.packets += more.packets
            sum.corrupt += more.corrupt
            sum.end = [mine.end, more.end].compactMap { $0 }.max()
            return sum
        }
        failure = failure ?? other.failure
        if other.jumpCount > jumpCount { (jumps, jumpCount) = (other.jumps, other.jumpCount) }
        if other.lateStreams.count > lateStreams.count { lateStreams = other.lateStreams }
    }

    /// Takes over what the reader has noticed.
    ///
    /// - Parameters:
    ///   - origin: time of the file that is 0 in the output.
    ///   - known: how many streams the file had when it was opened.
    mutating func note(_ demuxer: Demuxer, origin: MediaTime, known: Int) {
        jumps = demuxer.jumps.map {
            ClockJump(time: $0.time - origin.rescaled(to: MediaTime.microsecond), distance: $0.distance)
        }
        jumpCount = demuxer.jumpCount
        lateStreams = (known..<max(known, demuxer.streamCount)).map {
            let stream = demuxer.describeStream($0)
            return "\($0) (\(stream.codec == "none" ? "" : stream.codec + " ")\(stream.kind.rawValue))"
        }
    }
}

/// Who takes a stream's packets.
enum Route: Sendable {
    /// A stage that decodes them.
    case stage(Channel<Packet>)
    /// The writer's thread: they are copied, beside other tracks that are encoded.
    case writer(PacketSink)
    /// The writer on this very thread: all tracks are copied, and handing packets over would only cost time.
    case direct(TrackWriter, track: Int, base: Rational)

    /// - Returns: whether more are wanted.
    func send(_ packet: consuming Packet) throws -> Bool {
        switch self {
        case .stage(let channel): return try channel.send(packet)
        case .writer(let sink):
            try sink.write(packet)
            return true
        case .direct(let writer, let track, let base):
            try writer.write(packet, track: track, base: base)
            return true
        }
    }

    /// The same track, written without changing threads.
    func onThisThread(_ writer: TrackWriter) -> Route {
        guard case .writer(let sink) = self else { return self }
        return .direct(writer, track: sink.track, base: sink.base)
    }

    func close() {
        switch self {
        case .stage(let channel): channel.close()
        case .writer(let sink): sink.close()
        case .direct: break
        }
    }
}

struct DemuxStage: Sendable {
    let demuxer: Demuxer
    let origin: MediaTime
    let routes: [Int: Route]
    let result: Guarded<SourceReading>

    func run() throws {
        try read()
        for route in routes.values { route.close() }
    }

    private func read() throws {
        var reading = SourceReading()
        let known = demuxer.streamCount
        defer {
            reading.note(demuxer, origin: origin, known: known)
            result.with { $0 = reading }
        }
        let bases = (0..<demuxer.streamCount).map { demuxer.timeBase(of: $0) }
        let shifts = bases.map { -rescale(origin.ticks, from: origin.base, to: $0) }
        var open = Set(routes.keys)
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
            let stream = packet.stream
            guard stream < bases.count else { continue }  // appeared midway
            packet.shift(by: shifts[stream])
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
