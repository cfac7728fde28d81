// Links of chained Ogg: their sample rates, and the headers that each of them has.
//
// libavformat 59 counts the samples of each link in its own rate, and says that they are in the rate of the first.
// Headers of Vorbis and Theora come among the packets, for the decoder.

import CLibAV
import VTXModel

/// Follows the headers of the links of one audio stream, which come among its packets.
struct OggLinks {
    /// The unit of all times, as libav tells it.
    let unit: AVRational
    private var current: AVRational

    init(unit: AVRational) {
        self.unit = unit
        current = unit
    }

    /// Brings the times of a packet to the unit that libav tells.
    mutating func correct(_ packet: borrowing Packet) {
        if let rate = packet.withBytes(oggSampleRate), unit.num == 1 { current = AVRational(num: 1, den: rate) }
        guard current.den != unit.den else { return }
        av_packet_rescale_ts(packet.pointer, current, unit)
    }

    /// Whether a packet is a comment of Theora, which the decoder takes for a damaged frame.
    func isComment(_ packet: borrowing Packet) -> Bool {
        packet.withBytes { OggHeader($0) == .theora(.comment) }
    }
}

/// A header of Vorbis or Theora.
enum OggHeader: Equatable {
    /// What is in it: what the stream is, comments, or tables for the decoder.
    enum Part: UInt8 { case identification, comment, setup }

    case vorbis(Part)
    case theora(Part)

    /// `nil` for any other packet.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count > 7, let first = bytes.first else { return nil }
        // Vorbis I, 4.2.1: types 1, 3 and 5. Theora, 6.1: types 0x80, 0x81 and 0x82.
        if first & 1 == 1, let part = Part(rawValue: first / 2), bytes[1..<7].elementsEqual("vorbis".utf8) {
            self = .vorbis(part)
        } else if first >= 0x80, let part = Part(rawValue: first & 0x7F), bytes[1..<7].elementsEqual("theora".utf8) {
            self = .theora(part)
        } else {
            return nil
        }
    }
}

/// Tells the headers of links from the packets of a stream that is copied: an output has one description.
package struct LinkHeaders {
    /// What a packet is.
    package enum Kind { case data, header, change }

    /// The first link's.
    private let header: [UInt8]

    init(_ header: [UInt8]) { self.header = header }

    /// Whether the packet is a header, and whether the link that it begins needs another one than the stream has.
    package func kind(of packet: borrowing Packet) -> Kind {
        packet.withBytes { bytes in
            switch OggHeader(bytes) {
            case nil: .data
            case .vorbis(.comment), .theora(.comment): .header
            case .vorbis(.setup), .theora(.setup):
                header.suffix(bytes.count).elementsEqual(bytes) ? .header : .change
            case .vorbis(.identification), .theora(.identification): isDescribed(bytes) ? .header : .change
            }
        }
    }

    /// Whether the first link's header says the same, but for bit rates.
    private func isDescribed(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard
            let start = header.indices.first(where: {
                $0 + bytes.count <= header.count && header[$0..<$0 + 7].elementsEqual(bytes[..<7])
            })
        else { return false }
        let mine = header[start..<start + bytes.count]
        // Vorbis: version, channels and rate; sizes of blocks. Theora: version, sizes, rate and shape; sampling.
        let (fields, last) = bytes[0] == 1 ? (7..<16, 28) : (7..<37, 41)
        guard bytes.count > last else { return false }
        let mask: UInt8 = bytes[0] == 1 ? 0xFF : 0x18
        return mine[start + 7..<start + fields.upperBound].elementsEqual(bytes[fields])
            && mine[start + last] & mask == bytes[last] & mask
    }
}

/// The failure to go on with another link, by its true name; any other as it is.
func linkFailure(_ failure: AVFailure) -> AVFailure {
    let words = ["create or replace stream", "Changing stream parameters", "Cannot identify new stream"]
    guard words.contains(where: failure.words.contains) else { return failure }
    var failure = failure
    failure.code = vtx_error_not_implemented
    failure.words = "the next link of chained Ogg has another codec, or several streams: libav does not read that"
    failure.remedy = "split the file where its links begin, or pass \(.allowTruncated) to keep what comes before"
    return failure
}

/// The sample rate in the first header of a link of Vorbis or FLAC; `nil` for any other packet.
func oggSampleRate(_ bytes: UnsafeRawBufferPointer) -> Int32? {
    // Vorbis I, 4.2.2: type 1, "vorbis", version, channels, rate.
    if bytes.count == 30, bytes[0] == 1, bytes[1..<7].elementsEqual("vorbis".utf8) {
        return plausible(bytes[12..<16].reversed().reduce(0) { $0 << 8 | Int64($1) })
    }
    // FLAC in Ogg: type 0x7F, "FLAC", version, count, "fLaC", a block of STREAMINFO with 20 bits of rate.
    if bytes.count == 51, bytes[0] == 0x7F, bytes[1..<5].elementsEqual("FLAC".utf8) {
        return plausible(bytes[27..<30].reduce(0) { $0 << 8 | Int64($1) } >> 4)
    }
    return nil
}

private func plausible(_ rate: Int64) -> Int32? { (1000...768_000).contains(rate) ? Int32(rate) : nil }
