// Where the packets of a stream go.

import LibAV
import VTXModel

/// Who takes a stream's packets.
enum Route: Sendable {
    /// A stage that decodes them.
    case stage(Channel<Packet>)
    /// The writer's thread: they are copied, beside other tracks that are encoded.
    case writer(PacketSink)
    /// Somebody who reads captions, beside who takes the packets.
    indirect case shared(Channel<Packet>, with: Route)
    /// Who takes the packets after they were changed.
    indirect case changed(Route, by: @Sendable (borrowing Packet) throws -> Void)
    /// Who takes the packets of a part of the stream.
    indirect case part(CopyRange, of: Route)
    /// The writer on this very thread: all tracks are copied, and handing packets over would only cost time.
    case direct(TrackWriter, track: Int, base: Rational)

    /// - Returns: whether more are wanted.
    func send(_ packet: consuming Packet) throws -> Bool {
        switch self {
        case .stage(let channel): return try channel.send(packet)
        case .writer(let sink):
            try sink.write(packet)
            return true
        case .shared(let channel, let other):
            // Who reads captions refuses nothing that others want.
            _ = try channel.send(try packet.copy())
            return try other.send(packet)
        case .changed(let other, let change):
            try change(packet)
            return try other.send(packet)
        case .part(let range, let other):
            switch range.place(of: packet) {
            case .outside: return true
            case .inside: return try other.send(packet)
            case .behind: return false
            }
        case .direct(let writer, let track, let base):
            try writer.write(packet, track: track, base: base)
            return true
        }
    }

    /// The same track, written without changing threads.
    func onThisThread(_ writer: TrackWriter) -> Route {
        if case .changed(let other, let change) = self { return .changed(other.onThisThread(writer), by: change) }
        if case .part(let range, let other) = self { return .part(range, of: other.onThisThread(writer)) }
        guard case .writer(let sink) = self else { return self }
        return .direct(writer, track: sink.track, base: sink.base)
    }

    /// Whether packets are copied.
    var isCopy: Bool {
        switch self {
        case .writer, .direct: true
        case .stage: false
        case .shared(_, let other), .changed(let other, _), .part(_, let other): other.isCopy
        }
    }

    func close() {
        switch self {
        case .stage(let channel): channel.close()
        case .writer(let sink): sink.close()
        case .shared(let channel, let other):
            channel.close()
            other.close()
        case .changed(let other, _), .part(_, let other): other.close()
        case .direct: break
        }
    }
}
