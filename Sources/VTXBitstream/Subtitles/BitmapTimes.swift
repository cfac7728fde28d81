// How long bitmap subtitles are shown, which DVD and DVB write into the image's own data.
//
// PGS ends a subtitle by another packet, whose timestamp tells when.

package import VTXModel

/// Times within the packets of a codec.
package enum BitmapTimes: Sendable {
    /// Delays of control sequences, in 1024 ticks of 90 kHz.
    case dvd
    /// Seconds after which a page goes away.
    case dvb

    /// - Parameter codec: libav's name; `nil` if it has no times within.
    package init?(codec: String) {
        switch codec {
        case "dvd_subtitle": self = .dvd
        case "dvb_subtitle": self = .dvb
        default: return nil
        }
    }

    /// Changes the times of a packet to those at another speed.
    ///
    /// - Parameter speed: seconds before in a second from now on; above 0.
    package func play<Bytes: MutableCollection<UInt8>>(_ bytes: inout Bytes, at speed: Rational)
    where Bytes.Index == Int {
        switch self {
        case .dvd: playDVD(&bytes, at: speed)
        case .dvb: playDVB(&bytes, at: speed)
        }
    }

    /// Length, place of the control sequences, image, control sequences: delay, place of the next one, commands.
    private func playDVD<Bytes: MutableCollection<UInt8>>(_ bytes: inout Bytes, at speed: Rational)
    where Bytes.Index == Int {
        func number(_ place: Int) -> Int { Int(bytes[place]) << 8 | Int(bytes[place + 1]) }
        // A length of 0 is that of another format, for high definition.
        guard bytes.count >= 4, number(0) != 0 else { return }
        var place = number(2)
        while place + 4 <= bytes.count {
            let delay = min(0xFFFF, Int((Double(number(place)) / speed.value).rounded()))
            let next = number(place + 2)
            bytes[place] = UInt8(delay >> 8)
            bytes[place + 1] = UInt8(delay & 0xFF)
            // The last one names itself.
            guard next > place else { return }
            place = next
        }
    }

    /// Segments: sync byte, type, page (2), length (2), contents; those of a page begin with its seconds.
    private func playDVB<Bytes: MutableCollection<UInt8>>(_ bytes: inout Bytes, at speed: Rational)
    where Bytes.Index == Int {
        var place = 0
        while place + 6 < bytes.count, bytes[place] == 0x0F {
            if bytes[place + 1] == 0x10 {
                bytes[place + 6] = UInt8(max(1, min(255, (Double(bytes[place + 6]) / speed.value).rounded(.up))))
            }
            place += 6 + (Int(bytes[place + 4]) << 8 | Int(bytes[place + 5]))
        }
    }
}
