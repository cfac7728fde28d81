/// What is done to tags, chapters and cover art because it was asked for.
public enum TagDecision: Hashable, Codable, Sendable {
    /// Tags of the file are set and removed.
    case changed(set: [String], removed: [String])
    /// Tags that were to be removed, and that the source does not have.
    case absent([String])
    /// Everything that the source says about itself is left out; `hasTitles`: of its tracks too.
    case stripped([String], hasTitles: Bool)
    /// The language or the title of a track: `audio 2`, `language`.
    case labelled(track: String, key: String)
    /// Chapters are those of a file.
    case chapters(Int, path: String)
    /// Chapters of the source are left out.
    case droppedChapters
    /// Cover art is an image from a file.
    case cover(path: String, PixelSize)
    /// Cover art of the source is left out.
    case droppedCover
    /// Cover art of the source is kept in another form.
    case keptCover(CoverForm, Container)
    /// Further images of the source are left out.
    case otherCovers(Int)
}

extension TagDecision {
    /// The decision for people.
    var text: DecisionText {
        switch self {
        case .changed(let set, let removed):
            let parts = [("set", set), ("removed", removed)].filter { !$0.1.isEmpty }
            return DecisionText(
                "metadata", Message(parts.map { "\($0.0) \($0.1.joined(separator: ", "))" }.joined(separator: "; ")),
                because: "\(.metadata)")
        case .absent(let names):
            return DecisionText(
                "metadata", "nothing to remove for \(names.joined(separator: ", "))",
                because: "the source has no such \(names.count == 1 ? "tag" : "tags")")
        case .stripped(let names, let hasTitles):
            let all = names + (hasTitles ? ["titles of tracks"] : [])
            return DecisionText(
                "metadata", Message(all.isEmpty ? "nothing to remove" : "removed \(all.joined(separator: ", "))"),
                because: "\(.stripMetadata)")
        case .labelled(let track, let key): return DecisionText(track, "\(key) set", because: "\(.metadata)")
        case .chapters(let count, let path):
            return DecisionText("chapters", "\(count) from \(path)", because: "\(.chapters)")
        case .droppedChapters: return DecisionText("chapters", "left out", because: "\(.chapters, "none")")
        case .cover(let path, let size):
            return DecisionText("cover art", "\(path), \(size)", because: "\(.cover)")
        case .droppedCover: return DecisionText("cover art", "left out", because: "\(.cover, "none")")
        case .otherCovers(let count):
            return DecisionText(
                "cover art", "dropped \(counted(count, "further image"))", because: "in this form one image is written")
        case .keptCover(let form, let container):
            return DecisionText(
                "cover art", "kept as \(form == .tag ? "a tag" : "an attachment")",
                because: "that is how \(container.title) holds it")
        }
    }
}
