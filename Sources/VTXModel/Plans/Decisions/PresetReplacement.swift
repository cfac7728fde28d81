/// A value of a preset in whose place another was asked for.
public struct PresetReplacement: Hashable, Codable, Sendable {
    /// What was asked for.
    public var setting: Setting
    /// Its value as it is asked for; `nil`: not told.
    public var value: String?
    /// The preset's own value for people: `CRF 23`.
    public var own: String

    /// The value made of its parts; what is left out is as its declaration says.
    public init(_ setting: Setting, _ value: String? = nil, own: String) {
        self.setting = setting
        self.value = value
        self.own = own
    }

    /// Replacements for people.
    ///
    /// - Parameter preset: its name.
    static func text(of values: [PresetReplacement], in preset: String) -> DecisionText {
        let texts = values.map { "\($0.setting, $0.value) instead of \($0.own)" as Message }
        return DecisionText(
            "output", texts.dropFirst().reduce(texts.first ?? "") { "\($0), \($1)" },
            because: "options take precedence over \(.preset, preset)")
    }
}
