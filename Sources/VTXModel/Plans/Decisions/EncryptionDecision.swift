/// What a planner decides about keys.
public enum EncryptionDecision: Hashable, Codable, Sendable {
    /// The key format that the scheme of the key's URI implies.
    case keyFormat(String)
    /// Keys are written into the package.
    case keysInPackage
    /// Keys are written to a directory outside the package.
    case keysOutside(String)
    /// Contents that are not encrypted.
    case clear([String])

    /// The decision for people.
    var text: DecisionText {
        let (action, reason): (Message, Message) =
            switch self {
            case .keyFormat(let name): ("KEYFORMAT is \(name)", "the key URI's scheme is FairPlay's")
            case .keysInPackage:
                (
                    "keys are part of the package",
                    "\(.keysDirectory) is inside it; anyone who can fetch them can decrypt"
                )
            case .keysOutside(let path):
                ("keys go to \(path)", "anyone who has them can decrypt; players get them elsewhere")
            case .clear(let contents):
                ("left in the clear: \(contents.joined(separator: ", "))", "only video and audio are encrypted")
            }
        return DecisionText("encryption", action, because: reason)
    }
}
