// The end of a cue in SAMI: a cue without text, most often of one space that does not break.

/// Whether a cue of SAMI has nothing to read.
///
/// - Parameter text: what stands between two `SYNC` tags, with other tags.
func isEmptySAMI(_ text: String) -> Bool {
    var isTag = false
    var rest = ""
    for character in text {
        if character == "<" {
            isTag = true
        } else if character == ">", isTag {
            isTag = false
        } else if !isTag, !character.isWhitespace, character != "\0" {
            rest.append(character)
        }
    }
    return ["&nbsp;", "&nbsp", "&#160;", "&#xa0;"].reduce(rest.lowercased()) { $0.replacing($1, with: "") }.isEmpty
}
