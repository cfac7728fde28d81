// Where a stream that is packaged needs another configuration than at its beginning.

import LibAV
import VTXBitstream
import VTXModel

/// Finds the first change of one stream's configuration.
struct ConfigurationScan {
    private var watch: ConfigurationWatch?
    private var header: [UInt8]
    private let isVideo: Bool
    /// Presentation time of the first packet that needs another configuration, in the stream's ticks.
    private(set) var change: Int64?

    /// - Parameter followsPictureSets: whether a changed picture parameter set counts.
    init(_ parameters: CodecParameters, isVideo: Bool, followsPictureSets: Bool) {
        header = parameters.header
        self.isVideo = isVideo
        watch = ConfigurationWatch(
            codec: parameters.codec, header: header, followsPictureSets: followsPictureSets)
    }

    /// Takes the next packet; of video only key frames count.
    mutating func note(_ packet: borrowing Packet, at time: Int64?) {
        guard change == nil else { return }
        // The next sample description of an MP4, or header of another container.
        if let next = packet.newHeader {
            if !header.isEmpty, next != header { change = time ?? 0 }
            header = next
        }
        guard !isVideo || packet.isKey, !packet.isCorrupt else { return }
        if packet.withBytes({ watch?.changes(with: $0) ?? false }) { change = time ?? 0 }
    }
}
