// Where the tracks of a file begin and end, from its packets: headers are not exact enough to put another file behind it.

package import LibAV
package import VTXModel
package import VTXSystem

/// Reads all packets of some streams.
///
/// - Parameters:
///   - demuxer: at its beginning; it is used up.
///   - streams: those that matter.
/// - Returns: what was found, and what ended reading before the end of the file.
/// - Throws: `Aborted`.
package func scanExtents(
    _ demuxer: Demuxer, streams: [Int], interrupt: Interrupt
) throws -> (extents: [Int: TrackExtent], failure: AVFailure?) {
    var extents: [Int: TrackExtent] = [:]
    var readers: [Int: ExtentReader] = [:]
    for stream in streams {
        let parameters = try demuxer.parameters(of: stream)
        readers[stream] = ExtentReader(
            header: parameters.header, base: parameters.timeBase, sampleRate: parameters.sampleRate)
    }
    demuxer.keepOnly(Set(streams))
    var failure: AVFailure?
    do {
        while let packet = try demuxer.read() { readers[packet.stream]?.note(packet) }
    } catch {
        if error.isInterrupt || interrupt.isSet { throw Aborted() }
        failure = error
    }
    for (stream, reader) in readers { extents[stream] = reader.extent }
    return (extents, failure)
}

/// Follows the packets of one stream.
private struct ExtentReader {
    private(set) var extent = TrackExtent()
    private let base: Rational
    /// Of audio; `nil` for video.
    private let sampleRate: Int?
    private var first: Int64?
    private var last: Int64?
    private var key: Int64?
    private var longest: Int64 = 0
    private var lastStart: Int64 = .min
    private var lastDuration: Int64 = 0

    init(header: [UInt8], base: Rational, sampleRate: Int?) {
        self.base = base
        self.sampleRate = sampleRate
        extent.header = header
    }

    /// Samples in the unit of the packets.
    private func ticks(_ samples: Int) -> Int64 {
        guard let sampleRate, samples > 0 else { return 0 }
        return rescale(Int64(samples), from: Rational(1, Int64(sampleRate)), to: base)
    }

    mutating func note(_ packet: borrowing Packet) {
        extent.packets += 1
        if let header = packet.newHeader, header != extent.header { extent.changesHeader = true }
        guard let time = packet.presentation else {
            extent.isUntimed = true
            return
        }
        if key == nil {
            if packet.isKey { key = time } else { extent.hasOpenStart = true }
        } else if let key, time < key, packet.isShown {
            extent.hasOpenStart = true
        }
        guard packet.isShown else {
            extent.hasHidden = true
            return
        }
        let unheard = sampleRate == nil ? (start: 0, end: 0) : packet.unheardSamples
        if first.map({ time < $0 }) ?? true {
            first = time
            extent.first = MediaTime(time + ticks(unheard.start), base)
        }
        if time > lastStart {
            // The last one may be held.
            longest = max(longest, lastDuration)
            lastStart = time
            lastDuration = packet.duration
            extent.lacksDuration = packet.duration <= 0
        }
        let end = time + max(0, packet.duration - ticks(unheard.end))
        if last.map({ end > $0 }) ?? true {
            last = end
            extent.end = MediaTime(end, base)
        }
        extent.longest = longest > 0 ? MediaTime(longest, base) : nil
    }
}
