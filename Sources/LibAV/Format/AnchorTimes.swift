// Presentation times of MPEG-1 and MPEG-2 frames that have only a decoding time, in program streams.
//
// A program stream has a timestamp for every 0.7 s at least, and libavformat does not make up those of frames that
// others are predicted from. Such a frame is shown when the next one of its kind is decoded (ISO/IEC 13818-2, 6.1.1.11).

import CLibAV
import VTXModel

/// Gives presentation times to the packets of one stream; the order of all packets stays as it is.
final class AnchorTimes {
    private let stream: Int
    /// Whether frames come in the order of display.
    private let isInOrder: Bool
    private var queue: [PacketBox] = []
    /// Position in the queue of the frame that waits for its time.
    private var waiting: Int?
    /// When the frame after the last one would be decoded.
    private var due: Int64?
    private(set) var isFinished = false
    /// Packets that wait at most: frames predicted from others follow each other closely.
    private static let most = 1000

    init(_ stream: Int, isInOrder: Bool) {
        self.stream = stream
        self.isInOrder = isInOrder
    }

    /// Takes the next packet in file order.
    func add(_ packet: consuming Packet) {
        if packet.stream == stream, let decoding = packet.decoding {
            let isBetween = isBidirectional(packet)
            if !isBetween { settle(at: decoding) }
            due = decoding + packet.duration
            if packet.presentation == nil {
                if isBetween || isInOrder { packet.presentation = decoding } else { waiting = queue.count }
            }
        }
        queue.append(PacketBox(packet))
        if queue.count >= Self.most { settle(at: due) }
    }

    /// No more packets come.
    func finish() {
        settle(at: due)
        isFinished = true
    }

    /// The next packet; `nil` if more packets have to be added first, or none is left.
    func next() -> Packet? {
        guard !queue.isEmpty, waiting != 0 else { return nil }
        waiting = waiting.map { $0 - 1 }
        return queue.removeFirst().take()
    }

    /// Gives the frame that waits its time.
    private func settle(at time: Int64?) {
        guard let place = waiting else { return }
        waiting = nil
        guard let packet = queue[place].take() else { return }
        packet.presentation = time.map { max($0, packet.decoding ?? $0) }
        queue[place] = PacketBox(packet)
    }

    /// By the picture header (6.2.3): a start code, ten bits of temporal reference, three of the type.
    private func isBidirectional(_ packet: borrowing Packet) -> Bool {
        packet.withBytes { bytes in
            guard bytes.count > 5 else { return false }
            let place = (0..<bytes.count - 5).first {
                bytes[$0] == 0 && bytes[$0 + 1] == 0 && bytes[$0 + 2] == 1 && bytes[$0 + 3] == 0
            }
            return place.map { bytes[$0 + 5] >> 3 & 7 == 3 } ?? false
        }
    }
}
