// CLOSED-CAPTIONS of EXT-X-STREAM-INF.

/// What variants say about captions inside their video (RFC 8216bis, 4.4.6.2).
package enum CaptionStatement: Hashable, Sendable {
    /// There are none.
    case none
    /// A group of renditions lists them.
    case group(String)
    /// There are some, and nobody knows which: players look for themselves.
    case unknown

    var group: String? { if case .group(let name) = self { name } else { nil } }

    var value: AttributeValue? {
        switch self {
        case .none: .enumerated("NONE")
        case .group(let name): .quoted(name)
        case .unknown: nil
        }
    }
}
