/// A decision for people: lower case, no full stops, settings as placeholders.
public struct DecisionText: Hashable, Codable, Sendable {
    /// What it is about: `video`, `audio 1`, `subtitle 3`, `output`, a path.
    public var subject: String
    /// What is done.
    public var action: Message
    /// Why it is done.
    public var reason: Message

    /// - Parameters:
    ///   - subject: what it is about.
    ///   - action: what is done.
    ///   - reason: why it is done.
    public init(_ subject: String, _ action: Message, because reason: Message) {
        self.subject = subject
        self.action = action
        self.reason = reason
    }

    /// One line: `subject: action (reason)`.
    public var message: Message { "\(subject): \(action) (\(reason))" }
}
