// What the player page says of a session: checked on the way in, written as lines, read again for the report.

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One line of the session log; docs/json-output.md has its keys.
struct SessionEvent: Hashable, Codable, Sendable {
    enum Kind: String, Codable, Sendable { case start, startup, `switch`, stall, progress, error, end }

    var type: Kind
    /// UTC, as in RFC 3339; set by the server.
    var time: String?
    var session: String?
    /// Path of the package on the server; set by the server.
    var package: String?
    /// Seconds into the source.
    var position: Double?

    var engine: String?
    /// From the request to play to the first moving frame.
    var milliseconds: Double?
    /// Names of renditions, and their declared bits per second.
    var from: String?
    var to: String?
    var fromBandwidth: Double?
    var toBandwidth: Double?
    /// Whether the viewer chose.
    var isManual: Bool?
    /// Length of a stall.
    var seconds: Double?
    /// Sums since the session began: seconds played, seconds stood still and how often, bits per second over the seconds
    /// played, frames dropped.
    var watched: Double?
    var stalled: Double?
    var stalls: Double?
    var averageBitRate: Double?
    var dropped: Double?
    var message: String?
    var isFatal: Bool?

    /// Whether everything in it is of a size that a page of ours would send.
    var isPlausible: Bool {
        let texts = [engine, from, to, message].compactMap { $0 }
        let numbers = [
            position, milliseconds, fromBandwidth, toBandwidth, seconds, watched, stalled, stalls, averageBitRate,
            dropped,
        ].compactMap { $0 }
        return texts.allSatisfy { $0.utf8.count <= 300 } && numbers.allSatisfy { (0...1e12).contains($0) }
    }
}

/// The body of what the page posts.
struct SessionReport: Codable, Sendable {
    var session: String
    var events: [SessionEvent]

    /// Bytes of a body at most.
    static let limit = 64 << 10

    /// - Returns: `nil` if it is not what the page sends.
    init?(parsing bytes: some Sequence<UInt8>) {
        guard let report = try? eventDecoder().decode(Self.self, from: Data(bytes)), report.events.count <= 500,
            (8...64).contains(report.session.utf8.count),
            report.session.utf8.allSatisfy(isNameByte),
            report.events.allSatisfy(\.isPlausible)
        else { return nil }
        self = report
    }

    /// Lines of the log.
    func lines(package: String, time: String) -> [UInt8] {
        var lines: [UInt8] = []
        for var event in events {
            event.session = session
            event.package = package
            event.time = time
            guard let data = try? eventEncoder().encode(event) else { continue }
            lines += data
            lines.append(UInt8(ascii: "\n"))
        }
        return lines
    }
}

/// Letters and digits of ASCII, and hyphens.
private func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"): true
    default: false
    }
}

func eventDecoder() -> JSONDecoder {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
}

private func eventEncoder() -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
}
