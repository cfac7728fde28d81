// The text of subtitle tracks in UTF-8, whatever the file has; one way for all who read packets.

import CLibAV
package import VTXSystem

/// What was done to the packets of a track of text.
package struct TextReading: Hashable, Sendable {
    /// What text that is not UTF-8 was taken for.
    package var encoding: TextEncoding?
    /// Whether nobody had said so.
    package var isDetected = false
    /// Packets that could not be decoded.
    package var failures = 0
}

/// Decodes the packets of one track.
struct TrackText {
    let isWebVTT: Bool
    /// Whether its packets are text and nothing else.
    let isPlain: Bool
    /// What text that is not UTF-8 is in.
    var given: TextEncoding?
    private(set) var reading = TextReading()

    init(isWebVTT: Bool, isPlain: Bool) {
        self.isWebVTT = isWebVTT
        self.isPlain = isPlain
    }

    /// - Parameter sample: text of the whole track, read only if it is needed.
    mutating func decode(_ packet: borrowing Packet, sample: () -> [UInt8]) throws(AVFailure) {
        if isWebVTT { try moveSettings(of: packet) }
        guard isPlain else { return }
        let bytes = packet.withBytes { Array($0) }
        guard firstInvalidUTF8(bytes) != nil else { return }
        if reading.encoding == nil {
            if let given {
                reading.encoding = given
            } else if case .found(let encoding) = TextEncoding.detect(sample()) {
                reading.encoding = encoding
                reading.isDetected = true
            }
        }
        guard let encoding = reading.encoding, let text = try? encoding.decode(bytes) else {
            reading.failures += 1
            return
        }
        try packet.replaceBytes(text)
    }

    /// WebVTT in Matroska has what stands beside a cue's text in a block addition: settings, identifier, comments.
    private func moveSettings(of packet: borrowing Packet) throws(AVFailure) {
        guard let addition = packet.sideData(AV_PKT_DATA_MATROSKA_BLOCKADDITIONAL), addition.count > 8 else { return }
        let lines = addition.dropFirst(8).split(separator: 0x0A, omittingEmptySubsequences: false)
        if let settings = lines.first, !settings.isEmpty {
            try packet.addSideData(AV_PKT_DATA_WEBVTT_SETTINGS, Array(settings))
        }
        if lines.count > 1, !lines[1].isEmpty {
            try packet.addSideData(AV_PKT_DATA_WEBVTT_IDENTIFIER, Array(lines[1]))
        }
    }
}

extension Packet {
    /// Puts other bytes in the place of its own; all else stays.
    func replaceBytes(_ bytes: [UInt8]) throws(AVFailure) {
        let other = try Packet(bytes)
        try check(av_packet_copy_props(other.pointer, pointer), "copy a packet's properties")
        av_packet_unref(pointer)
        av_packet_move_ref(pointer, other.pointer)
    }

    func sideData(_ type: AVPacketSideDataType) -> [UInt8]? {
        var size = 0
        guard let data = av_packet_get_side_data(pointer, type, &size) else { return nil }
        return Array(UnsafeBufferPointer(start: data, count: size))
    }

    func addSideData(_ type: AVPacketSideDataType, _ bytes: [UInt8]) throws(AVFailure) {
        guard let space = av_packet_new_side_data(pointer, type, bytes.count) else {
            throw outOfMemory("add side data")
        }
        bytes.withUnsafeBytes {
            if let from = $0.baseAddress { UnsafeMutableRawPointer(space).copyMemory(from: from, byteCount: $0.count) }
        }
    }
}
