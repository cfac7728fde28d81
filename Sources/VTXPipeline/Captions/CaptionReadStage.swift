// Closed captions inside video as packets of their own, without decoding the video.

import LibAV
import VTXBitstream
import VTXModel

/// Reads the captions out of the packets of a video stream, and puts them into the order in which frames are shown.
struct CaptionReadStage: Sendable {
    private let carrier: CaptionCarrier
    private let channel: CaptionChannel
    private let packets: Channel<Packet>
    private let output: Channel<Packet>

    /// Most frames that codecs reorder.
    private static let reordering = 16

    /// - Parameters:
    ///   - parameters: of the video.
    ///   - channel: of which captions are handed on.
    init(
        _ parameters: CodecParameters, channel: CaptionChannel, packets: Channel<Packet>, output: Channel<Packet>
    ) throws(VTXError) {
        guard let carrier = CaptionCarrier(codec: parameters.codec, header: parameters.header) else {
            throw VTXError(.internal, "\(parameters.codec) carries no captions", remedy: .report())
        }
        (self.carrier, self.channel, self.packets, self.output) = (carrier, channel, packets, output)
    }

    func run() throws {
        var waiting: [(time: Int64, duration: Int64, data: CaptionData)] = []
        var filter = CaptionChannelFilter(channel)
        func release(downTo count: Int) throws -> Bool {
            while waiting.count > count {
                let next = waiting.removeFirst()
                let packet = try Packet(filter.apply(to: next.data).bytes)
                packet.presentation = next.time
                packet.decoding = next.time
                packet.duration = next.duration
                if try !output.send(packet) { return false }
            }
            return true
        }
        while let packet = try packets.receive() {
            guard let time = packet.presentation ?? packet.decoding else { continue }
            let data = packet.withBytes { carrier.allCaptions(in: $0) }
            let place = waiting.lastIndex { $0.time <= time }.map { $0 + 1 } ?? 0
            waiting.insert((time, packet.duration, data), at: place)
            if try !release(downTo: Self.reordering) {
                packets.refuse()
                break
            }
        }
        _ = try release(downTo: 0)
        output.close()
    }
}

extension CaptionChannel {
    /// Makes text of the captions of a channel of CEA-608.
    ///
    /// - Parameter base: unit of their times.
    func converter(base: Rational, to codec: SubtitleCodec) throws(AVFailure) -> SubtitleConverter {
        let field = if case .cc(let number) = self, number > 2 { 2 } else { 1 }
        return try SubtitleConverter(from: CodecParameters(captionsIn: base), to: codec, field: field)
    }
}
