// The built-in presets by name.

extension Preset {
    /// Close to the source; for keeping.
    public static let high = Preset(name: "high", .high)

    /// Hard to tell from the source at normal viewing distance.
    public static let medium = Preset(name: "medium", .medium)

    /// Small and quick; for looking through.
    public static let low = Preset(name: "low", .low)

    private static let qualities = [high, medium, low]
    private static let builtIns = qualities + purposeRows.map(Preset.init)

    /// The presets without a purpose, best quality first.
    public static let qualityNames = qualities.map(\.name)

    /// The names `builtIn(named:)` knows: those without a purpose, best quality first, then those with one.
    public static let builtInNames = builtIns.map(\.name)

    /// The built-in preset of that name; `nil` if there is none.
    public static func builtIn(named name: String) -> Preset? { builtIns.first { $0.name == name } }

    /// What the preset is for, for people.
    public var summary: String {
        if let purpose { return purpose.summary }
        return switch name {
        case Self.high.name: "close to the source; for keeping"
        case Self.low.name: "small and quick; for looking through"
        default: "hard to tell from the source at normal viewing distance"
        }
    }
}
