// What to write instead of a word that is none of those possible.

package import VTXModel

/// Advice for a word that was refused: the one that was probably meant, or serves instead, and all that are possible.
package func choiceAdvice(for word: String, among choices: [String]) -> Message {
    let possible = "possible are \(choices.joined(separator: ", "))"
    if let codec = UnwrittenCodec(named: word), choices.contains(codec.substitute) {
        return Message("vtx does not write \(codec.title): use \(codec.substitute); \(possible)")
    }
    let meant = choices.first { $0.lowercased() == word.lowercased() } ?? nearest(to: word, among: choices)
    return Message(meant.map { "did you mean '\($0)'? \(possible)" } ?? possible)
}
