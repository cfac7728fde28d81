// Chained Ogg that is copied: headers of links are no part of it, and links that need others are refused.

import LibAV
import VTXModel

/// Watches the copied streams of one Ogg file.
struct CopiedLinks {
    private let demuxer: Demuxer
    private var headers: [Int: LinkHeaders] = [:]

    /// `nil` if no copied stream can have links.
    init?(_ demuxer: Demuxer, copied: [Int]) throws {
        self.demuxer = demuxer
        for stream in copied { headers[stream] = try demuxer.linkHeaders(of: stream) }
        if headers.isEmpty { return nil }
    }

    /// Whether a packet is not to be written.
    ///
    /// - Throws: `.badMedia` where another link begins that the header of the output does not describe.
    func leavesOut(_ packet: borrowing Packet, of stream: Int) throws -> Bool {
        switch headers[stream]?.kind(of: packet) {
        case nil, .data: return false
        case .header: return true
        case .change:
            let described = demuxer.describeStream(stream)
            let time = MediaTime(packet.presentation ?? 0, demuxer.timeBase(of: stream))
            throw VTXError(
                .badMedia,
                "stream \(stream) (\(described.codec)) of \(demuxer.path) changes its parameters at \(time)",
                cause: "the output has one description of it, from its beginning to its end",
                remedy: "encode it: leave out \(described.kind == .video ? .video : .audioCodec, "copy")")
        }
    }
}
