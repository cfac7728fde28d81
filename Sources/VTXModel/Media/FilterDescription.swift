// A filter of libavfilter, as lists show it.

/// One filter of libavfilter.
public struct FilterDescription: Hashable, Codable, Sendable {
    /// What flows into a filter or out of it.
    public enum Stream: String, Hashable, Codable, Sendable {
        case video, audio
    }

    /// The name in filter graphs: `scale`.
    public var name: String
    /// libavfilter's own words.
    public var description: String
    /// The inputs that it always has, in order.
    public var inputs: [Stream]
    /// The outputs that it always has, in order.
    public var outputs: [Stream]
    /// Whether its options can add inputs.
    public var hasDynamicInputs: Bool
    /// Whether its options can add outputs.
    public var hasDynamicOutputs: Bool

    /// The value made of its parts.
    public init(
        name: String, description: String, inputs: [Stream], outputs: [Stream], hasDynamicInputs: Bool = false,
        hasDynamicOutputs: Bool = false
    ) {
        self.name = name
        self.description = description
        self.inputs = inputs
        self.outputs = outputs
        self.hasDynamicInputs = hasDynamicInputs
        self.hasDynamicOutputs = hasDynamicOutputs
    }

    /// Whether the name or the description contains `text`, in any case.
    public func mentions(_ text: String) -> Bool {
        let text = text.lowercased()
        return name.lowercased().contains(text) || description.lowercased().contains(text)
    }
}
