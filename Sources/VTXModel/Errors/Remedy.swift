// What to try after an error, as a value: a front end knows how to say it.

/// An action that may help after a failure.
public enum Remedy: Hashable, Codable, Sendable {
    /// Give a setting a value; without a value, turn it on.
    case set(Setting, to: String? = nil)
    /// Leave settings out, any of them.
    case leaveOut([Setting])
    /// Check the values of settings.
    case check([Setting])
    /// Use another command instead, with settings if any.
    case use(Command, [Setting: String] = [:])
    /// Replace what exists at the output.
    case overwrite
    /// Install a build of FFmpeg's libraries with what is missing.
    case installFFmpeg
    /// Report a fault of vtx, together with what is named.
    case report(with: Message = "the command line")
    /// Any of several actions, the best first.
    indirect case anyOf([Remedy])
    /// Another action, in words: lower case, no full stop.
    case advice(Message)

    /// Leave one setting out.
    public static func leaveOut(_ setting: Setting) -> Remedy { .leaveOut([setting]) }

    /// The action in words, with placeholders for settings and commands.
    public var message: Message {
        switch self {
        case .set(let setting, let value): value == nil ? "use \(setting)" : "use \(setting, value)"
        case .leaveOut(let settings): "leave out \(Message.list(settings, last: " or "))"
        case .check(let settings): "check \(Message.list(settings, last: " or "))"
        case .use(let command, let settings):
            settings.sorted { $0.key.rawValue < $1.key.rawValue }.reduce("use \(command: command)") {
                $0 + " \($1.key, $1.value)"
            }
        case .overwrite: "pass \(.overwrite) to replace it"
        case .installFFmpeg: "install an FFmpeg build that has it"
        case .report(let evidence): "please report this with \(evidence)"
        case .anyOf(let remedies):
            remedies.dropFirst().reduce(remedies.first?.message ?? "") { $0 + ", or " + $1.message }
        case .advice(let message): message
        }
    }
}

extension Remedy: ExpressibleByStringInterpolation {
    /// Advice in words.
    public init(stringLiteral value: String) { self = .advice(Message(value)) }

    /// Advice in words, with placeholders.
    public init(stringInterpolation: Message.StringInterpolation) {
        self = .advice(Message(stringInterpolation: stringInterpolation))
    }
}

extension Remedy: CustomStringConvertible {
    /// In plain words.
    public var description: String { message.description }

    /// Whether the text in plain words contains `other`.
    public func contains(_ other: String) -> Bool { description.contains(other) }
}
