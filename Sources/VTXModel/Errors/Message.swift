// Text for people that names settings instead of spelling them.

/// Text in which settings and commands are placeholders until a front end renders it.
///
/// Written as a string literal: `"\(.crf) and \(.bitRate) cannot be combined"`; `"use \(.segmentType, "fmp4")"` names a
/// value too, and `"use \(command: .transcode)"` a command.
public struct Message: Hashable, Codable, Sendable {
    /// A piece of the text.
    public enum Part: Hashable, Codable, Sendable {
        /// Words, as they are.
        case text(String)
        /// A setting, with the value it should have, if any.
        case setting(Setting, value: String?)
        /// A command.
        case command(Command)
    }

    /// The pieces in order.
    public private(set) var parts: [Part]

    /// Text without placeholders.
    public init(_ text: String) { parts = text.isEmpty ? [] : [.text(text)] }

    /// - Parameter parts: the pieces in order.
    public init(parts: [Part]) { self.parts = parts }

    /// The text as a front end spells it.
    ///
    /// - Parameter render: the spelling of a setting or command; is not called for plain text.
    public func rendered(_ render: (Part) -> String) -> String {
        parts.reduce(into: "") { text, part in
            if case .text(let words) = part { text += words } else { text += render(part) }
        }
    }

    /// The settings that the text names.
    package var settings: [Setting] {
        parts.compactMap { if case .setting(let setting, _) = $0 { setting } else { nil } }
    }

    /// Whether the text in plain words contains `other`.
    public func contains(_ other: String) -> Bool { description.contains(other) }

    /// Settings with commas between them.
    ///
    /// - Parameters:
    ///   - settings: in the order of the text.
    ///   - last: what stands before the last one.
    public static func list(_ settings: [Setting], last: Message = ", ") -> Message {
        settings.enumerated().reduce("") { list, next in
            let separator: Message = next.offset == 0 ? "" : next.offset == settings.count - 1 ? last : ", "
            return "\(list)\(separator)\(next.element)"
        }
    }

    /// Both texts, one after the other.
    public static func + (left: Message, right: Message) -> Message { "\(left)\(right)" }
}

extension Message: CustomStringConvertible {
    /// In plain words: `maximum bit rate`, `segment type fmp4`, `transcode`.
    public var description: String {
        rendered { part in
            switch part {
            case .text(let words): words
            case .setting(let setting, let value): value.map { "\(setting.words) \($0)" } ?? setting.words
            case .command(let command): command.rawValue
            }
        }
    }
}

extension Message: ExpressibleByStringInterpolation {
    /// Collects the pieces of a literal.
    public struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var parts: [Part] = []

        /// - Parameters are the sizes the compiler estimates; they are not used.
        public init(literalCapacity: Int, interpolationCount: Int) {}

        /// Adds words of the literal.
        public mutating func appendLiteral(_ literal: String) { append(literal) }

        /// Adds a setting, with the value it should have, if any.
        public mutating func appendInterpolation(_ setting: Setting, _ value: String? = nil) {
            parts.append(.setting(setting, value: value))
        }

        /// Adds a command.
        public mutating func appendInterpolation(command: Command) { parts.append(.command(command)) }

        /// Adds another message, with its placeholders.
        public mutating func appendInterpolation(_ message: Message) {
            for part in message.parts {
                if case .text(let words) = part { append(words) } else { parts.append(part) }
            }
        }

        /// Adds any other value as text.
        public mutating func appendInterpolation(_ value: some Any) { append("\(value)") }

        private mutating func append(_ text: String) {
            guard !text.isEmpty else { return }
            if case .text(let before) = parts.last {
                parts[parts.count - 1] = .text(before + text)
            } else {
                parts.append(.text(text))
            }
        }
    }

    /// A literal without interpolations.
    public init(stringLiteral value: String) { self.init(value) }

    /// A literal with interpolations.
    public init(stringInterpolation: StringInterpolation) { parts = stringInterpolation.parts }
}
