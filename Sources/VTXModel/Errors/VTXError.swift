// The one error type: what failed, on what, why, and what to try. Printed in one place, by the command line.

/// A failure that a person can act on.
public struct VTXError: Error, Hashable, Sendable {
    /// What sort of failure it is; decides the exit status.
    public enum Kind: String, Hashable, Codable, Sendable {
        case usage, unavailable, interrupted, terminated, `internal`
        case badMedia = "bad_media"
        case noInput = "no_input"
        case cannotCreate = "cannot_create"
        case inputOutput = "input_output"
        case someFailed = "some_failed"

        /// sysexits(3) numbers, and 128 + the signal for signals.
        public var exitStatus: Int32 {
            switch self {
            case .someFailed: 1
            case .usage: 64
            case .badMedia: 65
            case .noInput: 66
            case .unavailable: 69
            case .internal: 70
            case .cannotCreate: 73
            case .inputOutput: 74
            case .interrupted: 130
            case .terminated: 143
            }
        }
    }

    /// What sort of failure it is; decides the exit status.
    public var kind: Kind
    /// What failed and on which file: lower case, no full stop.
    public var message: Message
    /// libav's or the system's own words.
    public var cause: Message?
    /// What to try.
    public var remedy: Remedy?
    /// What else is wrong with the same request.
    public var others: [VTXError] = []

    /// A failure of `kind`.
    public init(_ kind: Kind, _ message: Message, cause: Message? = nil, remedy: Remedy? = nil) {
        self.kind = kind
        self.message = message
        self.cause = cause
        self.remedy = remedy
    }

    /// The same with a cause in the words of the system or a library, if it has any.
    public init(_ kind: Kind, _ message: Message, cause: String?, remedy: Remedy? = nil) {
        self.init(kind, message, cause: cause.map { Message($0) }, remedy: remedy)
    }
}

extension VTXError: CustomStringConvertible {
    /// Message and cause in plain words.
    public var description: String { [message, cause].compactMap { $0?.description }.joined(separator: ": ") }
}
