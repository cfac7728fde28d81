// Tells whether an output would be made the same way as last time.

import VTXKit
import VTXSystem

/// A hash of everything that decides what an output will be, but not of how fast it is made.
///
/// Files that options name count with size and time.
package func planHash(_ settings: ItemSettings, output: String) -> String {
    var parts = [settings.target.rawValue, output] + settings.words
    for word in settings.words {
        // `de:captions.srt` names a file behind its colon.
        let names =
            [word] + word.indices.filter { ":=".contains(word[$0]) }.map { String(word[word.index(after: $0)...]) }
        for name in names where name.contains(".") || name.contains("/") {
            guard let file = FileIdentity(name) else { continue }
            parts.append("\(name) \(file.size) \(file.modified)")
        }
    }
    return String(Digest.sha256(Array(parts.map { "\($0.utf8.count):\($0)" }.joined().utf8)).prefix(24))
}
