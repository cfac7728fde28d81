// Names of the channels of closed captions that video carries.

/// A channel of closed captions inside video.
///
/// Its text is the INSTREAM-ID of HLS (RFC 8216bis, 4.4.6.1): `CC1`, `SERVICE1`.
public enum CaptionChannel: Hashable, Comparable, Sendable {
    /// A caption channel of CEA-608 (line 21), 1 to 4.
    case cc(Int)
    /// A caption service of CEA-708, 1 to 63.
    case service(Int)

    /// Channels that can become text, those of the first in each field first.
    package static let convertible: [CaptionChannel] = [.cc(1), .cc(3), .cc(2), .cc(4)]

    /// `CC1`, `SERVICE1`.
    public var name: String {
        switch self {
        case .cc(let number): "CC\(number)"
        case .service(let number): "SERVICE\(number)"
        }
    }

    /// - Parameter name: `CC1`, `SERVICE1`.
    public init?(name: String) {
        if name.hasPrefix("CC"), let number = Int(name.dropFirst(2)), (1...4).contains(number) {
            self = .cc(number)
        } else if name.hasPrefix("SERVICE"), let number = Int(name.dropFirst(7)), (1...63).contains(number) {
            self = .service(number)
        } else {
            return nil
        }
    }
}

extension CaptionChannel: Codable {
    /// Reads the name.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let name = try container.decode(String.self)
        guard let channel = CaptionChannel(name: name) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no caption channel: '\(name)'")
        }
        self = channel
    }

    /// Writes the name.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }
}
