// What the planning of any track starts from.

import VTXModel

/// The source, what its tracks may become, and what is there to make it.
struct TrackContext {
    let source: MediaDescription
    let rules: TrackRules
    let capabilities: Capabilities
    /// Which part of the source is used; all of it until that is decided.
    var cut = Cut()

    /// - Throws: `.unavailable` if this libav has no filter of that name.
    func require(filter name: String, to purpose: String) throws(VTXError) {
        guard capabilities.filters.contains(name) else {
            throw VTXError(
                .unavailable, "this libav has no filter '\(name)', which is needed to \(purpose)",
                remedy: .installFFmpeg)
        }
    }
}

/// A value, and the automatic decisions that led to it.
struct Decided<Value> {
    var value: Value
    var decisions: [Decision] = []
}

extension [Decision] {
    /// Notes the decisions that led to a value, and gives the value.
    mutating func note<Value>(_ decided: Decided<Value>) -> Value {
        self += decided.decisions
        return decided.value
    }
}

extension MediaDescription {
    /// The streams of a kind, of the program that is used; cover art is not video.
    func tracks(_ kind: StreamDescription.Kind) -> [StreamDescription] {
        programStreams.filter { $0.kind == kind && !$0.isCoverArt }
    }

    /// The streams of a kind with their positions, from 1.
    func numberedTracks(_ kind: StreamDescription.Kind) -> [NumberedStream] {
        tracks(kind).enumerated().map { NumberedStream(number: $0.offset + 1, stream: $0.element) }
    }
}

/// Refuses the options that are set although nothing can follow them.
///
/// - Throws: `.usage`, naming those of `asked` that are set.
func refuse(
    _ asked: [(setting: Setting, isSet: Bool)], because reason: Message, remedy: Remedy
) throws(VTXError) {
    let settings = asked.filter(\.isSet).map(\.setting)
    guard settings.isEmpty else {
        throw VTXError(.usage, "\(Message.list(settings)): \(reason)", remedy: remedy)
    }
}
