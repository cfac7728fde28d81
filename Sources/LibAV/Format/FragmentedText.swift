// Durations of text in fragmented MP4, which libavformat does not tell: a sample lasts until the next one.

import CLibAV
import VTXModel

/// Holds each packet of text until the next one of its stream comes; the order of all others stays as it is.
final class FragmentedText {
    private let streams: Set<Int>
    private var waiting: [Int: PacketBox] = [:]
    private var ready: [PacketBox] = []
    private var isFinished = false

    /// - Parameter streams: of text, whose samples are in fragments.
    init(_ streams: Set<Int>) { self.streams = streams }

    /// - Parameter streams: of an MP4 whose header has been read.
    /// - Returns: `nil` if there is no such text among them.
    convenience init?(among streams: UnsafeMutableBufferPointer<UnsafeMutablePointer<AVStream>?>) {
        let texts = streams.indices.filter {
            let stream = streams[$0]!.pointee
            return stream.codecpar.pointee.codec_type == AVMEDIA_TYPE_SUBTITLE && stream.nb_frames == 0
        }
        if texts.isEmpty { return nil }
        self.init(Set(texts))
    }

    /// To be called where reading goes on in another place.
    func restart() { (waiting, ready, isFinished) = ([:], [], false) }

    /// The next packet; `nil` at the end of the file.
    ///
    /// - Parameter read: the next packet of the file.
    func next(_ read: () throws(AVFailure) -> Packet?) throws(AVFailure) -> Packet? {
        while true {
            if !ready.isEmpty { return ready.removeFirst().take() }
            guard !isFinished, let packet = try read() else {
                isFinished = true
                ready = waiting.keys.sorted().compactMap { waiting[$0] }
                waiting = [:]
                if ready.isEmpty { return nil }
                continue
            }
            let stream = packet.stream
            guard streams.contains(stream) else { return packet }
            if let earlier = waiting.removeValue(forKey: stream)?.take() {
                if let start = earlier.presentation, let end = packet.presentation, end > start {
                    earlier.duration = end - start
                }
                ready.append(PacketBox(earlier))
            }
            if packet.duration == 0 { waiting[stream] = PacketBox(packet) } else { ready.append(PacketBox(packet)) }
        }
    }
}
